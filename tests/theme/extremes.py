"""An article of extremes, to be added to a paper: long words, many names, pictures of odd shapes, lists in lists."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from paper import NOON, block, paragraph
from PIL import Image

if TYPE_CHECKING:
    from coranto.masthead.models import Picture
    from coranto.newsroom.models import Article

HEADLINE = (
    "Overhead wire of the tramway was paid for twice while the harbour board looked on, invoices seen by this "
    "newspaper show, and the mayor’s office says that it will not ask for a refund"
)
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
ADDRESS = (
    "https://example.org/a/very/long/address/without/any/space/in/it/which/goes/on/and/on/index.html?with=parameters"
)
TEXT = (
    "The wire that feeds the trams is as thick as a finger and lasts about fifteen years. It hangs six metres above "
    "the street and nobody looks at it, which is why it took two years until somebody noticed that it had been paid "
    "for twice: once by the works department, once by the harbour board, and each time with the same invoice."
)
NAMES = ["Wolfeschlegelsteinhausenbergerdorff Müller-Lüdenscheidt", "Çağlar Özdemir-Yıldırım", "Ngũgĩ wa Thiong’o"]


def print_article(paper: Any) -> Article:
    """The article, in the paper's first section; its main picture is much higher than wide."""
    from coranto.newsroom import operations
    from coranto.newsroom.models import Author, Topic

    fields = {"role": "Reporter", "biography": f"{WORD} {TEXT}"}
    authors = [
        Author.objects.get_or_create(name=name, defaults={"slug": f"name-{number}", **fields})[0]
        for number, name in enumerate(NAMES)
    ]
    draft = operations.ArticleDraft(
        headline=HEADLINE,
        slug="extremes",
        section=paper.section,
        standfirst=f"{WORD}sentwurfsvorlage, {TEXT}",
        body=_body(),
        authors=authors,
        topics=[Topic.objects.get_or_create(name=name)[0] for name in ["Copper", WORD]],
        credits=[
            operations.CreditDraft(
                relation="op-ed-via", people=[WORD, "Tom Ray"], outlet=WORD, original_url=ADDRESS, licence=WORD
            )
        ],
        picture=_picture("Mast", (600, 1100)),
        first_published_at=NOON - timedelta(minutes=30),
    )
    return operations.store_articles(drafts=[draft], by=None, now=NOON)[0]


def _body() -> list[dict[str, Any]]:
    columns = ["Invoice", "Described as", "Marks", *["January", "February", "March", "April", "May", "June", "July"]]
    row = ["VL-0417", f"{WORD}, first quality", "1,860,000", *"1234567"]
    nested = "<ul><li>One<ul><li>One a<ol><li>deep</li><li>deeper</li></ol></li></ul></li><li>Two</li></ul>"
    return [
        paragraph(TEXT),
        paragraph(f"{TEXT} {ADDRESS} {WORD}{WORD}"),
        block("heading", {"text": f"{WORD} {WORD}", "level": "2"}),
        block("paragraph", nested),
        block("pull_quote", {"text": f"Each time with the same invoice: {WORD}.", "attribution": WORD}),
        paragraph(TEXT),
        block("quote", {"text": f"<p>{TEXT}</p><p>{WORD}</p>", "attribution": WORD, "source_url": ADDRESS}),
        block("picture", {"picture": _picture("Stamp", (180, 120)).pk, "caption": WORD, "credit": WORD, "alt": "x"}),
        block("embed", {"url": ADDRESS, "title": WORD, "provider": WORD}),
        block(
            "table",
            {
                "data": [columns, row],
                "cell": [],
                "mergeCells": [],
                "first_row_is_table_header": True,
                "first_col_is_header": True,
                "table_caption": "What the city was billed",
            },
        ),
    ]


def _picture(title: str, size: tuple[int, int]) -> Picture:
    from coranto.masthead import operations

    data = BytesIO()
    Image.new("RGB", size, "#466b78").save(data, "JPEG")
    draft = operations.PictureDraft(
        source=data.getvalue(), file_name="odd.jpg", title=title, caption=TEXT, alt=title, credit=WORD
    )
    return operations.store_pictures(drafts=[draft], by=None, now=NOON)[0]
