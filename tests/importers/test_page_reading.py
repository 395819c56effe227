"""Saved pages of many shapes and languages, read as the articles they show."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from page_labels import LABELS
from pages import make_page

from coranto.importers.page.opening import Saved
from coranto.importers.page.pages import articles_of

# None of these was looked at while the reader was written; it was tuned on others.
SEEDS = range(9001, 9009)


def read(kind, content):
    return [article.as_data() for article in articles_of(Saved(kind, content))[0]]


def expected(truth, found, *, sections):
    """What must be found, in the form of what was; dates to the day, and quotations only where markup tells them."""
    wanted = asdict(truth)
    told = {name: found[name] for name in wanted}
    told["published"] = found["published"] and found["published"][:10]
    if not sections:
        told["sections"] = wanted["sections"]
    return wanted, told


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("language", LABELS)
def test_html_page_is_read_as_it_was_made(language, seed):
    made = make_page(seed, language)

    found = read("html", made.html)

    assert len(found) == len(made.truth)
    for truth, each in zip(made.truth, found, strict=True):
        wanted, told = expected(truth, each, sections=made.shows_sections)
        assert told == wanted


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("language", LABELS)
def test_text_dump_is_read_as_it_was_made_save_for_unsigned_quotations(language, seed):
    made = make_page(seed, language)

    found = read("text", made.text)

    assert len(found) == len(made.truth)
    for truth, each in zip(made.truth, found, strict=True):
        wanted, told = expected(truth, each, sections=True)
        signed = [text for text in wanted.pop("quotes") if text.endswith("CC")]
        assert told.pop("quotes") == signed
        assert told == wanted


@pytest.mark.parametrize("count", [1, 2, 6, 10])
@pytest.mark.parametrize("kind", ["text", "html"])
def test_any_number_of_articles_is_found(kind, count):
    made = make_page(77, "nl", articles=count)

    found = read(kind, getattr(made, kind))

    assert [each["title"] for each in found] == [truth.title for truth in made.truth]


@pytest.mark.parametrize("kind", ["text", "html"])
def test_what_was_left_out_is_told_and_nothing_else_is_missing(kind):
    made = make_page(9100, "en", articles=3)
    labels = LABELS["en"]

    found = read(kind, getattr(made, kind))

    dropped = [text for each in found for text in each["dropped"]]
    assert {labels["plug"], labels["more"], *labels["form"]} <= set(dropped)
    paragraphs = [text for each in found for text in each["paragraphs"]]
    assert not set(dropped) & set(paragraphs)


def test_plea_that_stands_once_is_told_by_its_shape():
    text = "\n\n".join(
        [
            "Ferry Back After Nine Winters On The Quay",
            "The crossing runs again, and nobody knows for how long it will.",
            *(
                [
                    "The harbour master counted eleven boats on Monday. He had expected two. Nobody wrote down why they came."
                ]
                * 1
            ),
            *[
                f"On the {n}th day the council met behind closed doors. It decided nothing. The doors stayed closed until dusk, and then some."
                for n in range(4, 9)
            ],
            "Keep me writing: from $3 a month on Patreon.",
            "Leave a Reply",
        ]
    )

    (found,) = read("text", text)

    assert found["paragraphs"][-1].startswith("On the 8th day")
    assert "Keep me writing: from $3 a month on Patreon." in found["dropped"]


def test_short_last_sentence_stays_in_the_text():
    paragraphs = [
        "It rained for a week, and the river took the lower bridge with it on the second night.",
        "Nobody was hurt, said the mayor, and nobody believed her at first. She had to show the list.",
        "We went home.",
    ]

    (found,) = read(
        "text",
        "\n\n".join(["River Takes The Lower Bridge", "By Ada Thorne", "12 March 2024", *paragraphs, "Advertisement"]),
    )

    assert (found["author"], found["published"][:10], found["paragraphs"]) == ("Ada Thorne", "2024-03-12", paragraphs)


@pytest.mark.parametrize(
    ("line", "people", "outlet", "relation"),
    [
        ("Authored by Ada Thorne:", ["Ada Thorne"], None, "authored by"),
        ("Via Coast Courier…", [], "Coast Courier", "via"),
        ("Authored by Ada Thorne, op-ed via The Eastern Gazette:", ["Ada Thorne"], "The Eastern Gazette", "op-ed via"),
        ("Authored by Ada Thorne via Coast Courier:", ["Ada Thorne"], "Coast Courier", "authored by"),
        ("Door Eva van Dijk en Ben Okoye:", ["Eva van Dijk", "Ben Okoye"], None, "authored by"),
        ("Gastbeitrag von Ada Thorne, erschienen bei Coast Courier:", ["Ada Thorne"], "Coast Courier", "op-ed via"),
        ("Źródło: Coast Courier…", [], "Coast Courier", "via"),
        ("بقلم آدا ثورن، رأي عبر صحيفة الساحل:", ["آدا ثورن"], "صحيفة الساحل", "op-ed via"),
    ],
)  # fmt: skip
def test_credit_lines_are_read_as_data_in_any_language(line, people, outlet, relation):
    body = "The ferry left at five in the morning with nobody aboard. It came back full. The harbour said nothing at all about it."

    (found,) = read(
        "text",
        "\n\n".join(
            [
                "Ferry Back After Nine Winters",
                "Nobody knows for how long it runs this time.",
                "Published",
                "on",
                line,
                body,
                body.replace("five", "six"),
            ]
        ),
    )

    assert found["credit"] == {"people": people, "outlet": outlet, "relation": relation}


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("8,603 Views", 8603), ("8.603 Aufrufe", 8603), ("8\u202f603 vues", 8603), ("Просмотров: 8 603", 8603),
        ("٨٬٦٠٣ مشاهدة", 8603), ("12 Comments", None), ("5 min read", None), ("3 March 2024", None), ("$12 a month", None),
    ],
)  # fmt: skip
def test_views_are_counted_and_other_numbers_are_not(line, views):
    body = "The ferry left at five in the morning with nobody aboard. It came back full. The harbour said nothing at all about it."

    (found,) = read(
        "text",
        "\n\n".join(
            [
                "Ferry Back After Nine Winters",
                "Nobody knows for how long it runs this time.",
                "Ada Thorne",
                line,
                body,
                body.replace("five", "six"),
            ]
        ),
    )

    assert found["views"] == views


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Published on March 5, 2021", "2021-03-05"), ("5. März 2021, 14:30 Uhr", "2021-03-05"), ("le 5 mars 2021", "2021-03-05"),
        ("5 de marzo de 2021", "2021-03-05"), ("5 марта 2021", "2021-03-05"), ("٥ مارس ٢٠٢١", "2021-03-05"),
        ("2021-03-05T10:00:00+02:00", "2021-03-05"), ("05.03.2021", "2021-03-05"), ("03/25/2021", "2021-03-25"), ("2021年3月5日", "2021-03-05"),
        ("31.02.2021", None), ("Yesterday", None),
    ],
)  # fmt: skip
def test_dates_are_read_in_many_languages(written, day):
    from coranto.importers.page.dates import find_date

    found = find_date(written)

    assert (found and found.date().isoformat()) == day


def test_report_of_a_trial_run_is_plain_data():
    made = make_page(9100, "de", articles=2)

    assert json.loads(json.dumps(read("html", made.html))) == read("html", made.html)
