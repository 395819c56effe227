from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "coranto.theme"
    label = "theme"
