from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

PATH_STEP = 12
MAX_DEPTH = 60


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> CommentQuerySet:
        return self.filter(state=Comment.State.APPROVED)

    def of_article(self, article_id: int) -> CommentQuerySet:
        return self.filter(article_id=article_id)

    def in_order(self) -> CommentQuerySet:
        """Threads as they are read: each reply below what it replies to."""
        return self.order_by("path")


class Comment(models.Model):
    """A reader's words under an article.

    `path` is the chain of ids from the root, each in 12 digits: sorting by it gives the threads in order,
    and adding a reply never touches another row. A chain longer than `MAX_DEPTH` goes on at that depth.
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        BINNED = "binned", _("binned")

    article = models.ForeignKey(
        "newsroom.Article", verbose_name=_("article"), on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    path = models.CharField(max_length=PATH_STEP * MAX_DEPTH, editable=False)
    depth = models.PositiveSmallIntegerField(default=1, editable=False)
    author_name = models.CharField(_("name"), max_length=150)
    author_email = models.EmailField(_("e-mail address"), blank=True, max_length=254)
    author_url = models.URLField(_("website"), blank=True, max_length=500)
    html = models.TextField(_("text"), help_text=_("Sanitised when it was written."))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.HELD)
    written_at = models.DateTimeField(_("written"))

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["article", "state", "path"], name="comment_threads")]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.written_at:%Y-%m-%d %H:%M}"
