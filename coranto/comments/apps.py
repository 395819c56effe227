from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "coranto.comments"
    label = "comments"

    def ready(self) -> None:
        from coranto.comments import edge

        edge.connect()
