import html as entities

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coranto.kit import html as module
from coranto.kit.html import clean_body, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>One <b>two</b>, <i>three</i>.</p>", "One two, three."),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One<br>Two<br/>Three<br />Four</p>", "One\nTwo\nThree\nFour"),
        ("<div>One</div>Two<div>Three</div>", "One\nTwo\nThree"),
        ("<h1>One</h1><ul><li>Two</li><li>Three</li></ul>", "One\nTwo\nThree"),
        ("<table><tr><td>One</td><th>Two</th></tr><tr><td>Three</table>", "One\nTwo\nThree"),
        ("  One \n\t two \r\n  three  ", "One two three"),
        ("<p>  One </p>\n\n<p> </p><p>&nbsp;</p><p>Two</p>", "One\nTwo"),
        ("10&nbsp;000&#160;\u20ac", "10\u00a0000\u00a0\u20ac"),
        (
            "Ada &amp; Ben &lt;b&gt; &#8217; &#x2019; &eacute; &notit; &unknown;",
            "Ada & Ben <b> \u2019 \u2019 é ¬it; &unknown;",
        ),
        ("a < b > c & d", "a < b > c & d"),
        ("One<script>alert(1)</script><style>p{}</style> two", "One two"),
        ("One<noscript>two</noscript><iframe>three</iframe><svg><text>four</text></svg>", "One"),
        ("One<!-- two --> three", "One three"),
        ('<img alt="picture">One<img alt="a > b">', "One"),
        ('<a title="a > b" href="x">One</a>', "One"),
        ("<p>One<p>Two<P>Three</P>", "One\nTwo\nThree"),
        ("One</p>Two</b>Three</div>Four", "One\nTwoThreeFour"),
        ("a\x00b\x07c&#7;d\x7f&#x7f;\ud800e\ufffe", "abcde"),
        ("&#0;", "\ufffd"),
        ("<p>unfinished <b", "unfinished"),
        ("<<b>p>", "<p>"),
        ("<a<br>>b", ">b"),
    ],
)
def test_text_is_what_a_reader_reads(html, text):
    assert text_of(html) == text


SIMPLE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<br>",
                "<br/>",
                "<b>",
                "</b>",
                "<i>",
                "</i>",
                "<em>",
                "</em>",
                "<a>",
                "</a>",
                "<strong>",
                "</strong>",
                "<code>",
                "</code>",
                "<sup>",
                "</sup>",
                "<span>",
                "</span>",
                "<q>",
                "</q>",
                "<small>",
                "</small>",
                "<p",
                "<b",
                "<br",
                "<",
                ">",
                "</",
                "/>",
                "<a<br>>",
                "<<b>p>",
                "<b/>",
                "<B>",
                "<p\x00>",
            ]
        ),
        st.sampled_from(
            [
                '<a href="https://press.example/?a=1&amp;b=2">',
                '<a href="<br>">',
                '<span lang="de" dir="ltr">',
                '<a title="&quot;">',
            ]
        ),
        st.sampled_from(
            [
                "&amp;",
                "&lt;",
                "&gt;",
                "&nbsp;",
                "&#8217;",
                "&#x1F600;",
                "&#0;",
                "&#1;",
                "&#128;",
                "&#x7f;",
                "&#xfffe;",
                "&#xd800;",
                "&#x110000;",
                "&eacute",
                "&notit;",
                "&",
                "&#",
                "&#x",
                "&#10;",
                "&#13;",
                "&lt;b&gt;",
                "&amp;amp;",
                "&CounterClockwiseContourIntegral;",
            ]
        ),
        st.sampled_from([" ", "  ", "\n", "\t", "\r\n", "\f", "\u00a0", "\u2028", "\x85", "\x0b", "\x1c", "\ufeff"]),
        st.text(max_size=6),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=1500)
@given(html=SIMPLE)
@example("<a\x00>b")
@example("</p><br></br>")
@example("&eacute<b>;")
@example("&<b>amp;")
def test_quick_way_and_parser_agree(html):
    cleared = module._NO_TEXT.sub("", html)
    quick = module._simple_text(cleared)
    if quick is not None:
        assert quick == module._parsed_text(cleared)


def test_usual_paragraph_takes_the_quick_way(monkeypatch):
    monkeypatch.setattr(module, "_parsed_text", None)
    text = text_of(
        '<p>One <b>two</b> <a href="https://press.example/" rel="noopener">three</a> &amp; <em>four</em><br></p>'
    )
    assert text == "One two three & four"


WELL_FORMED = st.recursive(
    st.text(alphabet="ab é&<>", max_size=6).map(entities.escape),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["b", "em", "span", "sup"]),
        st.lists(inner, max_size=3),
    ),
)


@given(paragraphs=st.lists(WELL_FORMED, min_size=1, max_size=4))
def test_text_is_what_another_parser_reads(paragraphs):
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    tree = lxml.html.fromstring(f"<div>{html}</div>")
    lines = [" ".join(paragraph.text_content().split()) for paragraph in tree]
    assert text_of(html) == "\n".join(filter(None, lines))


@given(html=st.text())
def test_text_has_no_empty_lines_and_no_space_at_the_ends(html):
    lines = text_of(html).split("\n")
    assert lines == [""] or all(line and line == line.strip() for line in lines)


@given(html=SIMPLE)
def test_cleaning_loses_no_words(html):
    assert text_of(clean_body(html)).split() == text_of(html).split()


def test_endless_nesting_still_gives_its_text():
    assert text_of("<div>" * 200_000 + "deep") == "deep"
