"""From what is typed to what stands on the page."""

from __future__ import annotations

import pytest

from coranto.comments.rules import words
from coranto.kit.html import clean_comment


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One\ntwo\n\nthree", "<p>One<br>\ntwo</p>\n<p>three</p>"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# no heading", "<p># no heading</p>"),
        ("no\n---", "<p>no<br>\n---</p>"),
        (
            "![no](https://p.example/x.png)",
            '<p>!<a href="https://p.example/x.png" rel="nofollow ugc noopener">no</a></p>',
        ),
        (
            "see https://a.example/b.",
            '<p>see <a href="https://a.example/b" rel="nofollow ugc noopener">https://a.example/b</a>.</p>',
        ),
        ("at noon.The tram", "<p>at noon.The tram</p>"),
        ("ben@reader.example", "<p>ben@reader.example</p>"),
        ("[x](javascript:pwned())", "<p>[x](javascript:pwned())</p>"),
        ("<script>pwned()</script>", "<p>&lt;script&gt;pwned()&lt;/script&gt;</p>"),
    ],
)
def test_subset_of_markdown(source, html):
    assert words.render(source) == html


def test_what_cannot_be_seen_goes():
    assert words.tidy("a\u202eb\u2066c\x00d\ufeff\r\ne") == "abcd\ne"
    assert words.tidy("a\n\n\n\n\n\nb") == "a\n\n\nb"
    assert (
        words.tidy("\u0645\u0631\u062d\u0628\u0627 👩\u200d🚒 नमस्ते") == "\u0645\u0631\u062d\u0628\u0627 👩\u200d🚒 नमस्ते"
    )


def test_towers_of_marks_are_taken_down():
    tower = "Z" + "\u0301\u0327\u0330" * 40
    assert len(words.tidy(tower)) <= 1 + words.MOST_MARKS


def test_character_references_bring_back_nothing_that_was_taken_out():
    html = words.render("a&#x202e;b&#8294;c" + "&#x301;" * 1400 + "**&#x301;&#x301;**`&#x202e;`")

    assert html == "<p>abc" + "\u0301" * words.MOST_MARKS + "<strong></strong><code>&amp;#x202e;</code></p>"


@pytest.mark.parametrize(
    "source",
    [
        "",
        ">",
        "-",
        "1.",
        "\u200b",
        "\u2060\u00ad",
        "&nbsp;",
        "&#x200b;&zwj;",
        "[](http://x.example)",
        "\u3164",
        "\u2800 \uffa0\u115f\u1160",
        "\u0301",
    ],
)
def test_what_nobody_can_see_says_nothing(source):
    assert not words.says_something(words.render(source))


@pytest.mark.parametrize("source", ["a", "\U0001f44d", "!", "\u0645", "- 1", "> \u0939\u093f", "**.**"])
def test_what_can_be_seen_says_something(source):
    assert words.says_something(words.render(source))


@pytest.mark.parametrize(
    "source",
    [
        "[" * 10_000,
        "*a " * 3_000,
        "> " * 5_000,
        "- " * 5_000,
        "`" * 9_999,
        "[a](" * 2_500,
        "<" * 10_000,
        "https://" * 1_200,
        "_" * 9_999 + "a",
        "![" * 5_000,
        "\\" * 10_000,
    ],
)
@pytest.mark.timeout(20)
def test_nothing_a_comment_can_hold_takes_long(source):
    html = words.render(source)

    assert clean_comment(html) == html
    assert len(html) < 400_000


def test_digest_is_of_the_words():
    assert words.digest_of("<p>A  tram</p>") == words.digest_of("<p><em>a</em> TRAM</p>")
    assert words.digest_of("<p>A tram</p>") != words.digest_of("<p>A bus</p>")
