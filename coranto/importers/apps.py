from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "coranto.importers"
    label = "importers"
