"""Saved pages become drafts: with what they refer to, a note, and nothing twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from exports import png
from pages import make_page

from coranto.importers.models import ImportedItem
from coranto.newsroom.models import Article, Author, FrontPage, Section

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROSE = [
    "The ferry left at five in the morning with nobody aboard. It came back full at ten. The harbour said nothing.",
    "On the quay the mayor waited with a list of eleven names. She read them all. Then she went home without a word.",
    "Nine winters ago the old ferry had sunk in the same place. Nobody was hurt then. The wreck is still down there.",
]


@pytest.fixture
def take(db, tmp_path):
    """Import a file or folder below `tmp_path` and give the report; every item must be accounted for."""
    from coranto.importers.operations import ImportSettings, import_site
    from coranto.importers.page.source import SavedPages
    from coranto.importers.rules.reports import Report

    def take(name="", *, media=None, is_dry_run=False):
        source = SavedPages(tmp_path / "pages" / name, now=NOON, media=media)
        report = Report(articles=source.articles)
        import_site(
            source=source,
            settings=ImportSettings(is_dry_run=is_dry_run),
            report=report,
            progress=lambda _count: None,
            now=NOON,
        )
        items = report.as_data()["items"]
        assert items["read"] == sum(count for name, count in items.items() if name != "read"), items
        return json.loads(json.dumps(report.as_data()))

    return take


@pytest.fixture
def put(tmp_path):
    def put(name, content):
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return put


def page(title="Ferry back after nine winters", body="", head="", prose=PROSE):
    paragraphs = "".join(f"<p>{each}</p>" for each in prose)
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}{body}</article></body></html>"


def blocks(article):
    return [(each["type"], each["value"]) for each in article.raw_body]


def test_every_article_of_a_page_becomes_a_draft_with_all_that_was_read(take, put):
    made = make_page(9001, "en", articles=3)
    put("page.html", made.html)

    report = take("page.html")

    assert report["created"]["articles"] == 3
    for truth in made.truth:
        article = Article.objects.get(title=truth.title)
        assert (article.live, article.standfirst, article.views_before) == (False, truth.standfirst, truth.views)
        assert [each.author.name for each in article.bylines.all()] == ([truth.author] if truth.author else [])
        credits = [(each.get_relation_display(), each.outlet) for each in article.credits.all()]
        assert credits == (
            [(truth.credit["relation"].capitalize(), truth.credit["outlet"] or "")] if truth.credit else []
        )
        quotes = [value for kind, value in blocks(article) if kind == "quote"]
        assert len(quotes) == len(truth.quotes)
        assert all(
            (each["attribution"] == "CC") == text.endswith("CC")
            for each, text in zip(quotes, truth.quotes, strict=True)
        )


def test_note_says_where_it_came_from_and_what_was_left_out(take, put):
    made = make_page(9001, "en", articles=2)
    put("page.html", made.html)
    take("page.html")

    note = Article.objects.get(title=made.truth[1].title).desk_note

    assert note.startswith("Read from the saved page page.html, article 2 of 2.")
    assert "Left out as the site's own:" in note
    assert "Keep reading" in note


def test_importing_the_same_page_twice_creates_and_changes_nothing(take, put):
    put("page.html", make_page(9004, "de", articles=4).html)
    take("page.html")
    before = Article.objects.count(), ImportedItem.objects.count()

    report = take("page.html")

    assert set(report["created"].values()) == set(report["updated"].values()) == {0}
    assert (Article.objects.count(), ImportedItem.objects.count()) == before


def test_dry_run_tells_what_was_read_and_writes_nothing(take, put):
    put("page.html", make_page(9004, "de", articles=4).html)

    report = take("page.html", is_dry_run=True)

    assert (len(report["articles"]), report["created"]["articles"]) == (4, 4)
    assert not Article.objects.exists()


def test_changed_page_updates_a_draft_nobody_has_touched(take, put):
    put("ferry.html", page())
    take("ferry.html")
    put("ferry.html", page(prose=[PROSE[0], PROSE[1].replace("eleven", "twelve"), PROSE[2]]))

    report = take("ferry.html")

    assert (report["created"]["articles"], report["updated"]["articles"]) == (0, 1)
    assert "twelve names" in Article.objects.get().get_latest_revision_as_object().body_text


def test_page_whose_beginning_changed_is_known_by_its_file(take, put):
    put("ferry.html", page())
    take("ferry.html")
    put(
        "ferry.html",
        page(
            prose=["All new: the ferry did not leave at five. It left at six. Nobody knows the reason why.", *PROSE[1:]]
        ),
    )

    assert take("ferry.html")["updated"]["articles"] == 1


@pytest.mark.parametrize("field", ["standfirst", "desk_note", "title"])
def test_draft_an_editor_has_touched_is_left_alone(take, put, field):
    put("ferry.html", page())
    take("ferry.html")
    draft = Article.objects.get()
    setattr(draft, field, "Ours.")
    draft.save_revision()
    put(
        "ferry.html",
        page(prose=[*PROSE, "And one more thing happened on the quay. Nobody saw it. It was dark by then, and cold."]),
    )

    report = take("ferry.html")

    assert report["updated"]["articles"] == 0
    assert "edited here" in report["skipped"][0]["reason"]


def test_article_on_two_pages_is_taken_once_whichever_comes_first(take, put):
    made = make_page(9007, "en", articles=3)
    put("b.html", made.html)
    put("a.txt", make_page(9007, "en", articles=3).text)

    report = take()

    assert report["created"]["articles"] == 3
    assert sum("the same article is in" in each["reason"] for each in report["skipped"]) == 3
    assert take("b.html")["created"]["articles"] == 0


def test_folder_is_read_in_order_of_name_and_the_rest_is_skipped_with_a_reason(take, put):
    put("b/second.html", page("Second ferry leaves the quay"))
    put("a.txt", "First Ferry Leaves The Quay\n\n" + "\n\n".join(PROSE))
    put("a_files/frame.html", page("A frame that an advertisement used"))
    put("empty.html", "")
    put("scan.pdf", b"%PDF-1.7")

    report = take()

    assert [each["title"] for each in report["articles"]] == [
        "First Ferry Leaves The Quay",
        "Second ferry leaves the quay",
    ]
    assert {each["source_id"]: each["reason"] for each in report["skipped"]} == {
        "empty.html": "The file is empty.",
        "scan.pdf": "no saved page, by its name",
    } | {each["source_id"]: each["reason"] for each in report["skipped"] if each["kind"] == "article"}


def test_file_that_is_no_page_is_refused_by_the_command_with_a_sentence(db, tmp_path):
    from coranto.importers.command import import_group

    (tmp_path / "scan.html").write_bytes(b"%PDF-1.7")

    result = CliRunner().invoke(import_group, ["page", str(tmp_path / "scan.html")])

    assert (result.exit_code, "The file is a PDF" in result.output) == (2, True)


def test_command_prints_what_it_read_as_json(db, tmp_path):
    from coranto.importers.command import import_group

    (tmp_path / "page.txt").write_text(make_page(9001, "fr", articles=2).text)

    result = CliRunner().invoke(import_group, ["page", str(tmp_path / "page.txt"), "--dry-run", "--json"])

    data = json.loads(result.stdout)
    assert (result.exit_code, data["created"]["articles"], data["redirects"]) == (0, 2, 0)
    assert set(data["articles"][0]) == {
        "title", "standfirst", "sections", "author", "published", "views", "credit", "paragraphs", "quotes", "captions", "cards", "dropped", "file",
    }  # fmt: skip


def test_sections_and_authors_that_are_here_by_name_are_used(take, put):
    front = FrontPage.objects.get()
    here = Section(title="Harbour", slug="port")
    front.add_child(instance=here)
    author = Author.objects.create(name="Ada Thorne", slug="ada")
    put(
        "page.html",
        page(head="<meta property='article:section' content='Harbour'><meta name=author content='Ada Thorne'>"),
    )

    report = take("page.html")

    article = Article.objects.get()
    assert (article.get_parent().pk, [each.author_id for each in article.bylines.all()]) == (here.pk, [author.pk])
    assert (report["created"]["sections"], report["created"]["authors"]) == (0, 0)


def test_label_over_every_article_is_no_section(take, put):
    put(
        "page.html",
        "".join(
            f"<article><p class=kicker>Everything</p><p class=kicker>{name}</p><h1>{name} ferry leaves again</h1>"
            + "".join(f"<p>{each} {name}.</p>" for each in PROSE)
            + "</article>"
            for name in ("Harbour", "City")
        ),
    )

    take("page.html")

    assert {article.get_parent().title for article in Article.objects.all()} == {"Harbour", "City"}


def test_old_date_is_kept_when_an_editor_publishes_the_draft(take, put):
    put("page.html", page(head="<meta property='article:published_time' content='2019-05-04T10:00:00Z'>"))
    take("page.html")
    draft = Article.objects.get()
    assert draft.first_published_at == datetime(2019, 5, 4, 10, tzinfo=UTC)

    draft.get_latest_revision().publish()

    published = Article.objects.get()
    assert (published.live, published.first_published_at) == (True, datetime(2019, 5, 4, 10, tzinfo=UTC))


def test_date_that_has_not_come_yet_is_not_believed(take, put):
    put("page.html", page(head="<meta property='article:published_time' content='2031-05-04T10:00:00Z'>"))
    take("page.html")

    assert Article.objects.get().first_published_at is None


def test_old_address_leads_to_the_article_once_it_is_published(take, put, client):
    put("page.html", page(head="<link rel=canonical href='https://lantern.example/2019/ferry/'>"))
    assert take("page.html")["redirects"] == 1
    assert client.get("/2019/ferry/").status_code == 404

    draft = Article.objects.get()
    draft.get_latest_revision().publish()

    assert client.get("/2019/ferry/")["Location"] == draft.address


def test_card_becomes_a_related_block_when_the_article_is_here_and_a_line_of_the_note_when_not(take, put):
    put("b.html", page("Bridge gives way at dusk", prose=[each.replace("ferry", "bridge") for each in PROSE]))
    card = "<div class=related><a href=/x>Bridge gives way at dusk</a></div><div class=related><a href=/y>Moon found to be empty</a></div>"
    put("a.html", page(body=f"{card}<p>{PROSE[0]} Again.</p>"))

    take()

    article, bridge = Article.objects.get(title__startswith="Ferry"), Article.objects.get(title__startswith="Bridge")
    latest = article.get_latest_revision_as_object()
    assert [value["article"] for kind, value in blocks(latest) if kind == "related"] == [bridge.pk]
    assert "A card led to “Moon found to be empty”, which is not here." in latest.desk_note


def test_pictures_beside_the_page_are_taken_with_their_captions(take, put, settings, tmp_path):
    put(
        "ferry.html",
        page(
            body=f"<figure><img src='./ferry_files/a.png' alt='A boat'><figcaption>The quay at five.</figcaption></figure><p>{PROSE[0]} Again.</p>"
        ),
    )
    put("ferry_files/a.png", png())

    report = take("ferry.html")

    (picture,) = [value for kind, value in blocks(Article.objects.get()) if kind == "picture"]
    assert (picture["caption"], picture["alt"], report["created"]["images"]) == ("The quay at five.", "A boat", 1)
    assert take("ferry.html")["created"]["images"] == 0


def test_caption_without_its_picture_is_kept_in_the_note(take, put):
    put(
        "ferry.html",
        page(
            body=f"<figure><img src='./ferry_files/gone.png'><figcaption>The quay at five.</figcaption></figure><p>{PROSE[0]} Again.</p>"
        ),
    )

    report = take("ferry.html")

    article = Article.objects.get()
    assert "Captions whose picture is missing: “The quay at five.”" in article.desk_note
    assert ("The quay at five." in article.body_text, report["articles"][0]["captions"]) == (
        False,
        ["The quay at five."],
    )


def test_picture_is_found_in_the_folder_given_and_above_the_text_it_is_the_main_one(take, put, tmp_path):
    put("ferry.html", page().replace("<h1>", "<img src='https://lantern.example/2019/a.png' alt='A boat'><h1>"))
    (tmp_path / "media/2019").mkdir(parents=True)
    (tmp_path / "media/2019/a.png").write_bytes(png())

    take("ferry.html", media=tmp_path / "media")

    assert Article.objects.get().picture.width == 32


def test_pictures_outside_the_folder_are_not_read(take, put, tmp_path):
    (tmp_path / "secret.png").write_bytes(png())
    put(
        "ferry.html",
        page(
            body=f"<img src='../secret.png'><img src='file://{tmp_path}/secret.png'><img src='{tmp_path}/secret.png'><p>{PROSE[0]} Again.</p>"
        ),
    )

    assert take("ferry.html")["created"]["images"] == 0


def test_links_are_made_absolute_and_lead_to_articles_that_were_imported(take, put):
    head = "<link rel=canonical href='https://lantern.example/2019/{}/'>"
    put(
        "a.html",
        page(
            head=head.format("ferry"),
            body="<p>See <a href='/2019/bridge/'>the bridge</a> and <a href='/about'>us</a>, and so on it went.</p>",
        ),
    )
    put(
        "b.html",
        page(
            "Bridge gives way at dusk",
            head=head.format("bridge"),
            prose=[each.replace("ferry", "bridge") for each in PROSE],
        ),
    )

    take()

    text = str(blocks(Article.objects.get(title__startswith="Ferry").get_latest_revision_as_object()))
    bridge = Article.objects.get(title__startswith="Bridge")
    assert f'<a linktype="page" id="{bridge.pk}">the bridge</a>' in text
    assert '<a href="https://lantern.example/about">us</a>' in text
