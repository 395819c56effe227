from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
from wagtail.fields import StreamField
from wagtail.models import Orderable, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from coranto.kit import clock
from coranto.masthead.models import SitePage
from coranto.newsroom import rules
from coranto.newsroom.blocks import BodyBlock
from coranto.newsroom.models.sections import Topic
from coranto.newsroom.rules import ChangeKind, CommentPolicy, NotePlace, Relation, Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from wagtail.models import Revision


class EmbargoedError(ValidationError):
    """An article must not be published before `until`. Wagtail's forms and its interface show it as a sentence."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(_("This article is under embargo: nothing publishes it before the embargo ends."))


# A list of twenty would read twenty bodies, and three times as many columns as it shows.
SHOWN_IN_LISTS: Final = (
    "title",
    "slug",
    "url_path",
    "live",
    "first_published_at",
    "standfirst",
    "visibility",
    "picture_caption",
    *(
        f"picture__{name}"
        for name in (
            *("title", "file", "width", "height", "description", "caption", "credit"),
            *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
        )
    ),
)


class ArticleQuerySet(PageQuerySet):
    def public(self) -> ArticleQuerySet:
        """Articles anybody may read."""
        return self.live().filter(visibility=Visibility.PUBLIC)

    def for_headlines(self) -> ArticleQuerySet:
        """With what a list shows of an article that does not say who wrote it, in two queries."""
        return self.only(*SHOWN_IN_LISTS).select_related("picture").prefetch_related("picture__renditions")

    def for_cards(self) -> ArticleQuerySet:
        """With all a list shows of an article, in four queries."""
        bylines = Prefetch("bylines", ArticleAuthor.objects.select_related("author"))
        return self.for_headlines().prefetch_related(bylines, "credits")


class Article(SitePage):
    """An article. Its main section is the page it stands under; `title` is the headline.

    Each publication writes an immutable `ArticleVersion` in the same transaction, whoever publishes: an
    editor, the clock, an import, a copy.
    """

    standfirst = models.CharField(
        _("standfirst"),
        max_length=500,
        blank=True,
        help_text=_("One sentence under the headline that says what the article says."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True, use_json_field=True)
    picture = models.ForeignKey(
        "masthead.Picture",
        verbose_name=_("main picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_caption = models.CharField(
        _("caption here"), max_length=500, blank=True, help_text=_("Empty: the picture's own.")
    )
    further_sections = ParentalManyToManyField(
        "newsroom.Section", verbose_name=_("further sections"), blank=True, related_name="+"
    )
    topics = ClusterTaggableManager(
        verbose_name=_("topics"),
        through="newsroom.ArticleTopic",
        blank=True,
        help_text=_("Separate with commas."),
    )
    comment_policy = models.CharField(
        _("comments"), max_length=6, choices=CommentPolicy.choices, default=CommentPolicy.OPEN
    )
    visibility = models.CharField(
        _("who may read it"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    password = models.CharField(_("password"), max_length=100, blank=True)
    updated_at = models.DateTimeField(_("last updated"), null=True, blank=True)
    change_kind = models.CharField(
        _("what you changed"),
        max_length=13,
        blank=True,
        default="",
        choices=[each for each in ChangeKind.choices if each[0] != ChangeKind.FIRST],
        help_text=_("Of an article that is out already. A typing error leaves the date alone."),
    )
    change_passage = models.TextField(
        _("which passage"),
        blank=True,
        help_text=_("Of a correction or clarification, as it reads now. Empty: the whole article."),
    )
    change_note = models.TextField(
        _("note to readers"),
        blank=True,
        help_text=_("What was wrong and what is right; kept with the version."),
    )
    change_note_place = models.CharField(
        _("place of the note"), max_length=4, choices=NotePlace.choices, default=NotePlace.FOOT
    )
    embargoed_until = models.DateTimeField(
        _("embargo"),
        null=True,
        blank=True,
        help_text=_("The source's condition: nothing publishes this article before then."),
    )
    desk_note = models.TextField(
        _("note for colleagues"), blank=True, help_text=_("Readers never see it; it stands in no published version.")
    )
    views_before = models.PositiveBigIntegerField(
        _("views before the move"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("As counted by the system this article was moved in from."),
    )

    objects: ClassVar[Any] = PageManager.from_queryset(ArticleQuerySet)()

    parent_page_types = ["newsroom.Section"]
    subpage_types: list[str] = []
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("standfirst", boost=1.5),
        index.SearchField("indexed_body"),
        index.SearchField("indexed_names"),
        index.FilterField("visibility"),
    ]

    class PreviewMode(models.TextChoices):
        READER = "", _("As readers see it")
        DARK = "dark", _("In dark colours")
        MEMBER = "member", _("As a member sees it")
        LISTS = "lists", _("In lists")

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            # The few that have one, for the calendar; without it each look would read every body.
            models.Index("embargoed_until", name="article_embargo", condition=Q(embargoed_until__isnull=False))
        ]

    def is_top_level(self) -> bool:
        return False

    def clean(self) -> None:
        super().clean()
        if self.visibility == Visibility.PASSWORD and not self.password:
            raise ValidationError({"password": _("Choose the password that opens this article.")})
        self._clean_embargo()

    def _clean_embargo(self) -> None:
        if not self.is_under_embargo(clock.now()):
            return
        if self.live and self.first_published_at:
            raise ValidationError(
                {"embargoed_until": _("This article is out already. Withdraw it first, then set an embargo.")}
            )
        if self.go_live_at and self.go_live_at < self.embargoed_until:
            raise ValidationError(
                {"go_live_at": _("The embargo ends later than this. Choose its end or a later time.")}
            )

    def held_until(self, at: datetime) -> datetime | None:
        """The end of the embargo, where it has not ended at that moment."""
        return self.embargoed_until if self.embargoed_until and at < self.embargoed_until else None

    def is_under_embargo(self, at: datetime) -> bool:
        return self.held_until(at) is not None

    @property
    def preview_modes(self) -> list[Any]:
        return self.PreviewMode.choices

    @property
    def default_preview_mode(self) -> str:
        """What is locked is written before it is looked at from outside: its words come first."""
        public = self.visibility == Visibility.PUBLIC
        return (self.PreviewMode.READER if public else self.PreviewMode.MEMBER).value

    @property
    def headline(self) -> str:
        return self.title

    @property
    def section_slug(self) -> str:
        return self.address.split("/")[1]

    @property
    def is_public(self) -> bool:
        return bool(self.live and self.visibility == Visibility.PUBLIC)

    @property
    def raw_body(self) -> list[dict[str, Any]]:
        """The body's blocks as stored: dictionaries with `type`, `value` and `id`."""
        return list(self.body.raw_data)

    @property
    def body_text(self) -> str:
        return rules.text_of_body(self.raw_body)

    # The search index reads each of its fields three times: what it is told is worked out once.

    @cached_property
    def indexed_body(self) -> str:
        return self.body_text

    @cached_property
    def indexed_names(self) -> str:
        """Authors and the people of credits. Asks the database."""
        names = [byline.author.name for byline in self.bylines.select_related("author")]
        return ", ".join([*names, *(name for credit in self.credits.all() for name in credit.people_list)])

    # An embargo belongs to the article, as a lock does, and not to one of its drafts: it binds from the moment
    # somebody writes it down, whichever draft the clock or a colleague is about to publish.

    def with_content_json(self, content: Mapping[str, Any]) -> Article:
        article: Article = super().with_content_json(content)
        article.embargoed_until = self.embargoed_until
        return article

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None and self.live and (until := self.held_until(clock.now())):
            raise EmbargoedError(until)  # whoever publishes, by whatever way: here all of them end
        if fields and "latest_revision" in fields:
            kwargs["update_fields"] = [*fields, "embargoed_until"]
        super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """Publish a draft or schedule it. Raises `EmbargoedError` for a time before the embargo ends."""
        # Wagtail publishes without a transaction: the article, its version and its places in lists are one
        # act here. The version is written by the receiver of Wagtail's signal, which copies send as well.
        with transaction.atomic():
            self.refresh_from_db(fields=["embargoed_until"])
            planned = self._meta.get_field("go_live_at").to_python(revision.content.get("go_live_at"))
            if until := self.held_until(max(clock.now(), planned) if planned else clock.now()):
                raise EmbargoedError(until)
            return super().publish(revision, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return super().unpublish(*args, **kwargs)


class ArticleAuthor(Orderable):
    """A name in the byline, in order."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(
        "newsroom.Author", verbose_name=_("author"), on_delete=models.PROTECT, related_name="bylines"
    )

    class Meta(Orderable.Meta):
        verbose_name = _("author")
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="named_once_in_a_byline")]

    def __str__(self) -> str:
        return str(self.author)


class ArticleTopic(ItemBase):
    content_object = ParentalKey(Article, on_delete=models.CASCADE, related_name="tagged_topics")
    # Named by class: taggit reads it before a name would be resolved.
    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="tagged_articles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="about_a_topic_once")]


class Credit(Orderable):
    """Where a syndicated piece comes from, as data: who wrote it, who carried it, on what terms."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="credits")
    relation = models.CharField(_("relation"), max_length=15, choices=Relation.choices)
    people = models.TextField(_("people"), blank=True, help_text=_("One name a line."))
    outlet = models.CharField(_("outlet"), max_length=150, blank=True)
    original_url = models.URLField(_("original address"), blank=True, max_length=1000)
    licence = models.CharField(
        _("licence or permission"),
        max_length=300,
        blank=True,
        help_text=_("Such as: CC BY-SA 4.0, or: by permission of the author, 3 May."),
    )
    canonical_is_original = models.BooleanField(
        _("search engines are sent to the original"),
        default=False,
        help_text=_("When the licence or the permission asks for it."),
    )
    dated_on = models.DateField(_("date of the original"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("credit")
        verbose_name_plural = _("credits")

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {', '.join(self.people_list) or self.outlet}"

    def clean(self) -> None:
        super().clean()
        if not self.people_list and not self.outlet.strip():
            raise ValidationError(_("Name the people or the outlet this piece comes from."))
        if self.canonical_is_original and not self.original_url:
            raise ValidationError({"original_url": _("Search engines need the original's address.")})

    @property
    def people_list(self) -> Sequence[str]:
        return rules.people_of(self.people)
