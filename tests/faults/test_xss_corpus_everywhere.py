"""Fault `xss-corpus-everywhere`: nothing that comes in by a saved page ever runs in a reader's or an editor's browser."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from payloads import MARK, PAYLOADS, executable_parts

from coranto.importers.bodies import convert_body
from coranto.importers.page.opening import Saved, open_page
from coranto.importers.page.pages import articles_of
from coranto.newsroom.models import Article

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
# As a paragraph, in a table and in what keeps its white space: each goes its own way into an article.
EVERYWHERE = "<div>{0}</div><p>Said {0} and more.</p><table><tr><td>a</td><td>{0}</td></tr><tr><td>b</td><td>c</td></tr></table><pre>{0}</pre>"
PROSE = "The ferry left at five in the morning with nobody aboard. It came back full at ten. The harbour said nothing."


class Nothing:
    """A site that knows no page and no picture."""

    def link(self, url):
        return url

    def picture(self, key, url):
        return None

    def is_own(self, url):
        return False

    def related(self, key, headline):
        return None


def page(body, title="Ferry back after nine winters"):
    paragraphs = "".join(f"<p>{n}. {PROSE}</p>" for n in range(4))
    return f"<html><body><article><h1>{title}</h1>{paragraphs}{body}{paragraphs.replace('ferry', 'boat')}</article></body></html>"


def markup_in(value):
    """All strings of a block that are markup where they are shown."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from markup_in(each)
        case list():
            for each in value:
                yield from markup_in(each)


def test_corpus_is_large_and_a_browser_would_run_it():
    assert len(set(PAYLOADS)) >= 200
    assert sum(bool(executable_parts(each)) for each in PAYLOADS) > 200


def test_no_payload_in_the_text_of_a_page_is_left_executable(tmp_path):
    from coranto.importers.page.assembling import assemble
    from coranto.importers.page.pictures import PageFiles, PictureFinder

    for number, payload in enumerate(PAYLOADS):
        path = tmp_path / f"{number}.html"
        path.write_text(page(EVERYWHERE.format(payload)))
        articles, told = articles_of(open_page(path))
        for article in articles:
            made = assemble(article, files=PageFiles(path, told.url, {}), finder=PictureFinder(), known={})
            for block in convert_body(made.html, Nothing()).body:
                if block["type"] in {"paragraph", "quote", "html", "list"}:
                    assert [
                        executable_parts(each) for each in markup_in(block["value"]) if executable_parts(each)
                    ] == [], payload
                if block["type"] == "embed":
                    assert block["value"]["url"].startswith(("http://", "https://")), payload


def test_payloads_that_are_the_words_of_a_dump_stay_words():
    for payload in PAYLOADS:
        articles, _ = articles_of(
            Saved("text", f"Ferry Back After Nine Winters\n\n{PROSE}\n\n{payload} {PROSE}\n\n{PROSE}")
        )
        for article in articles:
            for line in article.lines:
                if hasattr(line, "html"):
                    assert executable_parts(line.html) == [], payload


@pytest.fixture
def hostile(db, tmp_path):
    """Drafts of pages that carry payloads wherever a page can say something."""
    from coranto.importers.operations import ImportSettings, import_site
    from coranto.importers.page.source import SavedPages
    from coranto.importers.rules.reports import Report

    for number in range(0, len(PAYLOADS), 40):
        some = PAYLOADS[number : number + 40]
        said = escape(some[0])
        data = json.dumps(
            {
                "@type": "NewsArticle",
                "headline": f"Ferry {some[0]}",
                "author": [{"name": some[1]}],
                "articleSection": some[2],
            }
        )
        data = data.replace("</", "<\\/")
        head = f"<title>{said}</title><meta name=description content='{said}'><script type='application/ld+json'>{data}</script>"
        body = (
            "".join(f"<div>{each}</div>" for each in some)
            + f"<figure><img src=x.png><figcaption>{said}</figcaption></figure><p>{escape(some[3])} {PROSE}</p>"
        )
        (tmp_path / f"{number}.html").write_text(head + page(body, title=f"{number} ferries {said}"))
    source = SavedPages(tmp_path, now=NOON)
    import_site(source=source, settings=ImportSettings(), report=Report(), progress=lambda _count: None, now=NOON)
    return list(Article.objects.all())


def test_imported_payloads_are_inert_for_readers(hostile, client):
    assert len(hostile) >= 5
    for draft in hostile:
        clean = len(client.get("/").content)
        assert clean
        draft.get_latest_revision().publish()
        html = client.get(draft.address).content.decode()
        assert client.get(draft.address).status_code == 200
        own = [
            each
            for each in executable_parts(html)
            if MARK in each or "evil.example" in each or "javascript:" in each.lower()
        ]
        assert own == []
        assert f"<script>{MARK}" not in html


def test_imported_payloads_are_inert_for_editors(hostile, client, django_user_model):
    editor = django_user_model.objects.create_superuser(email="cora@lantern.example", password="a long enough word")
    client.force_login(editor)
    for draft in hostile[:2]:
        html = client.get(f"/admin/pages/{draft.pk}/edit/").content.decode()
        assert [each for each in executable_parts(html) if MARK in each or "evil.example" in each] == []
