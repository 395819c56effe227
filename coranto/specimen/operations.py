"""Planting the specimen: an invented newspaper, so that a newcomer sees a site and not an empty page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from coranto.audience.models import RollUp
from coranto.audience.operations.recording import write_roll_ups
from coranto.audience.rules import Rare
from coranto.comments import operations as comments
from coranto.comments.models import Comment
from coranto.comments.queries.own import NOBODY
from coranto.masthead import operations as masthead
from coranto.masthead.models import Account, ChannelLink, NavigationLink, Picture, PlainPage, Publication
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import Article, Author, FrontPage, Section, Topic
from coranto.newsroom.rules import NotePlace
from coranto.specimen import drawings, readership, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

EDITOR = "editor@lantern.example"
LOGIN_FILE = "specimen-login"
NEIGHBOUR = "198.51.100.7"  # nobody's: kept for examples (RFC 5737)


class NotEmptyError(Exception):
    """The folder holds a newsroom of somebody's own."""


@dataclass(frozen=True, slots=True)
class Login:
    email: str
    password: str


def plant_specimen_if_new(*, run: Path, now: datetime, say: Callable[[str], None]) -> Login:
    """Fill an empty site with the specimen; returns the login, the same one at each later start.

    Raises `NotEmptyError` for a site with articles or staff that are not the specimen's.
    """
    kept = run / LOGIN_FILE
    editor = Account.objects.filter(email=EDITOR).first()
    if editor is not None and kept.exists():
        email, password = kept.read_text().split()
        return Login(email=email, password=password)
    if editor is not None:  # the note was thrown away: a new password, since nobody knows the old one
        login = _note_login(kept)
        editor.set_password(login.password)
        editor.save()
        return login
    if Article.objects.exists() or Account.objects.exists():
        raise NotEmptyError
    say("Drawing the pictures and printing the specimen newspaper; this takes some seconds, once.")
    login = _note_login(kept)
    drawn = _draw_all()
    with transaction.atomic():
        _plant(drawn, login, now=now)
    return login


def _note_login(kept: Path) -> Login:
    login = Login(email=EDITOR, password=secrets.token_urlsafe(9))
    kept.touch(mode=0o600)
    kept.write_text(f"{login.email} {login.password}\n")
    return login


def _draw_all() -> dict[str, bytes]:
    names = {"logo"}
    names |= {each["portrait"] for each in reading.publication()["authors"]}
    for article in reading.articles():
        names.add(article.head["picture"])
        names.update(name for name, *_ in reading.pictures_in(article.body))
    return {name: drawings.draw(name) for name in sorted(names)}


def _plant(drawn: Mapping[str, bytes], login: Login, *, now: datetime) -> None:
    editor = Account.objects.create_superuser(login.email, login.password, first_name="Greta", last_name="Sommerlad")
    about, articles = reading.publication(), reading.articles()
    pictures = _store_pictures(drawn, about, articles, by=editor, now=now)
    sections = _make_sections(about["sections"], now=now)
    authors = _make_authors(about["authors"], pictures)
    planted = _Articles(sections=sections, authors=authors, pictures=pictures, by=editor, now=now)
    for article in articles:
        planted.store(article)
    planted.correct(articles)
    pages = _make_pages(about["pages"], planted.names())
    _name_publication(about, pictures["logo"], pages)
    _add_comments(about["comments"], planted.stored, articles, by=editor, now=now)
    _add_views(planted.stored, now=now)
    newsroom.arrange_front(
        front=FrontPage.objects.get(), blocks=[_front_block(each, planted) for each in about["front"]], by=editor
    )


def _store_pictures(
    drawn: Mapping[str, bytes],
    about: Mapping[str, Any],
    articles: Iterable[reading.SpecimenArticle],
    *,
    by: Account,
    now: datetime,
) -> dict[str, Picture]:
    told: dict[str, tuple[str, str, str]] = {"logo": ("", "The mark of the paper: a lantern", "")}
    for author in about["authors"]:
        told[author["portrait"]] = ("", f"Portrait of {author['name']}", "Drawing: The Estuary Lantern")
    for article in articles:
        for name, caption, alt, credit in reading.pictures_in(article.body):
            told.setdefault(name, (caption, alt, credit))
    for article in articles:
        head = article.head
        told[head["picture"]] = (head["picture_caption"], head["picture_alt"], head["picture_credit"])
    drafts = [
        masthead.PictureDraft(
            source=data,
            file_name=f"{name.replace('/', '-')}.{'png' if name == 'logo' else 'jpg'}",
            title=name.replace("/", ", ").replace("-", " ").capitalize(),
            caption=told[name][0],
            alt=told[name][1],
            credit=told[name][2],
            rights="Made for this specimen",
        )
        for name, data in drawn.items()
    ]
    stored = masthead.store_pictures(drafts=drafts, by=by, now=now)
    refused = [each for each in stored if not isinstance(each, Picture)]
    if refused:
        raise reading.SpecimenError(f"A drawing was refused: {refused[0]}")
    return dict(zip(drawn, (each for each in stored if isinstance(each, Picture)), strict=True))


def _make_sections(told: list[dict[str, Any]], *, now: datetime) -> dict[str, Section]:
    front = FrontPage.objects.get()
    made: dict[str, Section] = {}
    for each in sorted(told, key=lambda one: one["order"]):
        section = Section(
            title=each["name"],
            slug=each["slug"],
            description=each["description"],
            parent_section=made.get(each.get("parent", "")),
            first_published_at=now,
        )
        front.add_child(instance=section)
        section.save_revision().publish()
        made[each["slug"]] = section
    return made


def _make_authors(told: list[dict[str, Any]], pictures: Mapping[str, Picture]) -> dict[str, Author]:
    return {
        each["slug"]: Author.objects.create(
            slug=each["slug"],
            name=each["name"],
            role=each["role"],
            biography=each["biography"],
            picture=pictures[each["portrait"]],
        )
        for each in told
    }


@dataclass(slots=True)
class _Articles:
    """Stores the articles one by one, each at its own time, so that their versions tell a true history."""

    sections: Mapping[str, Section]
    authors: Mapping[str, Author]
    pictures: Mapping[str, Picture]
    by: Account
    now: datetime
    stored: dict[str, Article] = field(default_factory=dict)

    def names(self) -> reading.Names:
        return reading.Names(
            pictures={name: each.pk for name, each in self.pictures.items()},
            pages={slug: each.pk for slug, each in self.stored.items()},
        )

    def store(self, article: reading.SpecimenArticle) -> None:
        head = article.head
        published_at = self.now - timedelta(hours=head["hours_ago"])
        updated = head.get("updated_hours_ago")
        body = article.body_before(0)
        draft = newsroom.ArticleDraft(
            headline=head["headline"],
            slug=article.slug,
            section=self.sections[head["section"]],
            standfirst=head["standfirst"],
            body=reading.blocks(body, self.names()),
            first_published_at=published_at,
            updated_at=None if updated is None else self.now - timedelta(hours=updated),
            authors=[self.authors[slug] for slug in head["authors"]],
            topics=[self._topic(name) for name in head["topics"]],
            further_sections=[self.sections[slug] for slug in head.get("further_sections", ())],
            credits=[self._credit(head["credit"])] if "credit" in head else [],
            picture=self.pictures[head["picture"]],
        )
        self.stored[article.slug] = newsroom.store_articles(drafts=[draft], by=self.by, now=published_at)[0]

    def _topic(self, name: str) -> Topic:
        return Topic.objects.get_or_create(name=name)[0]

    def _credit(self, told: Mapping[str, Any]) -> newsroom.CreditDraft:
        return newsroom.CreditDraft(**told)

    def correct(self, articles: Iterable[reading.SpecimenArticle]) -> None:
        """Publish again what was corrected, and what refers to an article that came later."""
        for article in articles:
            first = self.stored[article.slug]
            for number, correction in enumerate(article.head.get("corrections", ()), 1):
                live = Article.objects.get(pk=first.pk)
                live.body = reading.blocks(article.body_before(number), self.names())
                live.change_kind, live.change_note = correction["kind"], correction["note"]
                live.change_passage = correction.get("passage", "")
                live.change_note_place = correction.get("place", NotePlace.FOOT)
                live.save_revision(user=self.by).publish(user=self.by)


def _front_block(told: Mapping[str, Any], planted: _Articles) -> dict[str, Any]:
    """A block of the front page, the names in it replaced by our rows."""
    value = {name: given for name, given in told.items() if name != "type"}
    if "article" in value:
        value["article"] = planted.stored[value["article"]].pk
    if "articles" in value:
        value["articles"] = [planted.stored[each].pk for each in value["articles"]]
    if "section" in value:
        value["section"] = planted.sections[value["section"]].pk
    if "topic" in value:
        value["topic"] = Topic.objects.get(name=value["topic"]).pk
    return {"type": told["type"], "value": value}


def _make_pages(told: list[dict[str, Any]], names: reading.Names) -> list[PlainPage]:
    front = FrontPage.objects.get()
    pages = []
    for each in told:
        page = PlainPage(title=each["title"], slug=each["slug"], body=_as_rich_text(each["body"], names))
        front.add_child(instance=page)
        page.save_revision().publish()
        pages.append(page)
    return pages


def _as_rich_text(body: str, names: reading.Names) -> str:
    html = []
    for block in reading.blocks(body, names):
        value = block["value"]
        match block["type"]:
            case "heading":
                html.append(f"<h2>{value['text']}</h2>")
            case "list":
                html.append("<ul>" + "".join(f"<li>{i['value'][3:-4]}</li>" for i in value["items"]) + "</ul>")
            case "table":
                rows = [": ".join(row) for row in value["data"]]
                html.append("<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>")
            case "quote":
                html.append(value["text"])
            case "divider":
                html.append("<hr/>")
            case _:
                html.append(value)
    return "".join(html)


def _name_publication(about: Mapping[str, Any], logo: Picture, pages: Iterable[PlainPage]) -> None:
    publication = Publication.objects.first() or Publication()
    publication.name = about["name"]
    publication.tagline = about["tagline"]
    publication.language = about["language"]
    publication.time_zone = about["time_zone"]
    publication.legal_lines = "\n".join(about["legal_lines"])
    publication.logo = logo
    publication.channels = [
        ChannelLink(label=each["label"], url=each["url"], sort_order=order)
        for order, each in enumerate(about["channels"])
    ]
    publication.navigation = [
        NavigationLink(place=NavigationLink.Place.FOOT, page=page, sort_order=order) for order, page in enumerate(pages)
    ]
    publication.save()


def _add_comments(
    told: list[dict[str, Any]],
    stored: Mapping[str, Article],
    articles: Iterable[reading.SpecimenArticle],
    *,
    by: Account,
    now: datetime,
) -> None:
    hours_ago = {each.slug: each.head["hours_ago"] for each in articles}
    drafts: dict[str, list[comments.CommentDraft]] = {slug: [] for slug in stored}
    for each in told:
        under = drafts[each["article"]]
        published_at = now - timedelta(hours=hours_ago[each["article"]])
        under.append(
            comments.CommentDraft(
                article_id=stored[each["article"]].pk,
                reply_to=under[each["reply_to"]] if "reply_to" in each else None,
                author_name=each["name"],
                html=f"<p>{each['text']}</p>",
                state=Comment.State.WAITING if "held_because" in each else Comment.State.APPROVED,
                written_at=published_at + timedelta(minutes=each["minutes_after"]),
            )
        )
    ordered = {slug: [each for each in told if each["article"] == slug] for slug in stored}
    rows = comments.add_comments(drafts=[draft for under in drafts.values() for draft in under], now=now)
    for each, row in zip([each for under in ordered.values() for each in under], rows, strict=True):
        _treat(row, each, by=by, now=now)


def _treat(comment: Comment, told: Mapping[str, Any], *, by: Account, now: datetime) -> None:
    """What happened to a comment since, so that there is something to decide about and to look back at."""
    if "held_because" in told:
        comments.change_states(comments=[comment], state=Comment.State.HELD, held_because=told["held_because"])
    if "rejected" in told:
        comments.reject_comment(comment=comment, reason=told["rejected"], by=by, now=now)
    if "reported" in told:
        comments.report_comment(
            comment=comment, writer=NOBODY, reason=told["reported"], words="", address=NEIGHBOUR, now=now
        )
    if told.get("is_removed"):
        comments.remove_comment(comment=comment, now=now)


def _add_views(stored: Mapping[str, Article], *, now: datetime) -> None:
    rows = [
        RollUp(article=article, hour=each.hour, referrer=each.referrer, views=each.views, rare=Rare.PERSON)
        for slug, article in stored.items()
        for each in readership.views_of(slug, published_at=article.first_published_at or now, now=now)
    ]
    write_roll_ups("specimen", rows, now=now)
