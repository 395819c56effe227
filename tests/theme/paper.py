"""A small newspaper with one of everything, in any language, for tests that look at pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from coranto.masthead.models import Picture
    from coranto.newsroom.models import Article, Section

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
VIDEO = "https://www.youtube.com/watch?v=eel-ramp_01"
PLAYER = "https://www.youtube-nocookie.com/embed/eel-ramp_01?autoplay=1"


@dataclass(frozen=True)
class Words:
    """What a language's paper says."""

    name: str
    headline: str
    standfirst: str
    paragraph: str
    sections: tuple[str, str, str]


WORDS = {
    "en": Words(
        "The Estuary Lantern",
        "Overhead wire of the tramway was paid for twice, invoices show",
        "Vane Lines billed the city for copper wire that had been bought, strung and settled already.",
        "The wire that feeds the trams is as thick as a finger and lasts about fifteen years.",
        ("City", "Economy", "Opinion"),
    ),
    "de": Words(
        "Allgemeine Hafenzeitung",
        "Straßenbahnoberleitungsinstandhaltungsvertragsverlängerung doppelt abgerechnet",
        "Die Verkehrsgesellschaft stellte der Stadt den Fahrleitungsdraht zweimal in Rechnung.",
        "Der Fahrdraht der Donaudampfschifffahrtsgesellschaftskapitänsmützenlinie hält etwa fünfzehn Jahre.",
        ("Stadt", "Wirtschaftsberichterstattung", "Meinung"),
    ),
    "ar": Words(
        "فانوس المصب",
        "دُفع ثمن السلك العلوي للخط الثاني مرتين، كما تُظهر الفواتير",
        "فاتورة بقيمة 1.86 مليون عن سلك نحاسي سبق شراؤه وتركيبه وتسديد ثمنه.",
        "السلك الذي يغذي الترام بسماكة الإصبع ويدوم نحو خمسة عشر عامًا.",
        ("المدينة", "الاقتصاد", "الرأي"),
    ),
}


@dataclass(frozen=True)
class Paper:
    article: Article
    syndicated: Article
    bare: Article
    locked: Article
    section: Section


def print_paper(language: str = "en", *, articles: int = 12) -> Paper:
    """Fill an empty site; the article with everything is the newest of those with a picture."""
    words = WORDS[language]
    _name_publication(words, language)
    sections = [_section(name) for name in words.sections]
    sections.append(_section("Harbour", parent_section=sections[1]))
    picture = _picture("Harbour at dusk", (1600, 1000))
    authors = [_author("Ada Thorne", picture), _author("Bruno Kellaway", None)]
    topics = [_topic("Trams"), _topic("Public money")]
    others = [
        _article(
            sections[number % 3],
            f"{words.headline} ({number})",
            standfirst=words.standfirst,
            body=[paragraph(words.paragraph)],
            hours_ago=10 + number * 5,
            authors=authors[:1],
            picture=picture if number % 2 else None,
        )
        for number in range(articles)
    ]
    bare = _article(sections[0], "Short", body=[], hours_ago=9, authors=[])
    locked = _article(
        sections[0],
        "Behind a door",
        body=[paragraph("Secret.")],
        hours_ago=8,
        authors=[],
        visibility="password",
        password="sesame",
    )
    syndicated = _article(
        sections[2],
        "Your orchard is not my scenery",
        standfirst=words.standfirst,
        body=[paragraph(words.paragraph)],
        hours_ago=7,
        authors=authors[1:],
        credits=[_credit()],
    )
    article = _article(
        sections[0],
        words.headline,
        standfirst=words.standfirst,
        body=every_block(words, picture, others[0] if others else bare),
        hours_ago=2,
        updated_at=NOON - timedelta(hours=1),
        authors=authors,
        topics=topics,
        further_sections=sections[1:2],
        picture=picture,
    )
    _comment_on(article)
    return Paper(article=article, syndicated=syndicated, bare=bare, locked=locked, section=sections[0])


def paragraph(text: str) -> dict[str, Any]:
    return block("paragraph", f"<p>{text}</p>")


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def every_block(words: Words, picture: Picture, related: Article) -> list[dict[str, Any]]:
    rows = [["Invoice", "Paid from", "Described as", "Marks"], ["VL-0417", "Works department", "Wire", "1,860,000"]]
    return [
        paragraph(words.paragraph),
        block("heading", {"text": "Same drums, different year", "level": "2"}),
        paragraph(f'{words.paragraph} <a href="https://records.example/vl">Records</a> <b>bold</b> <i>slanted</i>'),
        block("pull_quote", {"text": words.headline, "attribution": "Anselm Roque"}),
        block("heading", {"text": "A smaller matter", "level": "3"}),
        block("picture", {"picture": picture.pk, "caption": "On the quay", "credit": "Hal", "alt": "A quay"}),
        block(
            "quote",
            {"text": f"<p>{words.paragraph}</p>", "attribution": "WSJ", "source_url": "https://wsj.example/quoted"},
        ),
        block("list", {"ordered": True, "items": [{"type": "item", "value": "<p>First</p>", "id": "1"}]}),
        block("related", {"article": related.pk, "label": "Breaking"}),
        block("related", {"article": related.pk, "label": ""}),
        block("embed", {"url": VIDEO, "title": "Night at the eel ramp", "provider": "Lantern TV"}),
        block("embed", {"url": "https://radio.example/episode", "title": "", "provider": ""}),
        block(
            "table",
            {
                "data": [*rows, ["VL-0933", None, "Donaudampfschifffahrtsgesellschaft", "110,000"]],
                "cell": [],
                "mergeCells": [],
                "first_row_is_table_header": True,
                "first_col_is_header": True,
                "table_caption": "What the city was billed",
            },
        ),
        block("divider", None),
        block("html", "<h3>Kept</h3><table><tr><td>1</td></tr></table><blockquote><p>Said.</p></blockquote>"),
    ]


def _name_publication(words: Words, language: str) -> None:
    from coranto.masthead.models import ChannelLink, NavigationLink, Publication

    publication = Publication.objects.first() or Publication()
    publication.name, publication.tagline = words.name, words.standfirst
    publication.language, publication.time_zone = language, "Europe/London"
    publication.legal_lines = "Published by nobody.\nNothing here is true."
    publication.channels = [
        ChannelLink(label="Lantern TV", url="https://video.example/channel"),
        ChannelLink(label="In the fediverse", url="https://social.example/@lantern"),
    ]
    publication.navigation = [NavigationLink(place="foot", label="Contact", url="/contact/")]
    publication.save()


def _section(title: str, **fields: Any) -> Section:
    from django.utils.text import slugify

    from coranto.newsroom.models import FrontPage, Section

    slug = slugify(title) or f"section-{Section.objects.count()}"
    front = FrontPage.objects.get()
    return front.add_child(instance=Section(title=title, slug=slug, description=f"{title}.", **fields))


def _author(name: str, picture: Picture | None) -> Any:
    from coranto.newsroom.models import Author, AuthorLink

    author = Author(
        name=name,
        slug=name.lower().replace(" ", "-"),
        role="Reporter",
        picture=picture,
        biography=f"{name} has reported on the city for years.\n\nAnd lives there.",
    )
    author.links = [AuthorLink(label="Fediverse", url="https://social.example/@ada")]
    author.save()
    return author


def _topic(name: str) -> Any:
    from coranto.newsroom.models import Topic

    return Topic.objects.get_or_create(name=name)[0]


def _credit() -> Any:
    from coranto.newsroom.operations import CreditDraft

    return CreditDraft(
        relation="op-ed-via",
        people=["Agnes Pellory"],
        outlet="The Brackwater Courier",
        original_url="https://courier.example/orchard",
        licence="Reprinted with permission",
        canonical_is_original=True,
    )


def _picture(title: str, size: tuple[int, int]) -> Picture:
    from coranto.masthead import operations

    data = BytesIO()
    Image.new("RGB", size, "#466b78").save(data, "JPEG")
    draft = operations.PictureDraft(
        source=data.getvalue(),
        file_name="harbour.jpg",
        title=title,
        caption="The harbour at dusk.",
        alt="Cranes against an evening sky.",
        credit="Hal Winterbourne",
    )
    return operations.store_pictures(drafts=[draft], by=None, now=NOON)[0]


def _article(section: Section, headline: str, *, hours_ago: int, **fields: Any) -> Article:
    from coranto.newsroom import operations

    draft = operations.ArticleDraft(
        headline=headline,
        slug=f"article-{hours_ago}",
        section=section,
        first_published_at=NOON - timedelta(hours=hours_ago),
        **fields,
    )
    return operations.store_articles(drafts=[draft], by=None, now=NOON)[0]


def _comment_on(article: Article) -> None:
    from coranto.comments.models import Comment

    path, parent = "", None
    for depth, name in enumerate(["Pump Road, no. 31", "T. Pruett", "Ines K."] * 3, start=1):
        parent = Comment.objects.create(
            article=article,
            parent=parent,
            depth=depth,
            author_name=name,
            state="approved",
            html=f'<p>Words at depth {depth}. <a href="https://elsewhere.example" rel="nofollow">A link</a></p>',
            author_url="https://pump-road.example" if depth == 1 else "",
            written_at=NOON + timedelta(minutes=depth),
        )
        path += f"{parent.pk:012d}"
        Comment.objects.filter(pk=parent.pk).update(path=path)
