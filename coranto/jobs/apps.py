from datetime import timedelta

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "coranto.jobs"
    label = "jobs"
    verbose_name = "Work"

    def ready(self) -> None:
        from coranto.jobs import operations
        from coranto.jobs.rules import periodic

        periodic.register("jobs.prune_finished", every=timedelta(hours=1), function=operations.prune_finished)
        periodic.register("jobs.prune_limits", every=timedelta(minutes=10), function=operations.prune_limits)
