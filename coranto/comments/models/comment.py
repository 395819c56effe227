from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.comments.rules.cursors import MAX_DEPTH, PATH_STEP

__all__ = ["MAX_DEPTH", "PATH_STEP", "STANDING", "Comment", "CommentQuerySet"]


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> CommentQuerySet:
        return self.filter(state=Comment.State.APPROVED)

    def shown(self) -> CommentQuerySet:
        """What has a place on the page: approved comments, and tombstones of those that are gone."""
        # As `= 1`: of a condition that is the bare column SQLite makes no use in an index, and sorts all there are.
        return self.filter(is_shown__in=[True])

    def of_article(self, article_id: int) -> CommentQuerySet:
        return self.filter(article_id=article_id)

    def with_article(self) -> CommentQuerySet:
        """Each with the article it stands below, without the text of that."""
        return self.select_related("article").defer("article__body")

    def in_order(self) -> CommentQuerySet:
        """Threads as they are read: each reply below what it replies to."""
        return self.order_by("path")


class Comment(models.Model):
    """A reader's words under an article.

    `path` is the chain of ids from the root, each in 12 digits: sorting by it gives the threads in order,
    and adding a reply never touches another row's place. A chain longer than `MAX_DEPTH` goes on at that depth.

    `shown_below` counts the comments below that stand (approved, or removed by their writers after that). It and
    `is_shown` follow from states alone; `operations.change_states` keeps them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its writer to confirm the address")
        HELD = "held", _("held")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        BINNED = "binned", _("binned")
        REMOVED = "removed", _("removed by its writer")

    article = models.ForeignKey(
        "newsroom.Article", verbose_name=_("article"), on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replies")
    root = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="thread", db_index=False
    )
    path = models.CharField(max_length=PATH_STEP * MAX_DEPTH, editable=False)
    depth = models.PositiveSmallIntegerField(default=1, editable=False)
    account = models.ForeignKey(
        "masthead.Account",
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
    )
    author_name = models.CharField(_("name"), max_length=150)
    author_email = models.EmailField(_("e-mail address"), blank=True, max_length=254)
    author_url = models.URLField(_("website"), blank=True, max_length=500)
    avatar_seed = models.CharField(max_length=16, blank=True, editable=False)
    commenter = models.CharField(max_length=16, blank=True, editable=False)
    origin = models.CharField(max_length=16, blank=True, editable=False)
    source = models.TextField(_("words"), blank=True, help_text=_("As they were typed; empty for what was moved in."))
    html = models.TextField(_("text"), help_text=_("Sanitised when it was written."))
    digest = models.CharField(max_length=16, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.HELD)
    held_because = models.CharField(_("held because"), max_length=200, blank=True, editable=False)
    score = models.FloatField(_("score"), null=True, blank=True, editable=False)
    shown_below = models.PositiveIntegerField(default=0, editable=False)
    is_shown = models.BooleanField(default=False, editable=False)
    written_at = models.DateTimeField(_("written"))
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comments", _("Can decide about readers' comments"))]
        indexes = [
            models.Index(fields=["article", "is_shown", "path"], name="comment_oldest"),
            models.Index(fields=["article", "is_shown", "-root", "path"], name="comment_newest"),
            models.Index(fields=["root", "is_shown", "path"], name="comment_thread"),
            models.Index(fields=["article", "depth", "-shown_below", "id"], name="comment_replied"),
            models.Index(fields=["article", "state", "written_at"], name="comment_states"),
            models.Index(fields=["state", "id"], name="comment_queue"),
            models.Index(fields=["commenter", "written_at"], name="comment_commenter"),
            # Whole, though many are empty: SQLite takes a partial one for no value it does not know beforehand.
            models.Index(fields=["origin", "written_at"], name="comment_origin"),
            models.Index(fields=["digest", "written_at"], name="comment_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.written_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever saves one row by itself finds it shown or not as its state says."""
        self.is_shown = self.stands or self.shown_below > 0
        super().save(*args, **kwargs)

    @property
    def stands(self) -> bool:
        """Whether it has a place of its own on the page, whatever is below it."""
        return self.state in STANDING

    @property
    def is_approved(self) -> bool:
        return self.state == Comment.State.APPROVED

    @property
    def is_removed(self) -> bool:
        """Whether its writer took it back, which is said; what the editors took away is not told."""
        return self.state == Comment.State.REMOVED

    @property
    def reasons(self) -> list[str]:
        return self.held_because.split()


STANDING: Final = (Comment.State.APPROVED, Comment.State.REMOVED)
