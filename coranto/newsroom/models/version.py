from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.newsroom.rules import ChangeKind


class VersionIsFinal(Exception):  # noqa: N818 - it states a fact about the row, not an accident
    """A published version can neither be changed nor removed."""


class ArticleVersion(models.Model):
    """What was published, to the byte: canonical JSON (RFC 8785) and its SHA-256.

    Written in the same transaction as the publication. The database refuses UPDATE and DELETE by triggers
    (migration 0003); a version outlives its article, hence the foreign key without a constraint.
    """

    article = models.ForeignKey(
        "newsroom.Article", on_delete=models.DO_NOTHING, db_constraint=False, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    kind = models.CharField(_("kind of change"), max_length=13, choices=ChangeKind.choices)
    note = models.TextField(_("note"), blank=True)
    document = models.BinaryField(_("document"))
    sha256 = models.CharField("SHA-256", max_length=64)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise VersionIsFinal
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise VersionIsFinal
