"""What leads from one article to others: what an editor chose, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from coranto.newsroom.likeness import TERM_LENGTH
from coranto.newsroom.models.article import Article

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_READ_NEXT: Final = 8


class ReadNext(Orderable):
    """An article the editor wants read after this one, in order."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="read_next")
    other = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("article to read next")
        verbose_name_plural = _("articles to read next")
        constraints = [models.UniqueConstraint(fields=["article", "other"], name="read_next_once")]

    def __str__(self) -> str:
        return str(self.other)


class RelatedArticle(models.Model):
    """An article that speaks of the same, as far as counting can tell. Derived: `operations.relate_waiting`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related", db_index=False)
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_to", db_index=False)
    nearness = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "other"], name="related_once")]
        # Whose lists it stands in, the newest first; of those there may be many.
        indexes = [models.Index("other", models.F("article").desc(), name="related_to_newest")]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.other_id}: {self.nearness:.2f}"


class ArticleTerm(models.Model):
    """One of the few terms that tell an article from others, and how much it does. Derived."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="terms", db_index=False)
    term = models.CharField(max_length=TERM_LENGTH)
    weight = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "term"], name="term_of_an_article_once")]
        # The newest that hold a term are found without a look at the others.
        indexes = [models.Index("term", models.F("article").desc(), name="term_holders")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.term}"


class ArchiveTerm(models.Model):
    """In how many articles a term occurs at all; the empty one says how many were counted. Derived."""

    term = models.CharField(max_length=TERM_LENGTH)
    articles = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term"], name="term_of_the_archive_once")]

    def __str__(self) -> str:
        return f"{self.term}: {self.articles}"


class ArticleToRelateQuerySet(models.QuerySet["ArticleToRelate"]):
    def put(self, articles: Iterable[int], turn: ArticleToRelate.Turn) -> None:
        """Have these articles wait from the beginning, whether or not they wait already.

        Written over and not left alone: whoever is at work on the row right now must find that there is more to do.
        """
        rows = [ArticleToRelate(article_id=pk, turn=turn) for pk in sorted(set(articles))]
        self.bulk_create(
            rows, update_conflicts=True, update_fields=["step", "turn"], unique_fields=["article"], batch_size=300
        )


class ArticleToRelate(models.Model):
    """An article that was published or withdrawn and waits to be related to others: what is left to do with it."""

    class Step(models.IntegerChoices):
        COUNT = 0, _("count its terms")
        WEIGH = 1, _("weigh its terms")
        RELATE = 2, _("find what is near it")

    class Turn(models.IntegerChoices):
        NOW = 0, _("published")
        LATER = 1, _("of an archive")

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Step.choices, default=Step.COUNT)
    turn = models.PositiveSmallIntegerField(choices=Turn.choices, default=Turn.NOW)

    objects: ClassVar[Any] = ArticleToRelateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("step", "turn", "article", name="to_relate_in_order")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.get_step_display()}"
