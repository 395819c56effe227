from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from coranto.newsroom.models.listing import Listing


class AuthorQuerySet(models.QuerySet["Author"]):
    def published(self) -> AuthorQuerySet:
        """Authors of something the public may read; a name that stands over drafts only is nobody's business."""
        return self.filter(Listing.objects.having(Listing.Kind.AUTHOR))


class Author(index.Indexed, ClusterableModel):
    """Whose name stands over articles: of the house or from outside. Nobody needs to sign in for that."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address"), max_length=150, unique=True, allow_unicode=True)
    role = models.CharField(_("role"), max_length=150, blank=True, help_text=_("Such as: economy editor."))
    biography = models.TextField(_("biography"), blank=True, help_text=_("Paragraphs, with an empty line between."))
    picture = models.ForeignKey(
        "masthead.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text=_("If this author also signs in."),
    )

    objects = AuthorQuerySet.as_manager()

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"/authors/{self.slug}/"


class AuthorLink(Orderable):
    """Where else the author is found; also published as `rel="me"`."""

    author = ParentalKey(Author, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("label"), max_length=60)
    url = models.URLField(_("address"))

    class Meta(Orderable.Meta):
        verbose_name = _("link")
