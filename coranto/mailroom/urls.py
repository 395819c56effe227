from __future__ import annotations

from django.urls import path

from coranto.mailroom import views

urlpatterns = [
    path("-/hooks/mail/", views.mail_hook, name="mailroom_hook"),
    path("-/hooks/mail/<slug:provider>/", views.provider_hook, name="mailroom_provider_hook"),
]
