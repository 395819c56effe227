"""What the checklist learns of an article from the database, and at what cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Comment

from coranto.desk.models import LinkCheck, PublishedHeadline
from coranto.desk.queries.checklist import examine
from coranto.desk.rules.links import digest_of
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import Article, Author, Topic

pytestmark = pytest.mark.django_db


def told(examined):
    return [(each.point.value, each.message) for each in examined.findings]


def points(examined):
    return [each.point.value for each in examined.findings]


def test_sound_article_has_nothing_amiss(write, examined, make_picture):
    article = write(picture=make_picture())
    assert told(examined(article)) == []


def test_draft_is_read_and_not_what_readers_see(write, examined):
    article = write(publish=True)
    draft = article.get_latest_revision_as_object()
    draft.standfirst = ""
    draft.bylines = []
    draft.save_revision()
    assert points(examined(article)) == ["change", "standfirst", "byline"]


# Pictures -------------------------------------------------------------------------------------------------


def test_pictures_description_and_credit_may_be_its_own_or_the_blocks(write, examined, make_picture, block):
    bare = make_picture("Bare", description=" ", credit="")
    described = {"picture": bare.pk, "alt": "A tram at night", "credit": "Ben", "caption": ""}
    bare_here = {"picture": bare.pk, "alt": "", "credit": " ", "caption": ""}
    assert points(examined(write(body=[block("picture", described)]))) == []
    bad = block("picture", bare_here)
    found = examined(write("Other", body=[bad])).findings
    assert [(each.point, each.anchor) for each in found] == [
        ("picture_description", f"body.{bad['id']}"),
        ("picture_credit", f"body.{bad['id']}"),
    ]
    assert points(examined(write("Third", picture=bare))) == ["picture_description", "picture_credit"]


def test_caption_is_no_description(write, examined, make_picture):
    picture = make_picture(description="", caption="Trams, yesterday")
    assert points(examined(write(picture=picture))) == ["picture_description"]


def test_rights_must_last_until_the_article_goes_out(write, examined, make_picture, noon):
    picture = make_picture(rights_expire_on=date(2026, 3, 1))
    assert points(examined(write(picture=picture))) == []
    later = write("Other", picture=picture, go_live_at=noon + timedelta(days=1))
    assert points(examined(later)) == ["picture_rights"]
    assert points(examined(write("Third", picture=picture), now=noon + timedelta(days=1))) == ["picture_rights"]


def test_picture_that_was_deleted_is_nobodys_fault_any_more(write, examined, make_picture, block):
    picture = make_picture()
    article = write(body=[block("picture", {"picture": picture.pk, "alt": "", "credit": "", "caption": ""})])
    picture.delete()
    assert told(examined(article)) == []


# Place and people -----------------------------------------------------------------------------------------


def test_section_that_is_not_published_is_told(write, examined, make_section):
    assert points(examined(write(section=make_section("Culture", live=False)))) == ["section"]


def test_notes_of_colleagues_are_counted_until_resolved(write, examined, cora, noon):
    article = write()
    note = Comment.objects.create(page=article, user=cora, text="Sure?", contentpath="title", position="")
    assert points(examined(article)) == ["notes"]
    Comment.objects.filter(pk=note.pk).update(resolved_at=noon)
    assert points(examined(article)) == []


def test_embargo_is_measured_by_when_the_article_goes_out(write, examined, noon):
    until = noon + timedelta(days=2)
    assert points(examined(write(embargoed_until=until))) == ["embargo"]
    scheduled = write("Other", embargoed_until=until, go_live_at=until)
    assert points(examined(scheduled)) == []


def test_text_of_a_picture_or_an_embed_alone_is_a_text(write, examined, make_picture, block):
    picture = {"picture": make_picture().pk, "alt": "", "credit": "", "caption": ""}
    assert points(examined(write(body=[block("picture", picture)]))) == []
    assert points(examined(write("Other", body=[]))) == ["body"]
    assert points(examined(write("Third", body=[block("paragraph", "<p> </p>")]))) == ["body"]


# Headlines ------------------------------------------------------------------------------------------------


def test_twin_is_a_published_or_scheduled_article_and_no_draft(write, examined, noon):
    article = write("Trams return!")
    write("TRAMS RETURN")
    assert points(examined(article)) == []
    out = write("Trams  return", publish=True)
    assert told(examined(article)) == [("headline_twin", f"Another article has the same headline: {out.address}")]
    out.unpublish()
    assert points(examined(article)) == []
    scheduled = write("trams: return", go_live_at=noon.replace(year=2099), publish=True)
    assert not scheduled.live
    assert points(examined(article)) == ["headline_twin"]


def test_twin_that_was_imported_or_renamed_is_known(write, examined, city, noon):
    article = write("Trams return")
    draft = newsroom.ArticleDraft(headline="Trams return", slug="old", section=city, body=[])
    (imported,) = newsroom.store_articles(drafts=[draft], by=None, now=noon)
    assert points(examined(article)) == ["headline_twin"]
    imported = Article.objects.get(pk=imported.pk)
    imported.title = "Trams returned"
    imported.save_revision().publish()
    assert points(examined(article)) == []
    assert set(PublishedHeadline.objects.values_list("folded", flat=True)) == {"tramsreturned"}


def test_article_is_no_twin_of_itself_nor_of_its_alias(write, examined, make_section):
    article = write("Trams return", publish=True)
    alias = article.create_alias(parent=make_section("Culture"), update_slug="alias")
    assert points(examined(article)) == []
    assert alias.live
    assert PublishedHeadline.objects.count() == 1


def test_twin_is_found_by_an_index(write, django_assert_num_queries):
    from django.db import connection

    query = PublishedHeadline.objects.filter(folded="tramsreturn").values_list("article_id", flat=True)
    if connection.vendor == "sqlite":
        assert "USING" in query.explain()
        assert "INDEX" in query.explain()
        assert "SCAN" not in query.explain()


# Links inside ---------------------------------------------------------------------------------------------


def linking(paragraph, href):
    return [paragraph(f'See <a href="{href}">the trams</a>.')]


def to_page(paragraph, page_id):
    return [paragraph(f'See <a linktype="page" id="{page_id}">the trams</a>.')]


def test_link_to_a_page_is_fine_while_readers_can_open_it(write, examined, paragraph, city):
    target = write("Target", publish=True)
    article = write(body=to_page(paragraph, target.pk) + to_page(paragraph, city.pk))
    assert told(examined(article)) == []
    target.unpublish()
    assert told(examined(article)) == [("link_inside", "A link leads to “Target”, which readers cannot open yet.")]
    target.delete()
    assert told(examined(article)) == [("link_inside", "A link leads to no page of ours: the trams")]


def test_link_to_an_article_for_staff_is_told(write, examined, paragraph):
    target = write("Target", publish=True, visibility="private")
    article = write(body=to_page(paragraph, target.pk))
    assert told(examined(article)) == [("link_inside", "A link leads to “Target”, which only staff may read.")]


def test_link_to_an_article_that_goes_out_before_is_fine(write, examined, paragraph, noon):
    opens = noon.replace(year=2098)
    target = write("Target", go_live_at=opens, publish=True)
    assert points(examined(write(body=to_page(paragraph, target.pk)))) == ["link_inside"]
    later = write("Other", body=to_page(paragraph, target.pk), go_live_at=opens + timedelta(hours=1))
    assert points(examined(later)) == []
    earlier = write("Third", body=to_page(paragraph, target.pk), go_live_at=opens - timedelta(hours=1))
    assert points(examined(earlier)) == ["link_inside"]


@pytest.mark.parametrize("kind", ["quote", "list", "html", "related", "source", "embed"])
def test_links_are_found_in_every_block_that_has_any(write, examined, block, kind, settings):
    settings.ORIGIN = "https://lantern.example"
    draft = write("Target")
    html = f'<p><a linktype="page" id="{draft.pk}">x</a></p>'
    here = f"https://lantern.example{draft.address}"
    made = {
        "quote": lambda: block("quote", {"text": html, "attribution": "", "source_url": ""}),
        "list": lambda: block("list", {"ordered": False, "items": [html]}),
        "html": lambda: block("html", f'<p><a href="{draft.address}">x</a></p>'),
        "related": lambda: block("related", {"article": draft.pk, "label": ""}),
        "source": lambda: block("quote", {"text": "<p>x</p>", "attribution": "", "source_url": here}),
        "embed": lambda: block("embed", {"url": here, "title": "", "provider": ""}),
    }[kind]()
    (finding,) = examined(write(body=[made, block("paragraph", "<p>Words.</p>")])).findings
    assert (finding.point, finding.anchor) == ("link_inside", f"body.{made['id']}")


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("/", True),
        ("/city/", True),
        ("/city", True),
        ("https://lantern.example/city/", True),
        ("http://LANTERN.example/city/#top", True),
        ("/city/target/", True),
        ("/city/target/?page=2", True),
        ("/latest/", True),
        ("/search/?q=trams", True),
        ("/authors/", True),
        ("/authors/ada-thorne/", True),
        ("/topics/trams/", True),
        ("/once/", True),
        ("/once/target/", True),
        ("/city/former/", True),
        ("/2019/05/old.html", True),
        ("/old/?p=12", True),
        ("/media/original_images/a.jpg", True),
        ("mailto:editor@lantern.example", True),
        ("#note", True),
        ("https://lantern.example.evil.example/city/", True),
        ("/city/nothing/", False),
        ("/nothing/", False),
        ("/nothing/target/", False),
        ("/authors/nobody/", False),
        ("/topics/nothing/", False),
        ("/a/b/c/d/", False),
        ("/nothing.html", False),
        ("/admin/pages/1/edit/", False),
        ("/city/unready/", False),
        ("/gone/unready/", False),
        ("https://lantern.example/%00/", False),
        ("/city/%E0%A4%A/", False),
    ],
)
def test_address_of_our_own_is_followed_without_asking_anybody(
    client, write, examined, paragraph, make_section, settings, noon, href, leads
):
    settings.ORIGIN = "https://lantern.example"
    Topic.objects.create(name="Trams", slug="trams")
    target = write("Target", slug="target", publish=True)
    write("Unready", slug="unready")
    city = target.get_parent().specific
    for former, page in (("once", city), ("former", target)):
        address = f"/city/{former}/" if page is target else f"/{former}/"
        newsroom.remember_address(page=page, address=address, now=noon)
    Redirect.objects.create(old_path="/2019/05/old.html", redirect_page=target.page_ptr)
    Redirect.objects.create(old_path="/old?p=12", redirect_link="/city/")
    article = write("Trams are back", body=linking(paragraph, href))
    assert points(examined(article)) == ([] if leads else ["link_inside"])


def test_redirect_to_a_draft_leads_nowhere(write, examined, paragraph):
    Redirect.objects.create(old_path="/old", redirect_page=write("Target").page_ptr)
    assert points(examined(write(body=linking(paragraph, "/old/")))) == ["link_inside"]


@pytest.mark.parametrize(
    "href",
    [
        "http://[",
        "https://[::1/x",
        "//",
        "http://",
        "/%00/",
        "/city/%00/",
        "http://a.example/%00",
        "/%ED%A0%80/",
        "x" * 5000,
    ],
)
def test_address_that_is_none_harms_nothing(write, examined, paragraph, href):
    assert examined(write(body=linking(paragraph, href))) is not None


# The cost -------------------------------------------------------------------------------------------------


@pytest.fixture(params=[3, 60])
def laden(request, write, make_picture, block, paragraph, noon, settings, weigh):
    """An article with so many blocks of every kind, and something of everything amiss."""
    settings.ORIGIN = "https://lantern.example"
    weigh()
    count = request.param
    targets = [write(f"Target {number}", publish=True) for number in range(3)]
    pictures = [make_picture(f"P{number}") for number in range(3)]
    body = []
    for number in range(count):
        target = targets[number % 3]
        body += [
            paragraph(f'<a linktype="page" id="{target.pk}">x</a> <a href="{target.address}">y</a>'),
            paragraph(f'<a href="https://other.example/{number}">x</a> <a href="/nothing-{number}/">y</a>'),
            paragraph(f'<a href="/authors/a{number}/">x</a> <a href="/topics/t{number}/">y</a>'),
            block("picture", {"picture": pictures[number % 3].pk, "alt": "", "credit": "", "caption": ""}),
            block("related", {"article": target.pk, "label": ""}),
        ]
        Author.objects.create(name=f"A{number}", slug=f"a{number}")
        Topic.objects.create(name=f"T{number}", slug=f"t{number}")
        url = f"https://other.example/{number}"
        LinkCheck.objects.create(url_digest=digest_of(url), url=url, answer="gone", asked_at=noon, checked_at=noon)
    credits = [{"relation": "via", "outlet": f"Wire {number}"} for number in range(count)]
    return write("Target 0", body=body, picture=pictures[0], credits=credits), count


def test_checklist_takes_thirteen_queries_however_long_the_article(laden, noon, django_assert_num_queries):
    article, count = laden
    draft = article.get_latest_revision_as_object()
    with django_assert_num_queries(13):
        examined = examine(draft, now=noon)
    assert [points(examined).count(each) for each in ("link_inside", "link_outside", "credit_licence")] == [count] * 3


def test_checklist_of_a_short_article_takes_six_queries(write, noon, django_assert_num_queries):
    draft = write().get_latest_revision_as_object()
    with django_assert_num_queries(6):
        examine(draft, now=noon)
