"""HTML of any origin as blocks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coranto.importers.bodies import convert_body
from coranto.kit.html import text_of
from coranto.newsroom.rules import text_of_body


class Lookups:
    """Links stay as they are; pictures 1 to 9 are ours; lantern.example is the old site."""

    def link(self, url):
        return 42 if url == "https://lantern.example/known/" else url

    def picture(self, key, url):
        return int(key) if key else None

    def is_own(self, url):
        return "lantern.example" in url


def blocks(html):
    return [(each["type"], _without_ids(each["value"])) for each in convert_body(html, Lookups()).body]


def _without_ids(value):
    if isinstance(value, dict) and "items" in value:
        return {**value, "items": [each["value"] for each in value["items"]]}
    return value


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<p>One</p><p>Two</p>", [("paragraph", "<p>One</p>"), ("paragraph", "<p>Two</p>")]),
        ("<div>Loose <b>words</b><p>Then</p></div>", [("paragraph", "<p>Loose <b>words</b></p>"), ("paragraph", "<p>Then</p>")]),
        ("<p><strong>S</strong> <em>e</em></p>", [("paragraph", "<p><b>S</b> <i>e</i></p>")]),
        ("<h1>Top</h1><h3>Low</h3><h6>Deep</h6>", [
            ("heading", {"text": "Top", "level": "2"}),
            ("heading", {"text": "Low", "level": "3"}),
            ("heading", {"text": "Deep", "level": "4"}),
        ]),
        ("<hr>", [("divider", None)]),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", [("list", {"ordered": False, "items": ["a", "b <b>c</b>"]})]),
        ("<ol><li><p>a</p></li></ol>", [("list", {"ordered": True, "items": ["a"]})]),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", [("paragraph", "<ul><li>a<ul><li>b</li></ul></li></ul>")]),
        (
            "<blockquote cite='https://s.example/'><p>Words.</p><cite>Ada</cite></blockquote>",
            [("quote", {"text": "<p>Words.</p>", "attribution": "Ada", "source_url": "https://s.example/"})],
        ),
        (
            "<blockquote><p>Words.</p><p>— Ada Thorne</p></blockquote>",
            [("quote", {"text": "<p>Words.</p>", "attribution": "Ada Thorne", "source_url": ""})],
        ),
        (
            "<blockquote><p>Words.<br>–WSJ</p></blockquote>",
            [("quote", {"text": "<p>Words.</p>", "attribution": "WSJ", "source_url": ""})],
        ),
        (
            "<figure class='wp-block-pullquote'><blockquote><p>Loud.</p><cite>Ada</cite></blockquote></figure>",
            [("pull_quote", {"text": "Loud.", "attribution": "Ada"})],
        ),
        (
            "<p>Before <img data-picture=3 alt=Tram> after</p>",
            [
                ("paragraph", "<p>Before</p>"),
                ("picture", {"picture": 3, "caption": "", "credit": "", "alt": "Tram"}),
                ("paragraph", "<p>after</p>"),
            ],
        ),
        (
            "<figure><a href=/x><img data-picture=3></a><figcaption>A <b>tram</b>.</figcaption></figure>",
            [("picture", {"picture": 3, "caption": "A tram.", "credit": "", "alt": ""})],
        ),
        (
            "<figure><img src=https://lantern.example/gone.png><figcaption>Said of it.</figcaption></figure>",
            [("paragraph", "<p>Said of it.</p>")],
        ),
        (
            "<figure><img src=https://else.example/a.png><figcaption>Theirs.</figcaption></figure>",
            [("embed", {"url": "https://else.example/a.png", "title": "Theirs.", "provider": "else.example"})],
        ),
        (
            "<iframe src='//www.youtube.com/embed/abcdefgh?x=1'></iframe>",
            [("embed", {"url": "https://www.youtube.com/watch?v=abcdefgh", "title": "", "provider": "YouTube"})],
        ),
        ("<pre>a  b\nc</pre>", [("html", "<pre>a  b\nc</pre>")]),
        ("<p>See <a href='https://lantern.example/known/'>this</a></p>", [
            ("paragraph", '<p>See <a linktype="page" id="42">this</a></p>')
        ]),
        ("<p></p><p>&nbsp;</p>", []),
    ],
)  # fmt: skip
def test_html_becomes_blocks(html, expected):
    assert blocks(html) == expected


def test_simple_table_is_a_table_and_another_stays_html():
    simple = "<table><thead><tr><th>Stop</th><th>Time</th></tr></thead><tbody><tr><td>Quay</td><td>5</td></tr></tbody></table>"
    other = "<table><tr><td colspan=2>Both</td></tr><tr><td>a</td><td>b</td></tr></table>"

    (kind, table), (other_kind, _) = blocks(simple + other)

    assert (kind, other_kind) == ("table", "html")
    assert table["data"] == [["Stop", "Time"], ["Quay", "5"]]
    assert (table["first_row_is_table_header"], table["table_header_choice"]) == (True, "row")


def test_table_blocks_are_as_wagtail_wants_them():
    from coranto.newsroom.blocks import BodyBlock

    raw = convert_body("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", Lookups()).body

    BodyBlock().clean(BodyBlock().to_python(raw))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>ok</p>",
        "<p onclick=alert(1)>ok</p>",
        '<p><a href="javascript:alert(1)">ok</a></p>',
        '<p><a href="&#106;avascript:alert(1)">ok</a></p>',
        "<p>ok<img src=x onerror=alert(1)></p>",
        "<table><tr><td colspan=2><img src=x onerror=alert(1)>ok</td></tr></table>",
        '<blockquote>ok<iframe srcdoc="<script>alert(1)</script>"></iframe></blockquote>',
        '<iframe src="javascript:alert(1)"></iframe>ok',
        "<svg onload=alert(1)><p>ok</p></svg>ok",
        '<math><mi xlink:href="data:x,<script>alert(1)</script>">ok</mi></math>ok',
        '<a linktype="page" id="1" href="x" onfocus="alert(1)">ok</a>',
        "<details open ontoggle=alert(1)><summary>ok</summary></details>",
    ],
)
def test_hostile_markup_is_dead(html):
    said = str(convert_body(html, Lookups()).body).lower()

    assert "ok" in said
    for bad in (
        "<script",
        "onclick",
        "onerror",
        "onload",
        "ontoggle",
        "onfocus",
        "javascript:",
        "srcdoc",
        "<svg",
        "<iframe",
    ):
        assert bad not in said


def test_nobody_can_write_a_link_to_a_page_of_ours_by_its_id():
    assert blocks('<p><a linktype="page" id="7">x</a></p>') == [("paragraph", "<p>x</p>")]


@pytest.mark.parametrize("depth", [300, 20_000])
def test_deep_nesting_loses_no_word(depth):
    html = "<div>" * depth + "deep" + "</div>" * depth + "<p>end</p>"

    body = convert_body(html, Lookups()).body

    assert "".join(text_of_body(body).split()) == "deepend"


TAGS = ["p", "div", "b", "em", "blockquote", "ul", "ol", "li", "h2", "table", "tr", "td", "figure", "figcaption", "a",
        "span", "pre", "cite", "section", "dl", "dt", "dd", "details", "summary", "sup", "q"]  # fmt: skip


@st.composite
def fragments(draw, depth=4):
    word = st.text("abc &<>é\u00a0\n", min_size=0, max_size=6).map(
        lambda t: t.replace("&", "&amp;").replace("<", "&lt;")
    )
    if depth == 0:
        return draw(word)
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            parts.append(draw(word))
        else:
            tag = draw(st.sampled_from([*TAGS, "br", "hr"]))
            inner = "" if tag in {"br", "hr"} else draw(fragments(depth=depth - 1)) + f"</{tag}>"
            parts.append(f"<{tag}>{inner}")
    return "".join(parts)


@given(fragments())
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_or_doubled(html):
    """Text that stands in a table outside its cells may change places: browsers do not agree either."""
    words = sorted("".join(text_of(html).split()))

    assert sorted("".join(text_of_body(convert_body(html, Lookups()).body).split())) == words
