from django.urls import path

from coranto.delivery import views

urlpatterns = [
    path("fragments/<slug:name>/", views.fragment, name="fragment"),
]
