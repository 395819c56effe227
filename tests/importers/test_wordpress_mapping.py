"""What each thing of WordPress becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from exports import SITE


def test_post_becomes_an_article_with_all_that_belongs_to_it(export, run, article):
    export.category("trams", "Trams", parent="city", term_id=2)
    number = export.post(
        title="Trams <em>return</em>",
        slug="trams-return",
        excerpt="After <b>nine</b> years.",
        date="2024-03-01 10:00:00",
        modified="2024-03-05 10:00:00",
        terms=[("category", "city", "City"), ("category", "trams", "Trams"), ("post_tag", "rails", "Rails")],
        meta={"_yoast_wpseo_primary_category": "2", "_yoast_wpseo_title": "Trams %%sep%% %%sitename%%"},
    )

    run(export)

    made = article(number)
    assert (made.title, made.slug, made.standfirst) == ("Trams return", "trams-return", "After nine years.")
    assert made.address == "/trams/trams-return/"
    assert [each.title for each in made.further_sections.all()] == ["City"]
    assert made.get_parent().specific.parent_section.title == "City"
    assert [each.author.name for each in made.bylines.all()] == ["Cora Vale"]
    assert [each.name for each in made.topics.all()] == ["Rails"]
    assert made.first_published_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert made.updated_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert made.seo_title == "Trams"
    assert made.is_public
    assert made.versions.count() == 1


def test_no_account_is_made_and_no_address_is_published(export, run):
    from coranto.masthead.models import Account
    from coranto.newsroom.models import Author

    export.author("eve@lantern.example", "eve@lantern.example", "eve@lantern.example")
    export.post(creator="eve@lantern.example")

    run(export)

    assert not Account.objects.exists()
    assert not any("@" in each.name + each.slug for each in Author.objects.all())
    assert not any("lantern" in each.slug for each in Author.objects.all())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "publish"}, {"live": True, "visibility": "public"}),
        ({"status": "draft"}, {"live": False, "go_live_at": None}),
        ({"status": "pending"}, {"live": False, "go_live_at": None}),
        ({"status": "private"}, {"live": True, "visibility": "private"}),
        ({"password": "tram"}, {"live": True, "visibility": "password", "password": "tram"}),
        (
            {"status": "future", "date": "2030-01-01 00:00:00"},
            {"live": False, "go_live_at": datetime(2030, 1, 1, tzinfo=UTC)},
        ),
        (
            {"status": "future", "date": "2020-01-01 00:00:00"},
            {"live": True, "first_published_at": datetime(2020, 1, 1, tzinfo=UTC)},
        ),
        ({"comment_status": "closed"}, {"comment_policy": "closed"}),
    ],
)
def test_state_of_a_post_is_kept(export, run, article, fields, expected):
    number = export.post(**fields)

    run(export)

    made = article(number)
    assert {name: getattr(made, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "trash"}, "in the bin"),
        ({"status": "auto-draft"}, "its state is 'auto-draft'"),
        ({"type": "nav_menu_item"}, "a line of a menu: menus are arranged in the settings"),
        ({"type": "product"}, "a type of its own: product"),
        ({"type": "attachment", "url": f"{SITE}/a.pdf"}, "no picture we can show: .pdf"),
    ],
)
def test_what_is_not_taken_is_listed_with_the_reason(export, run, fields, reason):
    number = export.item(**fields)

    report = run(export)

    assert [(each["source_id"], each["reason"]) for each in report["skipped"]] == [(str(number), reason)]
    assert report["created"]["articles"] == 0


def test_second_item_with_the_same_id_is_skipped(export, run):
    export.post(id=7)
    export.post(id=7, title="Again")

    report = run(export)

    assert report["created"]["articles"] == 1
    assert [each["reason"] for each in report["skipped"]] == ["an item with the same id came before"]


def test_co_authors_stand_in_the_byline_in_order_and_once(export, run, article):
    export.author("dov", "Dov Lind")
    number = export.post(
        terms=[("author", "cap-dov", "dov"), ("author", "cora", "Cora"), ("author", "cap-dov", "dov")], creator="cora"
    )

    run(export)

    bylines = sorted(article(number).bylines.all(), key=lambda each: each.sort_order)
    assert [each.author.name for each in bylines] == ["Dov Lind", "Cora Vale"]


def test_section_at_an_address_of_the_site_is_renamed_and_said(export, run):
    from coranto.newsroom.models import Section

    export.category("support", "Support")
    export.post(terms=[("category", "support", "Support")])

    report = run(export)

    assert Section.objects.filter(slug="support-2").exists()
    assert [(each["kind"], each["from"], each["to"]) for each in report["renamed"]] == [
        ("section", "support", "support-2")
    ]


def test_article_without_a_category_has_a_section_made_for_it(export, run, article):
    number = export.post(terms=[])

    run(export)

    assert article(number).section_slug == "uncategorized"


def test_section_that_is_here_already_is_used(export, run, article):
    from coranto.newsroom.models import FrontPage, Section

    mine = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    number = export.post()

    report = run(export)

    assert article(number).get_parent().pk == mine.pk
    assert report["created"]["sections"] == 0


def test_articles_of_one_slug_in_one_section_are_told_apart(export, run, article):
    first, second = export.post(slug="trams"), export.post(slug="trams", link=f"{SITE}/2025/trams/")

    report = run(export)

    assert (article(first).slug, article(second).slug) == ("trams", "trams-2")
    assert [each["to"] for each in report["renamed"]] == ["trams-2"]


def test_pages_keep_their_tree_whatever_the_order(export, run):
    from coranto.masthead.models import PlainPage

    child = export.page(slug="team", title="Team", parent=900, link=f"{SITE}/about/team/")
    export.page(id=900, slug="about", title="About", link=f"{SITE}/about/")

    report = run(export)

    assert child
    assert sorted(page.address for page in PlainPage.objects.all()) == ["/about/", "/about/team/"]
    assert report["created"]["pages"] == 2


def test_page_is_text_as_far_as_it_goes_and_html_from_there(export, run):
    from coranto.masthead.models import PlainPage

    export.page(
        "<h2>Who we are</h2><p>Three people.</p><pre>  +--+</pre><p>And a cat.</p><script>alert(1)</script>", slug="us"
    )

    run(export)

    page = PlainPage.objects.get()
    assert page.body == "<h2>Who we are</h2><p>Three people.</p>"
    assert page.kept_html == "<pre>  +--+</pre><p>And a cat.</p>"


def test_unicode_slugs_stay_readable(export, run, article):
    number = export.post(slug="%d1%82%d1%80%d0%b0%d0%bc%d0%b2%d0%b0%d0%b9", title="Трамвай")

    run(export)

    assert article(number).slug == "трамвай"


def test_https_namespace_is_the_same_as_http(export, run, article):
    export.scheme = "https"
    number = export.post(excerpt="Short.", content="<p>Long.</p>")

    run(export)

    assert (article(number).standfirst, article(number).body_text) == ("Short.", "Long.")


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"post_views_count": "8603"}, 8603),
        ({"views": " 12 "}, 12),
        ({"wpb_post_views_count": "7", "jetpack-post-views": "40"}, 40),
        ({"views": "many"}, None),
        ({"views": "-3"}, None),
        ({"views": "9" * 30}, None),
        ({"views": "٣"}, None),
        ({"views": "0"}, None),
        ({"reviews": "5"}, None),
    ],
)
def test_views_a_plugin_counted_are_those_before_the_move(export, run, article, meta, expected):
    number = export.post(meta=meta)

    run(export)

    assert article(number).views_before == expected
