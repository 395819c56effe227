"""Every page is as the HTML standard says; every sentence can be translated."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import coranto.theme

TEMPLATES = sorted((Path(coranto.theme.__file__).parent / "templates").rglob("*.html"))
PAGES = [
    "/",
    "/latest/",
    "/city/",
    "/economy/",
    "/harbour/",
    "/authors/",
    "/authors/ada-thorne/",
    "/authors/bruno-kellaway/",
    "/topics/trams/",
    "/search/",
    "/search/?q=wire",
    "/search/?q=nothing-like-it",
    "/city/article-2/",
    "/opinion/article-7/",
    "/city/article-9/",
    "/city/article-8/",
    "/nowhere/",
]
# What a template says in its own words: text between tags, and the attributes that are read out.
DJANGO = re.compile(r"\{%-?\s*(?:translate|blocktranslate).*?%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SENTENCE = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", re.DOTALL)
READ_OUT = re.compile(r"\b(?:alt|title|aria-label|placeholder)=\"([^\"]*)\"")
TAG = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>", re.DOTALL)
DATA = re.compile(r"<script\b[^>]*type=\"application/json\">.*?</script>", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("address", PAGES)
def test_page_is_as_the_standard_says(client, paper, conforms, address):
    assert conforms(client.get(address).content)


@pytest.mark.parametrize("view", ["server_error", "bad_request", "forbidden", "csrf_failure"])
def test_page_of_an_error_is_as_the_standard_says(rf, conforms, view):
    from coranto.theme import views

    assert conforms(getattr(views, view)(rf.get("/")).content)


@pytest.mark.parametrize("language", ["ar", "de"])
def test_page_in_another_language_is_as_the_standard_says(client, db, conforms, language):
    from paper import print_paper

    paper = print_paper(language, articles=2)

    assert conforms(client.get("/").content)
    assert conforms(client.get(paper.article.address).content)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path).partition("/templates/")[2])
def test_template_says_nothing_that_cannot_be_translated(template):
    text = DJANGO.sub(" ", SENTENCE.sub(" ", DATA.sub(" ", template.read_text(encoding="utf-8"))))
    said = [*READ_OUT.findall(text), TAG.sub(" ", text.replace("<!doctype html>", ""))]

    assert [word for each in said for word in LETTERS.findall(each)] == []


@pytest.mark.parametrize("address", ["/", "/city/", "/latest/", "/authors/ada-thorne/", "/city/article-2/"])
def test_headings_come_in_order(client, paper, address):
    levels = [int(each) for each in re.findall(r"<h([1-6])\b", client.get(address).text)]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
