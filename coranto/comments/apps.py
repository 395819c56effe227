from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "coranto.comments"
    label = "comments"
