from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.comments.rules.following import Pace
from coranto.mailroom.rules.addresses import folded

if TYPE_CHECKING:
    from datetime import datetime


class FollowerQuerySet(models.QuerySet["Follower"]):
    def of_account(self, account_id: int, address: str) -> FollowerQuerySet:
        """What this account follows, and what the holder of its address followed as a guest."""
        own = models.Q(account=account_id)
        # An empty one is that of every follower with an account.
        return self.filter(own | models.Q(address=folded(address)) if address.strip() else own)

    def with_account_at(self, address: str) -> FollowerQuerySet:
        return self.filter(account__email__iexact=address.strip()) if address.strip() else self.none()

    def written_to_at(self, address: str) -> FollowerQuerySet:
        """Whoever hears at this address, as a guest or by an account."""
        own = models.Q(address=folded(address)) | models.Q(account__email__iexact=address.strip())
        return self.filter(own) if address.strip() else self.none()


class Follower(models.Model):
    """Whoever is told of comments by mail: a reader by the account, a guest by the address, in lower case.

    The row outlives what it follows for some days, so that the links in the last mail still find it.
    """

    account = models.OneToOneField(
        "masthead.Account", null=True, editable=False, on_delete=models.CASCADE, related_name="follower"
    )
    address = models.EmailField(_("e-mail address"), blank=True, max_length=254)
    asked_at = models.DateTimeField(_("asked"))
    free_at = models.DateTimeField(null=True, editable=False)
    day_began_at = models.DateTimeField(null=True, editable=False)
    mails_that_day = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=~models.Q(address=""), name="follower_once"),
            models.CheckConstraint(
                condition=models.Q(account=None) ^ models.Q(address=""), name="follower_by_account_or_address"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="follower_asked")]

    def __str__(self) -> str:
        return self.mailed_to

    @property
    def pace(self) -> Pace:
        return Pace(self.day_began_at, self.mails_that_day, self.free_at)

    @property
    def mailed_to(self) -> str:
        return self.account.email if self.account else self.address


class FollowQuerySet(models.QuerySet["Follow"]):
    def confirmed(self) -> FollowQuerySet:
        return self.filter(confirmed_at__isnull=False)

    def with_article(self) -> FollowQuerySet:
        """Each with the article that is followed, without the text of that."""
        return self.select_related("article").defer("article__body")

    def unconfirmed_since(self, moment: datetime) -> FollowQuerySet:
        return self.filter(confirmed_at=None, asked_at__lt=moment)


class Follow(models.Model):
    """One follower wants to hear of one article's comments. Until it is confirmed nobody hears anything.

    `heard_until` is the last approval that was looked at for them, told or not.
    """

    class What(models.TextChoices):
        ALL = "all", _("new comments")
        REPLIES = "replies", _("replies to mine")

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="follows", db_index=False)
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="follows")
    what = models.CharField(_("notify of"), max_length=7, choices=What.choices, default=What.ALL)
    heard_until = models.BigIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed thread")
        verbose_name_plural = _("followed threads")
        constraints = [models.UniqueConstraint(fields=["follower", "article"], name="followed_once")]
        indexes = [models.Index(fields=["asked_at"], name="follow_asked", condition=models.Q(confirmed_at=None))]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.get_what_display()}"


class Approval(models.Model):
    """When a comment was first shown, in the order in which comments were: what there is to tell followers.

    One for each comment, and for good: shown again after it was taken away, it is no news to whoever heard of it.
    """

    comment = models.OneToOneField("comments.Comment", on_delete=models.CASCADE, related_name="approval")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="approvals", db_index=False)
    at = models.DateTimeField()
    was_told = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = [
            models.Index(fields=["article", "id"], name="approval_of_article"),
            models.Index(fields=["at"], name="approval_at"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} ({self.at:%Y-%m-%d %H:%M})"
