"""A small newsroom with one of everything, the addresses readers know of it, and what happens there."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.conf import settings
from PIL import Image

from coranto.comments import operations as comments
from coranto.feeds.rules import part_of
from coranto.jobs import operations as jobs
from coranto.kit import clock
from coranto.masthead import operations as masthead
from coranto.masthead.models import Account, ChannelLink, NavigationLink, Picture, PlainPage, Publication
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import (
    Article,
    ArticleAuthor,
    ArticleTopic,
    Author,
    FrontPage,
    Section,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import time_machine

BEGINNING = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORDS = "tram"


class Town:
    """What stands in the database; everything else asks it anew."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller
        self.numbers = count(1)
        self.known: set[str] = set()
        self.front = FrontPage.objects.get()
        self.pictures = self._draw_pictures()
        self._found()
        self.run_tasks()
        self.look_around()
        self.began_at = clock.now()

    def number(self) -> int:
        return next(self.numbers)

    def editor(self) -> Account:
        return Account.objects.get_or_create(email="abe@lantern.example", is_superuser=True)[0]

    def pass_time(self, by: timedelta) -> None:
        self.traveller.shift(by)

    def run_tasks(self) -> None:
        """What a worker does: the search index is written by it."""
        while (claim := jobs.claim_task(worker="town", now=clock.now())) is not None:
            assert jobs.run_task(claim=claim)

    # What there is ---------------------------------------------------------------------------------------------

    def articles(self) -> list[Article]:
        return list(Article.objects.order_by("pk"))

    def sections(self) -> list[Section]:
        return list(Section.objects.order_by("pk"))

    def authors(self) -> list[Author]:
        return list(Author.objects.order_by("pk"))

    def topics(self) -> list[Topic]:
        return list(Topic.objects.order_by("pk"))

    def plain_pages(self) -> list[PlainPage]:
        return list(PlainPage.objects.order_by("pk"))

    def look_around(self) -> list[str]:
        """Every address there is or ever was, as a reader would have it."""
        pages: list[Any] = [*self.articles(), *self.sections(), *self.authors(), *self.topics(), *self.plain_pages()]
        self.known |= {each.address for each in pages}
        self.known |= {"/", "/latest/", "/authors/", "/?p=12", "/nowhere/", "/old/path/"}
        self.known |= {"/how-we-count/"}
        self.known |= {f"/search/?q={WORDS}", f"/search/?q={WORDS}&sort=date&section=city", "/search/?q=trma"}
        self.known |= {f"/search/?q={WORDS}&author=ben-ode"}
        self.known |= {"/trending/"}
        # Whole articles that are read after another; no page is made of them.
        self.known |= {f"/-/fragments/piece/?article={each.pk}" for each in self.articles()[:2]}
        middle = f"{int((BEGINNING - timedelta(hours=3)).timestamp()) * 1_000_000}-99"
        self.known |= {f"{each.address}?before={middle}" for each in self.sections()[:1]}
        # Not for every article: a page of its past is rendered for every act of this test.
        past = [each.address for each in self.articles()[:2]]
        self.known |= {f"{each}history/" for each in past} | {f"{past[0]}history/?from=1&to=2"}
        self.known |= {f"{past[0]}history/{number}/" for number in (1, 2)} | {f"{past[0]}history/1/version.json"}
        self.known |= {"/corrections/", "/corrections/?before=9999999999999999-99"}
        self.known |= {"/rss.xml", "/corrections/atom.xml", "/sitemap.xml", "/sitemap-0.xml", "/news-sitemap.xml"}
        self.known |= {f"/sitemap-{part_of(each.pk)}.xml" for each in [*self.articles(), *self.sections()]}
        self.known |= {f"/sitemap-authors-{part_of(each.pk)}.xml" for each in self.authors()}
        self.known |= {f"/sitemap-topics-{part_of(each.pk)}.xml" for each in self.topics()}
        self.known |= {"/robots.txt", "/ads.txt"}
        self.known |= {f"{each.address}atom.xml" for each in self.sections()[:2]}
        self.known |= {f"{each.address}feed.json" for each in [*self.authors()[:1], *self.topics()[:1]]}
        self.known |= {
            f"{each.address}?comments={sort}" for each in self.articles()[:1] for sort in ("newest", "replied")
        }
        self.known |= {f"/-/oembed?url={settings.ORIGIN}{each.address}" for each in self.articles()[:1]}
        return sorted(self.known)

    # How it began ----------------------------------------------------------------------------------------------

    def _found(self) -> None:
        logo, harbour, tram, portrait = self.pictures
        Publication(name="The Lantern", tagline="Light", logo=logo).save()
        news, city = self.make_section("News"), self.make_section("City")
        trams = self.make_section("Trams", parent_section=city)
        ada = Author.objects.create(name="Ada Thorne", slug="ada-thorne", biography="She writes.", picture=portrait)
        ben = Author.objects.create(name="Ben Ode", slug="ben-ode")
        Author.objects.create(name="Nobody Yet", slug="nobody-yet")
        harbours, rails = (Topic.objects.create(name=each, slug=each.lower()) for each in ("Harbour", "Rails"))
        about = self.make_page("About")
        self.make_page("Team", below=about, body=f'<p><a linktype="page" id="{about.pk}">Us</a></p>')
        first = self.write("The first tram", news, authors=[ada], topics=[rails], picture=tram)
        self.write("Second tram", news, authors=[ben, ada], topics=[harbours, rails], further=[city])
        self.write("City tram", city, authors=[ben], picture=harbour)
        self.write("Rails bend", trams, authors=[ada], topics=[rails], body=self.body_with(first, about, harbour))
        draft = self.write("Not yet", city, authors=[ben], publish=False)
        self.write("Under glass", city, authors=[ben], visibility="password", password="open")
        self.comment(first)
        publication = Publication.objects.get()
        publication.channels = [ChannelLink(label="Elsewhere", url="https://c.example/")]
        publication.navigation = [NavigationLink(place="foot", page=about), NavigationLink(place="foot", page=draft)]
        publication.save()

    @staticmethod
    def _draw_pictures() -> list[Picture]:
        drafts = [
            masthead.PictureDraft(
                source=png(colour), file_name=f"{colour}.png", caption=colour, alt=colour, credit="Us"
            )
            for colour in ("black", "blue", "red", "green")
        ]
        stored = masthead.store_pictures(drafts=drafts, by=None, now=clock.now())
        for picture in stored[:3]:
            masthead.make_renditions(picture=picture, now=clock.now())
        return stored

    # What editors make -----------------------------------------------------------------------------------------

    def make_section(self, title: str, **fields: Any) -> Section:
        section = Section(title=title, slug=title.lower(), **fields)
        self.front.refresh_from_db()
        self.front.add_child(instance=section)
        section.save_revision().publish()
        return section

    def make_page(self, title: str, *, below: PlainPage | None = None, body: str = "<p>Who we are.</p>") -> PlainPage:
        page = PlainPage(title=title, slug=title.lower(), body=body)
        parent = below or self.front
        parent.refresh_from_db()
        parent.add_child(instance=page)
        page.save_revision().publish()
        return page

    def write(
        self,
        headline: str,
        section: Section,
        *,
        authors: Iterable[Author] = (),
        topics: Iterable[Topic] = (),
        further: Sequence[Section] = (),
        body: list[dict[str, Any]] | None = None,
        publish: bool = True,
        **fields: Any,
    ) -> Article:
        self.pass_time(timedelta(seconds=7))
        number = self.number()
        article = Article(
            title=headline,
            slug=f"{headline.lower().replace(' ', '-')}-{number}",
            standfirst=f"About number {number}.",
            body=with_ids(body or [{"type": "paragraph", "value": f"<p>The {WORDS} left at {number}.</p>"}]),
            live=publish,
            **fields,
        )
        article.bylines = [ArticleAuthor(author=each, sort_order=n) for n, each in enumerate(authors)]
        article.tagged_topics = [ArticleTopic(tag=each) for each in topics]
        article.further_sections = list(further)
        section.refresh_from_db()
        section.add_child(instance=article)
        if publish:
            article.save_revision().publish()
        return article

    @staticmethod
    def body_with(article: Article, page: PlainPage, picture: Picture) -> list[dict[str, Any]]:
        """A body that refers to other things."""
        links = f'<p><a linktype="page" id="{article.pk}">this</a> and <a linktype="page" id="{page.pk}">that</a></p>'
        return [
            {"type": "paragraph", "value": links},
            {"type": "related", "value": {"article": article.pk, "label": ""}},
            {"type": "picture", "value": {"picture": picture.pk}},
            {"type": "placement", "value": {"kind": "newest", "options": "city"}},
        ]

    @staticmethod
    def edit(page: Any, **fields: Any) -> None:
        """Change a page as its form does, and publish it."""
        page = page.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(page, name, value)
        page.save_revision().publish()

    def comment(self, article: Article) -> None:
        draft = comments.CommentDraft(
            article_id=article.pk, author_name=f"Reader {self.number()}", html="<p>Well.</p>", state="approved"
        )
        comments.add_comments(drafts=[draft], now=clock.now())

    def arrange(self, front: FrontPage | Section, *blocks: dict[str, Any]) -> None:
        newsroom.arrange_front(front=type(front).objects.get(pk=front.pk), blocks=blocks, by=None)


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (360, 240), colour).save(file, "PNG")
    return file.getvalue()


def with_ids(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**block, "id": str(uuid.uuid4())} for block in blocks]
