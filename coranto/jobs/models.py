"""What deferred work leaves behind: who holds a task, what failed for good, when regular work is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.jobs.rules import leases

if TYPE_CHECKING:
    from datetime import datetime


class LeaseQuerySet(models.QuerySet["Lease"]):
    def run_out(self, now: datetime) -> LeaseQuerySet:
        """Leases whose worker is gone.

        One that ends later than any worker would take it is a leftover from before the clock was set back.
        """
        return self.filter(models.Q(leased_until__lte=now) | models.Q(leased_until__gt=now + leases.LONGEST_LEASE))

    def waiting(self, now: datetime) -> LeaseQuerySet:
        """Leases of tasks that failed and may not be tried again yet."""
        return self.filter(retry_at__gt=now, retry_at__lte=now + leases.LONGEST_WAIT)


class Lease(models.Model):
    """The state of one task that was claimed or failed; gone once the task is finished.

    Held while `leased_until` is set; the worker moves it on while it is alive. `attempts` counts claims.
    """

    task = models.OneToOneField(
        "django_tasks_database.DBTaskResult",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="lease",
    )
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, db_index=True)
    retry_at = models.DateTimeField(null=True, db_index=True)
    last_error = models.TextField(blank=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.task_id} ({self.attempts})"


class FailureQuerySet(models.QuerySet["Failure"]):
    def unresolved(self) -> FailureQuerySet:
        return self.filter(resolved_at=None)


class Failure(models.Model):
    """A task that was given up. It stays when the task's own row is pruned."""

    task_id = models.UUIDField(_("task"), unique=True)
    task_path = models.CharField(_("work"), max_length=255)
    arguments = models.JSONField(_("arguments"), default=dict)
    exception_class = models.CharField(_("error"), max_length=255)
    message = models.TextField(_("message"), blank=True)
    traceback = models.TextField(_("traceback"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"))
    failed_at = models.DateTimeField(_("failed"), db_index=True)
    resolved_at = models.DateTimeField(_("done with"), null=True, blank=True, db_index=True)

    objects = FailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed work")
        verbose_name_plural = _("failed work")

    def __str__(self) -> str:
        return f"{self.task_path} ({self.failed_at:%Y-%m-%d %H:%M})"


class BeatQuerySet(models.QuerySet["Beat"]):
    def free(self, now: datetime) -> BeatQuerySet:
        """Beats that no living worker is running."""
        return self.filter(
            models.Q(leased_until=None)
            | models.Q(leased_until__lte=now)
            | models.Q(leased_until__gt=now + leases.LONGEST_LEASE)
        )


class Beat(models.Model):
    """One piece of regular work: when it last ran, when it is due, what went wrong."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    last_run_at = models.DateTimeField(_("last run"), null=True)
    next_run_at = models.DateTimeField(_("next run"))
    worker = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = BeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("regular work")
        verbose_name_plural = _("regular work")

    def __str__(self) -> str:
        return self.name


class Limit(models.Model):
    """How often something happened in the current window. On SQLite it lives in the second file."""

    key = models.CharField(max_length=200, primary_key=True)
    window_started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return self.key
