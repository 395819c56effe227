"""WordPress's own markup: paragraphs from blank lines, shortcodes, the block editor's comments."""

from __future__ import annotations

from collections import Counter

import pytest

from coranto.importers.rules.credit_lines import CreditLine, read_credit_line
from coranto.importers.wordpress import seo, shortcodes
from coranto.importers.wordpress.blockmarkup import Markup
from coranto.importers.wordpress.paragraphs import add_paragraphs
from coranto.kit.html import text_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One\nTwo", "<p>One<br>\nTwo</p>"),
        ("<p>One</p>\n<p>Two</p>", "<p>One</p>\n<p>Two</p>"),
        ("One\r\n\r\n<b>Two</b>", "<p>One</p>\n<p><b>Two</b></p>"),
        ("<blockquote>Said</blockquote>", "<blockquote>Said</blockquote>"),
        ("Before\n<h2>Head</h2>\nAfter", "<p>Before</p>\n<h2>Head</h2>\n<p>After</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
    ],
)
def test_blank_lines_make_paragraphs(text, expected):
    assert add_paragraphs(text) == expected


def test_paragraphs_keep_every_word():
    text = "a\n\n<ul>\n<li>b\n\nc</li>\n</ul>\nd <em>e\n\nf</em>\n\n<div>g\n\nh</div>\n<blockquote>i\n\nj</blockquote>k"

    assert "".join(text_of(add_paragraphs(text)).split()) == "abcdefghijk"


def expand(html, children=()):
    unknown = Counter()
    return shortcodes.expand_shortcodes(html, children=lambda: children, unknown=unknown), unknown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '[caption id="attachment_7" width="300"]<img src="/a.png"> A tram[/caption]',
            '<figure><img data-picture="7" src="/a.png"><figcaption>A tram</figcaption></figure>',
        ),
        (
            '[caption caption="Old style"]<img src="/a.png">[/caption]',
            '<figure><img src="/a.png"><figcaption>Old style</figcaption></figure>',
        ),
        ('[gallery ids="3,4"]', '<figure><img data-picture="3"></figure>\n<figure><img data-picture="4"></figure>'),
        ("[gallery]", '<figure><img data-picture="8"></figure>'),
        ("[embed]https://vimeo.com/7[/embed]", '<figure data-embed="https://vimeo.com/7">https://vimeo.com/7</figure>'),
        ('[audio mp3="https://l.example/a.mp3"][/audio]', '<figure data-embed="https://l.example/a.mp3"></figure>'),
        ("[youtube https://youtu.be/abc]", '<figure data-embed="https://youtu.be/abc"></figure>'),
        ("[[gallery]]", "[gallery]"),
        ("He said [sic] and [laughs].", "He said [sic] and [laughs]."),
    ],
)
def test_known_shortcodes_become_html(html, expected):
    assert expand(html, ["8"])[0].strip() == expected


def test_unknown_shortcodes_stay_and_are_counted():
    html = '[su_box title="x"]Inside[/su_box] [sic] [contact-form-7 id="3"]'

    assert expand(html) == (html, Counter({"su_box": 1, "contact-form-7": 1}))


def test_address_on_its_own_line_is_an_embed_of_a_player_or_a_link():
    html = "Look:\nhttps://youtu.be/abc\n\nhttps://blog.example/\nand https://youtu.be/x inside"

    made = shortcodes.link_own_lines(html, lambda url: "youtu" in url)

    assert '<figure data-embed="https://youtu.be/abc">' in made
    assert '<a href="https://blog.example/">' in made
    assert "and https://youtu.be/x inside" in made


def test_block_comments_go_and_loose_text_gets_paragraphs():
    html = '<!-- wp:group {"a":{"b":"}"}} --><div><!-- wp:paragraph --><p>In</p><!-- /wp:paragraph --></div><!-- /wp:group -->\n\nLoose\n\ntext'

    assert Markup().html_of(html) == "<div><p>In</p></div><p>Loose</p>\n<p>text</p>"


def test_reusable_blocks_are_put_in_and_a_circle_of_them_ends():
    markup = Markup(reusable={"5": "<p>Ours</p>", "6": '<!-- wp:block {"ref":6} /-->'})

    assert markup.html_of('<!-- wp:block {"ref":5} /-->') == "<p>Ours</p>"
    assert markup.html_of('<!-- wp:block {"ref":6} /-->').strip() == ""
    assert markup.without_html == {"block": 1}


def test_footnotes_come_from_beside_the_text():
    markup = Markup(footnotes='[{"id":"a","content":"A <em>note</em>"}]')

    assert markup.html_of("<!-- wp:footnotes /-->") == "<ol><li>A <em>note</em></li></ol>"


def test_blocks_without_text_are_counted():
    markup = Markup()
    markup.html_of('<!-- wp:latest-posts {"n":3} /--><!-- wp:spacer /-->')

    assert markup.without_html == {"latest-posts": 1}


@pytest.mark.parametrize(
    ("meta", "title", "description"),
    [
        ({"_yoast_wpseo_title": "Trams", "_yoast_wpseo_metadesc": "All of it"}, "Trams", "All of it"),
        ({"rank_math_title": "%title% %sep% %sitename%"}, "", ""),
        (
            {"_aioseo_title": "#post_title #separator_sa News", "_aioseo_description": "#1 in town"},
            "News",
            "#1 in town",
        ),
        ({"_seopress_titles_desc": "%%excerpt%% now"}, "", "now"),
    ],
)
def test_search_titles_lose_their_variables(meta, title, description):
    assert (seo.title_of(meta), seo.description_of(meta)) == (title, description)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authored by Cleo Marsh, via Open Dispatch:", ("authored-by", ("Cleo Marsh",), "Open Dispatch")),
        ("Authored by Cleo Marsh via Open Dispatch,", ("authored-by", ("Cleo Marsh",), "Open Dispatch")),
        ("Via Harbour Wire:", ("via", (), "Harbour Wire")),
        ("Via Ada Kestrel, via Harbour Wire:", ("via", ("Ada Kestrel",), "Harbour Wire")),
        ("Op-ed by Ada Kestrel:", ("op-ed-via", ("Ada Kestrel",), "")),
        ("Submitted by Tyler of Two Rivers", ("authored-by", ("Tyler",), "Two Rivers")),
        ("Written by Ada Kestrel and Bram van der Oduya of The Northern Ledger", ("authored-by", ("Ada Kestrel", "Bram van der Oduya"), "The Northern Ledger")),
        ("Authored by Mike via example.org,", ("authored-by", ("Mike",), "example.org")),
    ],
)  # fmt: skip
def test_credit_line_is_read(text, expected):
    assert read_credit_line(text) == CreditLine(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "Written by hand, the letter was found in a drawer.",
        "Via email, she said she would not come back to the office until the trams return.",
        "Authored by a committee that nobody elected, the plan failed.",
        "By the time the trams returned, nobody waited.",
        "Authored by " + "Ada " * 80,
        "",
    ],
)
def test_prose_is_no_credit_line(text):
    assert read_credit_line(text) is None
