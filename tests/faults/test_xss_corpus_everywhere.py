"""Fault `xss-corpus-everywhere`: nothing that comes in by a saved page or a comment ever runs in anybody's browser."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from payloads import MARK, PAYLOADS, executable_parts

from coranto.importers.bodies import convert_body
from coranto.importers.page.opening import Saved, open_page
from coranto.importers.page.pages import articles_of
from coranto.kit.html import clean_comment
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


# Comments ---------------------------------------------------------------------------------------------------------


def test_no_payload_in_a_comment_is_left_executable():
    from coranto.comments.rules import words

    for payload in PAYLOADS:
        for source in (
            payload,
            f"> {payload}",
            f"[x]({payload})",
            f"`{payload}`",
            f"- {payload}\n\n    {payload}",
            f"<{payload}>",
        ):
            html = words.render(words.tidy(source))
            assert executable_parts(html) == [], source
            assert clean_comment(html) == html, source


def foul(html):
    """What of a page or a mail a browser would run, or fetch, for whoever sent the payload."""
    parts = executable_parts(html)
    return [each for each in parts if MARK in each or "evil.example" in each or "javascript:" in each.lower()]


@pytest.fixture
def ferry(db):
    from coranto.comments.models import Commenting
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    Commenting.objects.create(holds_first=False)
    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    draft = ArticleDraft(headline="Ferry", slug="ferry", section=section, body=[])
    return store_articles(drafts=[draft], by=None, now=NOON)[0]


@pytest.fixture
def commented(ferry):
    """An article below which every payload stands: as words, as a name, in answers, from a move and by the form."""
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.comments.rules import words

    article, drafts = ferry, []
    payloads = [each.replace("\0", "") for each in PAYLOADS]  # no export holds it, nor does PostgreSQL
    for payload in payloads:
        above = drafts[-1] if len(drafts) % 2 else None
        url = payload if payload.startswith(("http", "javascript")) else f"https://x.example/{payload}"
        drafts.append(
            CommentDraft(article.pk, payload[:150], payload, "approved", NOON, author_url=url[:500], reply_to=above)
        )
    add_comments(drafts=drafts, now=NOON)
    for number, payload in enumerate(payloads):
        drafts.append(CommentDraft(article.pk, f"'{payload}"[:150], words.render(payload), "approved", NOON))
        if number % 50 == 0:
            drafts.append(CommentDraft(article.pk, "' onfocus=pwned() x='", payload, "approved", NOON))
    add_comments(drafts=drafts[len(PAYLOADS) :], now=NOON)
    return article


def test_comments_are_inert_for_readers(commented, client):
    from coranto.comments.queries import thread_page

    cursor, pages = "", 0
    while True:
        html = client.get(commented.address + (f"?comments={cursor}" if cursor else "")).text
        own = [
            each
            for each in executable_parts(html)
            if MARK in each or "evil.example" in each or "javascript:" in each.lower()
        ]
        assert own == []
        assert f"<script>{MARK}" not in html
        pages += 1
        cursor = thread_page(article_id=commented.pk, cursor=cursor).next_cursor
        if not cursor:
            break
    assert pages == -(-len(commented.comments.all()) // 50)


def test_payloads_sent_by_the_form_are_inert_wherever_they_come_back(commented, client, mails):
    for payload in PAYLOADS[::7]:
        where = f"/-/comments/write/{commented.pk}/"
        sent = {"words": payload, "name": payload[:60], "email": "ada@reader.example"}
        for extra in ({"preview": "1"}, {"email": payload}, {"parent": payload}):
            html = client.post(where, sent | extra).text
            assert [each for each in executable_parts(html) if MARK in each or "evil.example" in each] == [], payload
    client.post(where, sent)
    [mail] = mails
    assert [each for each in (MARK, "evil.example", "javascript:") if each in mail.html + mail.text] == []


def test_payloads_in_the_form_to_follow_are_inert(ferry, client, mails):
    for payload in PAYLOADS[::5]:
        sent = {"what": payload, "email": payload, "name": payload, "note": payload, "website": ""}
        for known in (
            {},
            {"email": f'"{payload[:30]}"@reader.example'},
            {"what": "all", "email": "ada@reader.example"},
        ):
            answer = client.post(f"/-/comments/follow/{ferry.pk}/", sent | known, follow=True)
            assert answer.status_code < 500
            assert foul(answer.text) == [], payload
    assert mails
    assert [each for mail in mails for each in foul(mail.html)] == []
    assert [mail for mail in mails if MARK in mail.html + mail.text + mail.subject] == []


def test_payloads_in_what_followers_are_told_are_inert(ferry, mails, time_machine):
    from coranto.comments import operations
    from coranto.comments.queries.own import Writer
    from coranto.comments.rules.following import name_for_mail, words_for_mail

    time_machine.move_to(NOON, tick=False)
    ada = Writer(email="ada@reader.example", is_confirmed=True)
    operations.follow_thread(article=ferry, writer=ada, what="all", now=NOON)
    drafts = [
        operations.CommentDraft(ferry.pk, payload[:150], f"<p>{n} {escape(payload)} {payload}</p>")
        for n, payload in enumerate(PAYLOADS[::13])
    ]
    stored = operations.add_comments(drafts=drafts, now=NOON)
    operations.change_states(comments=stored, state="approved")
    operations.tell_followers(now=NOON + timedelta(days=1))

    [mail] = mails
    assert foul(mail.html) == []
    assert all(f"{n} " in mail.text for n in range(len(stored)))
    for payload in PAYLOADS:
        line = " ".join([name_for_mail(payload), *words_for_mail(clean_comment(escape(payload)))])
        assert "//evil.example" not in line, payload


def test_payloads_in_reasons_reports_and_appeals_are_inert(ferry, client, mails, django_user_model):
    """From the editor to the writer and back again, and on every screen between."""
    from coranto.comments import operations
    from coranto.comments.models import Comment, Decision
    from coranto.comments.rules.deciding import stamp_of

    editor = django_user_model.objects.create_superuser(email="cora@lantern.example", password="a long enough word")
    client.force_login(editor)
    some = PAYLOADS[::18]
    drafts = [operations.CommentDraft(ferry.pk, "Ada", f"<p>{n}</p>", "approved", NOON) for n in range(len(some))]
    stored = operations.add_comments(drafts=drafts, now=NOON)
    Comment.objects.update(author_email="ada@reader.example", commenter="ada", confirmed_at=NOON)
    for comment, payload in zip(stored, some, strict=True):
        pages = [
            client.post(
                f"/-/comments/{comment.pk}/report/",
                {"reason": "insult", "words": payload},
                REMOTE_ADDR=f"10.{comment.pk % 250}.0.1",
            ),
            client.post(
                "/admin/comments/decide/",
                {
                    "one": f"reject:{comment.pk}",
                    f"stamp-{comment.pk}": stamp_of(comment.html),
                    f"words-{comment.pk}": payload,
                    "query": payload,
                },
                follow=True,
            ),
            client.post(f"/admin/comments/{comment.pk}/block/", {"reason": payload, "query": payload}, follow=True),
        ]
        mail = mails[-1]
        pages += [client.get(path) for path in re.findall(r"/-/comments/(?:own|appeal)/[^/]+/", mail.text)]
        appeal = re.search(r"/-/comments/appeal/[^/]+/", mail.text)[0]
        pages.append(client.post(appeal, {"words": payload}))
        assert [(each.status_code, foul(each.text)) for each in pages] == [(200, [])] * len(pages), payload
        assert foul(mail.html) == [], payload
    assert (len(mails), Decision.objects.filter(what="appeal").count()) == (len(some), len(some))
    for path in ("/admin/comments/?state=all", "/admin/comments/?state=held", "/admin/comments/trail/"):
        html = client.get(path).text
        assert "pwned" in html
        assert foul(html) == []
