from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.newsroom.rules import ChangeKind, NotePlace, Visibility


class VersionIsFinal(Exception):  # noqa: N818 - it states a fact about the row, not an accident
    """A published version can neither be changed nor removed."""


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def noted(self) -> ArticleVersionQuerySet:
        """Corrections and clarifications."""
        return self.filter(noted_at__isnull=False)

    def not_withdrawn(self) -> ArticleVersionQuerySet:
        return self.exclude(models.Exists(VersionWithdrawal.objects.in_force().filter(version=models.OuterRef("pk"))))


class ArticleVersion(models.Model):
    """What was published, to the byte: canonical JSON (RFC 8785) and its SHA-256.

    Written in the same transaction as the publication. The database refuses UPDATE and DELETE by triggers
    (migrations 0003 and 0009); a version outlives its article, hence the foreign key without a constraint.
    """

    article = models.ForeignKey(
        "newsroom.Article", on_delete=models.DO_NOTHING, db_constraint=False, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    kind = models.CharField(_("kind of change"), max_length=13, choices=ChangeKind.choices)
    note = models.TextField(_("note"), blank=True)
    noted_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was published, of corrections and clarifications alone."
    )
    passage = models.TextField(_("passage"), blank=True, help_text=_("Empty: the whole article."))
    note_place = models.CharField(_("place of the note"), max_length=4, choices=NotePlace.choices, blank=True)
    visibility = models.CharField(
        _("who could read it"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    document = models.BinaryField(_("document"))
    sha256 = models.CharField("SHA-256", max_length=64)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once"),
        ]
        indexes = [
            # The few with a note, for the list of all of them.
            models.Index(
                models.F("noted_at").desc(),
                models.F("id").desc(),
                name="version_noted",
                condition=models.Q(noted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise VersionIsFinal
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise VersionIsFinal


class VersionWithdrawalQuerySet(models.QuerySet["VersionWithdrawal"]):
    def in_force(self) -> VersionWithdrawalQuerySet:
        return self.filter(restored_at=None)


class VersionWithdrawal(models.Model):
    """That a version's words are shown to nobody any more, and why; the version itself stays as it is.

    A withdrawal that was undone stays as well, with who undid it.
    """

    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(_("reason, for readers"), max_length=500)
    withdrawn_at = models.DateTimeField(_("withdrawn"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    restored_at = models.DateTimeField(_("shown again"), null=True, blank=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VersionWithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal of a version")
        verbose_name_plural = _("withdrawals of versions")
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(restored_at=None), name="version_withdrawn_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.reason}"
