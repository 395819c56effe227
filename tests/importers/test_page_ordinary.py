"""One article on a page of an unknown site: no word less than the extraction library keeps."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
import trafilatura
from pages import Words

from coranto.importers.page.opening import Saved
from coranto.importers.page.pages import articles_of

NAV = "<nav><ul><li><a href='/city'>City</a></li><li><a href='/stage'>Stage</a></li></ul></nav>"
SIDE = "<aside class=sidebar><h3>Most read</h3><ol><li><a href='/a'>Something else that happened</a></li></ol></aside>"
FOOT = "<footer><p>© The Lantern. All rights reserved.</p><p>Imprint Privacy</p></footer>"


def body_of(seed):
    import random

    words = Words(random.Random(seed), "latin")
    parts = []
    for n in range(12):
        parts.append(f"<p>{words.paragraph(2, 5)}</p>")
        if n % 4 == 1:
            parts.append(f"<blockquote><p>{words.paragraph(1, 3)}</p></blockquote>")
        if n == 3:
            parts.append(f"<h2>{words.headline(title_case=False)}</h2>")
        if n == 6:
            parts.append(f"<ul>{''.join(f'<li>{words.sentence()}</li>' for _ in range(4))}</ul>")
        if n == 8:
            parts.append(f"<p>{words.sentence()[:-1]} <a href='/x'>{words.sentence()}</a> <b>and</b> more.</p>")
    return words.headline(title_case=False), "".join(parts)


LAYOUTS = {
    "semantic": "{nav}<main><article><header><h1>{title}</h1><p class=byline>By Ada Thorne</p></header>{body}</article></main>{side}{foot}",
    "blog theme": "{nav}<div id=page><div class='post hentry'><h2 class=entry-title>{title}</h2><div class=entry-meta>by <span class=author>Ada Thorne</span></div>"
    "<div class=entry-content>{body}</div><div class=sharedaddy>Share this: Mail</div></div><div id=comments><h3>2 Comments</h3><p>I do not agree with a word of this piece.</p></div></div>{side}{foot}",
    "tables": "<table><tr><td>{side}</td><td><h1>{title}</h1><p>By Ada Thorne</p><div>{body}</div></td></tr></table>{foot}",
    "nameless": "{nav}<div><div><div><h1>{title}</h1><p>By Ada Thorne</p><div>{body}</div></div></div></div>{foot}",
}


def words_of(text):
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(4))
def test_text_is_kept_as_well_as_by_the_library_alone(layout, seed):
    title, body = body_of(seed)
    inner = LAYOUTS[layout].format(title=title, body=body, nav=NAV, side=SIDE, foot=FOOT)
    html = f"<!doctype html><html lang=en><head><title>{title} – The Lantern</title></head><body>{inner}</body></html>"
    truth = words_of(re.sub(r"<[^>]+>", " ", body))
    library = words_of(trafilatura.extract(html, include_comments=False) or "")

    (article,) = articles_of(Saved("html", html))[0]

    mine = words_of(" ".join(article.paragraphs))
    assert sum((mine & truth).values()) >= sum((library & truth).values())
    assert sum((mine - truth).values()) <= sum((library - truth).values())
    assert (article.head.title, article.head.people) == (title, ["Ada Thorne"])


def test_what_the_page_tells_machines_fills_what_its_words_do_not_say():
    title, body = body_of(7)
    data = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": "2023-05-04T10:00:00Z",
            "author": [{"name": "Ben Okoye"}],
            "articleSection": "Harbour",
            "publisher": {"name": "The Lantern"},
        }
    )
    head = f'<title>{title}</title><meta name=description content="Boats, and what became of them."><script type="application/ld+json">{data}</script>'

    (article,), told = articles_of(
        Saved("html", f"<html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>")
    )

    found = article.as_data()
    assert (found["author"], found["published"], found["sections"]) == (
        "Ben Okoye",
        "2023-05-04T10:00:00+00:00",
        ["Harbour"],
    )
    assert (found["standfirst"], told.site) == ("Boats, and what became of them.", "The Lantern")


def test_page_without_text_shows_no_article():
    assert (
        articles_of(Saved("html", "<html><body><nav><a href=/>Home</a></nav><p>Not found</p></body></html>"))[0] == []
    )
