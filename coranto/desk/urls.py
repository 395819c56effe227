from django.urls import path

from coranto.desk.views import roles

urlpatterns = [
    path("welcome/<uidb64>/<token>/", roles.WelcomeView.as_view(), name="desk_welcome"),
]
