"""Saved pages of The Lantern, an invented paper, in many shapes and languages; each with what a perfect reader finds.

Words are made of syllables. What varies with the seed: how many articles a page holds, what its labels are called,
whether a person, the paper or nobody signs, where date and views stand, which pieces are missing, how long paragraphs
are, what stands amid the text and around it; and for HTML, which elements and class names say so.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from html import escape

from page_labels import LABELS

PAPER = "The Lantern"
PEOPLE = [
    "Ada Thorne",
    "Ben Okoye",
    "Cora Vale",
    "Dov Lindgren",
    "Eva van Dijk",
    "Filip Marek",
    "Gül Aydın",
    "Henri Lacombe",
]
OUTLETS = ["Coast Courier", "The Eastern Gazette", "Delta Chronicle", "Il Faro"]
RELATIONS = {"by": "authored by", "via": "via", "oped": "op-ed via"}
SYLLABLES = {
    "latin": [
        "bo",
        "cha",
        "dru",
        "el",
        "fi",
        "gor",
        "hin",
        "ja",
        "kel",
        "lum",
        "mar",
        "nop",
        "ost",
        "pri",
        "qua",
        "ros",
        "sil",
        "tem",
        "und",
        "vik",
        "wal",
        "yor",
        "zet",
    ],
    "cyrillic": [
        "ба",
        "вел",
        "гор",
        "дин",
        "жа",
        "зем",
        "кул",
        "лор",
        "мин",
        "ност",
        "ора",
        "пел",
        "рус",
        "сан",
        "тем",
        "уль",
        "фор",
        "хан",
        "чер",
        "шен",
    ],
    "arabic": [
        "با",
        "تم",
        "جر",
        "دن",
        "رس",
        "زل",
        "سم",
        "شر",
        "صد",
        "طب",
        "عر",
        "غل",
        "فن",
        "قم",
        "كر",
        "لب",
        "مد",
        "نس",
        "هل",
        "يك",
    ],
}


@dataclass
class Truth:
    title: str
    standfirst: str = ""
    sections: list[str] = field(default_factory=list)
    author: str | None = None
    published: str | None = None
    views: int | None = None
    credit: dict | None = None
    paragraphs: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)


@dataclass
class Made:
    text: str
    html: str
    truth: list[Truth]
    shows_sections: bool


class Words:
    def __init__(self, rng: random.Random, script: str) -> None:
        self.rng, self.syllables = rng, SYLLABLES[script]

    def words(self, low: int, high: int) -> list[str]:
        return [
            "".join(self.rng.choices(self.syllables, k=self.rng.choice((1, 2, 2, 3))))
            for _ in range(self.rng.randint(low, high))
        ]

    def sentence(self, low: int = 10, high: int = 22) -> str:
        text = " ".join(self.words(low, high))
        return text[0].upper() + text[1:] + self.rng.choice("....?")

    def paragraph(self, low: int, high: int) -> str:
        return " ".join(self.sentence() for _ in range(self.rng.randint(low, high)))

    def headline(self, *, title_case: bool) -> str:
        words = self.words(5, 11)
        return " ".join(map(str.capitalize, words)) if title_case else " ".join(words).capitalize()


def make_page(seed: int, language: str = "en", *, articles: int | None = None) -> Made:
    """A page with its truth, the same for the same arguments."""
    rng = random.Random(f"{seed}-{language}-{articles}")
    labels = LABELS[language]
    words = Words(rng, labels["script"])
    style = {
        "title_case": rng.random() < 0.6,
        "dated": rng.random() < 0.5,
        "short_paragraphs": rng.random() < 0.4,
        "meta_first": rng.random() < 0.25,
        "tight": rng.random() < 0.5,
        "markup": rng.choice(("articles", "divs", "flat", "spans")),
    }
    # Below the byline, only the length of what follows tells a standfirst from a first paragraph.
    count = articles or rng.randint(1, 9)
    style["meta_first"] = style["meta_first"] and not style["short_paragraphs"] and count > 1
    made = [_article(rng, words, labels, style, is_lead=n == 0) for n in range(count)]
    titles = [truth.title for truth, _ in made]
    trending = rng.sample(titles, min(2, count)) if rng.random() < 0.4 else []
    tail = [*labels["tail"], *trending]
    truth = [each for each, _ in made]
    return Made(
        _as_text(labels, style, made, tail),
        _as_html(language, labels, style, made, tail),
        truth,
        style["markup"] != "flat",
    )


def _article(rng, words, labels, style, *, is_lead):
    truth = Truth(title=words.headline(title_case=style["title_case"]))
    parts: dict[str, list] = {"sections": [], "meta": [], "body": [], "tail": []}
    truth.sections = [labels["new"], *(rng.sample(labels["sections"], 2) if is_lead else [])]
    truth.standfirst = words.sentence(9, 20) if rng.random() < 0.85 or not is_lead else ""
    signed = rng.choice(("person", "paper", "nobody")) if not is_lead else "person"
    if signed == "person":
        truth.author = rng.choice(PEOPLE)
        parts["meta"].append(("byline", truth.author))
    elif signed == "paper":
        parts["meta"].append(("byline", PAPER))
    if style["dated"]:
        day, year = rng.randint(10, 28), rng.randint(2015, 2025)
        truth.published = f"{year}-03-{day}"
        date = labels["month"].format(day, year) if "03" not in labels["month"] else f"{day}.03.{year}"
        parts["meta"].append(("date", f"{' '.join(labels['published'])} {date}"))
    else:
        parts["meta"] += [("label", each) for each in labels["published"]]
    if is_lead or rng.random() < 0.3:
        truth.views = rng.randint(40, 90_000)
        parts["meta"].append(("views", labels["views"].format(_grouped(truth.views, rng))))
    if not is_lead and rng.random() < 0.8:
        kind = rng.choice(("by", "via", "oped"))
        person, outlet = rng.choice(PEOPLE), rng.choice(OUTLETS)
        people = [person] if kind != "via" else []
        truth.credit = {"people": people, "outlet": outlet if kind != "by" else None, "relation": RELATIONS[kind]}
        parts["credit"] = labels[kind].format(*people, *([outlet] if kind != "by" else []))
    _fill_body(rng, words, labels, style, truth, parts)
    if truth.credit and truth.credit["people"] and rng.random() < 0.5:
        parts["tail"].append(labels["own"])
    parts["tail"] += [labels["plug"], *([labels["ad"], *labels["form"]] if is_lead else [labels["more"]])]
    return truth, parts


def _grouped(number, rng):
    return f"{number:,}".replace(",", rng.choice((",", ".", "\u202f", " ", "'")))


def _fill_body(rng, words, labels, style, truth, parts):
    low, high = (1, 2) if style["short_paragraphs"] else (3, 5)
    body = parts["body"]
    count = rng.randint(5, 14)
    for place in range(count):
        # The first and the last are told from standfirst and plea by their length.
        text = words.paragraph(3, 5) if place in {0, count - 1} else words.paragraph(low, high)
        if place % 5 == 3:
            if rng.random() < 0.5:
                text += rng.choice((" –CC", " —CC"))
            truth.quotes.append(text)
            body.append(("quote", text))
        else:
            body.append(("p", text))
        truth.paragraphs.append(text)
        between = rng.random()
        if place == count - 1:
            continue
        if between < 0.1:
            body.append(("ad", labels["ad"]))
        elif between < 0.2:
            truth.captions.append(labels["photo"] + " ".join(words.words(7, 12)))
            body.append(("caption", truth.captions[-1]))
        elif between < 0.28:
            truth.cards.append(words.headline(title_case=True))
            body.append(("card", labels["breaking"] + truth.cards[-1]))


# As a dump of text and as HTML ------------------------------------------------------------------------------


def _head(truth, parts, style):
    """What stands between the headline and the text, with its kinds, in the order of this paper."""
    standfirst = [("standfirst", truth.standfirst)] if truth.standfirst else []
    middle = parts["meta"] + standfirst if style["meta_first"] else standfirst + parts["meta"]
    return [*middle, *([("credit", parts["credit"])] if "credit" in parts else [])]


def _as_text(labels, style, articles, tail):
    blocks = [[labels["follow"]]]
    for truth, parts in articles:
        blocks.append([*truth.sections, truth.title, *(text for _, text in _head(truth, parts, style))])
        blocks += [[text] for _, text in parts["body"]]
        blocks.append(parts["tail"])
    gap = "\n" if style["tight"] else "\n\n"
    return "\n\n".join(gap.join(block) for block in [*blocks, tail]) + "\n"


_TAGS = {
    "articles": {"box": "article class=item", "title": "h1", "standfirst": "p class=dek", "byline": "p class=byline", "date": "time", "views": "p"},
    "divs": {"box": "div class=entry-block", "title": "h2", "standfirst": "div class=subtitle", "byline": "div", "date": "div", "views": "div"},
    "flat": {"box": "", "title": "h2", "standfirst": "p", "byline": "p", "date": "p", "views": "p"},
    "spans": {"box": "section class=piece", "title": "h1 class=headline", "standfirst": "p", "byline": "span class=author", "date": "span class=date", "views": "span class=views"},
}  # fmt: skip
_BODY_TAGS = {"p": "p", "quote": "blockquote", "caption": "figcaption", "card": "p", "ad": "div class=ad-slot"}


def _tag(tag, text):
    return f"<{tag}>{text}</{tag.split()[0]}>" if tag else text


def _as_html(language, labels, style, articles, tail):
    tags = _TAGS[style["markup"]]
    out = [f"<nav><a href='/'>{PAPER}</a></nav>", f"<div>{labels['follow']}</div>"]
    for truth, parts in articles:
        inner = [_tag("p class=kicker", escape(each)) for each in truth.sections] if tags["box"] else []
        inner.append(_tag(tags["title"], escape(truth.title)))
        for kind, text in _head(truth, parts, style):
            inner.append(_tag(tags.get(kind, "p"), escape(text)))
        for kind, text in parts["body"]:
            inside = f"<p>{escape(text)}</p>" if kind == "quote" else escape(text)
            inner.append(_tag(_BODY_TAGS[kind], inside))
        inner += [_tag("p", escape(text)) for text in parts["tail"]]
        out.append(_tag(tags["box"], "\n".join(inner)))
    out += [_tag("div", escape(text)) for text in tail]
    head = f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>{PAPER}</title></head>"
    return f"{head}<body>{''.join(out)}</body></html>"
