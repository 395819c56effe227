from django.urls import path

from coranto.theme import views

urlpatterns = [
    path("-/colours.css", views.colours, name="colours"),
]
