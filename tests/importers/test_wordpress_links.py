"""Links within the site, addresses that were, credit lines."""

from __future__ import annotations

from exports import SITE
from wagtail.contrib.redirects.models import Redirect


def test_links_to_items_of_the_export_lead_to_their_pages(export, run, article, body):
    first = export.post(slug="first")
    second = export.post(
        f'<p><a href="{SITE}/2024/03/first/">a</a> <a href="http://www.lantern.example/?p={first}">b</a> '
        f'<a href="/2024/03/first/#top">c</a> <a href="{SITE}/elsewhere/">d</a> <a href="https://x.example/">e</a></p>'
    )

    run(export)

    page = f'<a linktype="page" id="{article(first).pk}">'
    links = f'{page}a</a> {page}b</a> {page}c</a> <a href="{SITE}/elsewhere/">d</a> <a href="https://x.example/">e</a>'
    assert body(second) == [("paragraph", f"<p>{links}</p>")]


def test_links_forward_and_in_a_circle_lead_there_too(export, run, article, body):
    one, two = 501, 502
    export.post(f'<p><a href="{SITE}/2024/03/two/">two</a></p>', id=one, slug="one")
    export.post(f'<p><a href="{SITE}/2024/03/one/">one</a></p>', id=two, slug="two")
    three = export.post(f'<p><a href="{SITE}/2024/03/last/">last</a></p>', id=503)
    last = export.post(id=504, slug="last")

    run(export)

    assert body(one) == [("paragraph", f'<p><a linktype="page" id="{article(two).pk}">two</a></p>')]
    assert body(two) == [("paragraph", f'<p><a linktype="page" id="{article(one).pk}">one</a></p>')]
    assert body(three) == [("paragraph", f'<p><a linktype="page" id="{article(last).pk}">last</a></p>')]
    assert article(three).versions.count() == 1


def test_second_import_finds_nothing_to_do_even_in_a_circle(export, run):
    export.post(f'<p><a href="{SITE}/2024/03/two/">two</a></p>', slug="one")
    export.post(f'<p><a href="{SITE}/2024/03/one/">one</a></p>', slug="two")
    run(export)

    again = run(export)

    assert (set(again["created"].values()), set(again["updated"].values())) == ({0}, {0})
    assert again["unchanged"]["articles"] == 2


def test_old_addresses_lead_to_the_article(export, run, article, client):
    number = export.post(slug="trams", meta={"_wp_old_slug": "tramz"})
    run(export)
    made = article(number)

    pages = dict(Redirect.objects.filter(redirect_page_id=made.pk).values_list("old_path", "is_permanent"))

    assert pages == {"/2024/03/trams": True, "/2024/03/tramz": True, f"/?p={number}": True}


def test_lists_by_category_tag_and_author_lead_to_ours(export, run):
    export.category("trams", "Trams", parent="city")
    export.post(terms=[("category", "trams", "Trams"), ("post_tag", "rails", "Rails")])

    run(export)

    links = {each.old_path: each.link or each.redirect_page.slug for each in Redirect.objects.all()}
    assert links["/tag/rails"] == "/topics/rails/"
    assert links["/author/cora"] == "/authors/cora/"
    assert {"/category/city", "/category/trams", "/category/city/trams"} <= links.keys()


def test_no_redirect_where_the_address_stays_or_another_page_answers(export, run):
    export.post(slug="same", link=f"{SITE}/city/same/")
    export.post(slug="clash", link=f"{SITE}/city/")
    export.post(slug="kept", link=f"{SITE}/search/")

    report = run(export)

    paths = set(Redirect.objects.values_list("old_path", flat=True))
    assert not paths & {"/city/same", "/city", "/search"}
    assert sorted(each["source_id"] for each in report["skipped"]) == ["/city", "/search"]


def test_drafts_have_no_redirects(export, run):
    number = export.post(status="draft", link=f"{SITE}/?p=9")

    run(export)

    assert not Redirect.objects.filter(old_path__contains=f"p={number}").exists()


def test_credit_line_becomes_data_and_leaves_the_text(export, run, article):
    number = export.post(
        '<p><em>Authored by Cleo Marsh, via <a href="https://dispatch.example/7">Open Dispatch</a>:</em></p><p>Text.</p>'
    )

    report = run(export)

    made = article(number)
    credit = made.credits.get()
    assert (credit.relation, credit.people, credit.outlet) == ("authored-by", "Cleo Marsh", "Open Dispatch")
    assert credit.original_url == "https://dispatch.example/7"
    assert made.body_text == "Text."
    assert report["credits"] == 1
