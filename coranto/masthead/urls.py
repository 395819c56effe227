from django.urls import path

from coranto.masthead.views import media, setup

urlpatterns = [
    path("media/<path:name>", media.serve, name="media"),
    path("-/setup/<str:token>/", setup.setup, name="setup"),
]
