# ruff: noqa: ANN001, ANN002, ANN003, ANN201 -- written as the tutorial of Wagtail writes it
"""A news site as Wagtail's tutorial builds one."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index


class SectionPage(Page):
    def get_context(self, request, *args, **kwargs):
        articles = ArticlePage.objects.live().child_of(self).order_by("-date", "-pk")
        return {**super().get_context(request, *args, **kwargs), "articles": articles[:20]}


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey("ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class ArticlePage(Page):
    standfirst = models.TextField(blank=True)
    date = models.DateTimeField()
    author = models.CharField(max_length=200, blank=True)
    body = StreamField(
        [("heading", CharBlock()), ("paragraph", RichTextBlock()), ("quote", RichTextBlock())], use_json_field=True
    )
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)

    search_fields = [*Page.search_fields, index.SearchField("standfirst"), index.SearchField("body")]
    content_panels = [*Page.content_panels, *map(FieldPanel, ("standfirst", "date", "author", "body", "tags"))]

    def get_context(self, request, *args, **kwargs):
        related = ArticlePage.objects.live().filter(tags__in=self.tags.all()).exclude(pk=self.pk)
        return {**super().get_context(request, *args, **kwargs), "related": related.distinct().order_by("-date")[:3]}
