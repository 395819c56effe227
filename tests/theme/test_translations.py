"""What readers see is there in every language we promise."""

from __future__ import annotations

import ast
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation

import coranto.theme
from coranto.theme.management.commands import makemessages

THEME = Path(coranto.theme.__file__).parent
TEMPLATES = THEME / "templates"
LANGUAGES = ["ar", "de", "es"]
# What editors see, in the admin.
FOR_EDITORS = ("desk/", "wagtail", "newsroom/panels/", "masthead/rights_")
READERS = sorted(
    path for path in TEMPLATES.rglob("*.html") if not str(path.relative_to(TEMPLATES)).startswith(FOR_EDITORS)
)
TRANSLATE = re.compile(
    r"\{% translate (?P<quote>['\"])(?P<text>.*?)(?P=quote)(?: context (['\"])(?P<context>.*?)\3)?[^%]*%\}"
)
BLOCK = re.compile(r"\{% blocktranslate(?P<words>[^%]*)%\}(?P<text>.*?)\{% endblocktranslate %\}", re.DOTALL)
PLURAL = re.compile(r"\{% plural %\}")
VARIABLE = re.compile(r"\{\{ *(\w+) *\}\}")
CONTEXT = re.compile(r"context (['\"])(.*?)\1")


def sentences(source):
    """`(context, singular, plural)` for each sentence of a template, as the catalogue knows them."""
    for found in TRANSLATE.finditer(source):
        yield found["context"] or "", found["text"], ""
    for found in BLOCK.finditer(source):
        # What is no variable may hold a percent sign, which the catalogue doubles.
        forms = [VARIABLE.sub(r"%(\1)s", each.replace("%", "%%")) for each in PLURAL.split(found["text"])]
        if re.search(r"\btrimmed\b", found["words"]):
            forms = [" ".join(filter(None, (line.strip() for line in form.splitlines()))) for form in forms]
        context = CONTEXT.search(found["words"])
        yield context[2] if context else "", forms[0], forms[1] if len(forms) > 1 else ""


SENTENCES = sorted({each for path in READERS for each in sentences(path.read_text(encoding="utf-8"))})


def catalogue(language):
    with (THEME / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


def entries(language):
    """The source of a catalogue: blank-line-separated entries, as text."""
    return (THEME / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8").split("\n\n")


def test_templates_have_sentences_of_every_kind():
    assert len(SENTENCES) > 90
    assert {bool(context) for context, _, _ in SENTENCES} == {True, False}
    assert ("", "%(minutes)s minute", "%(minutes)s minutes") in SENTENCES
    assert ("before the last of several names", " and ", "") in SENTENCES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_for_readers_is_translated(language):
    known = catalogue(language)._catalog
    missing = []
    for context, singular, plural in SENTENCES:
        key = f"{context}\x04{singular}" if context else singular
        if not known.get((key, 0) if plural else key):
            missing.append(key)

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert [each for each in entries(language) if re.search("^#, .*fuzzy", each, re.MULTILINE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_says_what_its_source_says(language):
    source = {}
    for entry in entries(language):
        parts = {"msgctxt": "", "msgid": "", "msgstr": ""}
        name = ""
        for line in entry.splitlines():
            said = re.match(r"(msgctxt|msgid|msgstr) (\".*\")", line)
            if said:
                name = said[1]
            if name and (line.startswith('"') or said):
                parts[name] += ast.literal_eval(said[2] if said else line)
        if parts["msgid"] and parts["msgstr"]:
            key = f"{parts['msgctxt']}\x04{parts['msgid']}" if parts["msgctxt"] else parts["msgid"]
            source[key] = parts["msgstr"]
    compiled = {key: text for key, text in catalogue(language)._catalog.items() if isinstance(key, str) and key}

    assert compiled == source


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_the_same_things_as_the_sentences(language):
    def named(text):
        return sorted(re.findall(r"%\((\w+)\)", text))

    known = catalogue(language)._catalog
    wrong = {key: text for key, text in known.items() if isinstance(key, str) and key and named(key) != named(text)}

    assert wrong == {}


def test_arabic_counts_in_six_ways():
    with translation.override("ar"):
        said = [
            translation.ngettext("%(total)s comment", "%(total)s comments", number) % {"total": number}
            for number in [0, 1, 2, 3, 10, 11, 99, 100, 101, 103]
        ]

    assert said == [
        "لا تعليقات",
        "تعليق واحد",
        "تعليقان",
        "3 تعليقات",
        "10 تعليقات",
        "11 تعليقًا",
        "99 تعليقًا",
        "100 تعليق",
        "101 تعليق",
        "103 تعليقات",
    ]


@pytest.mark.parametrize(
    ("language", "day", "published", "total"),
    [
        ("en", "Sunday, March 1, 2026", "March 1, 2026, 10 a.m. GMT", "9 comments"),
        ("de", "Sonntag, 1. März 2026", "1. März 2026, 10:00 Uhr GMT", "9 Kommentare"),
        ("es", "domingo, 1 de marzo de 2026", "1 de marzo de 2026, 10:00 GMT", "9 comentarios"),
        ("ar", "الأحد، 1 مارس، 2026", "1 مارس، 2026، 10:00 ص GMT", "9 تعليقات"),
    ],
)
def test_days_times_and_counts_follow_the_language(client, paper, language, day, published, total):
    from coranto.masthead.models import Publication

    publication = Publication.objects.get()
    publication.language = language
    publication.save()
    latest, article = (" ".join(client.get(each).text.split()) for each in ["/latest/", paper.article.address])

    assert f"> {day} </h2>" in latest
    assert f"{published} </time>" in article
    assert f"> {total} </h2>" in article
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in article


def test_collecting_never_guesses():
    assert "--no-fuzzy-matching" in makemessages.Command.msgmerge_options
    assert {"--update", "--previous"} < set(makemessages.Command.msgmerge_options)
