"""Authors, sections and topics: made, or found again, before the first article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page

from coranto.importers.documents import SourceRefusedError
from coranto.importers.rules.slugs import free_slug
from coranto.masthead.operations import name_publication_if_unnamed
from coranto.masthead.rules import is_reserved
from coranto.newsroom.models import Author, FrontPage, Section, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.importers.documents import AuthorRead, SectionRead, SiteRead, TopicRead
    from coranto.importers.operations.ledger import Ledger
    from coranto.importers.rules.reports import Report


@dataclass(slots=True)
class Groundwork:
    """What articles refer to, by the source's keys."""

    front: FrontPage
    authors: dict[str, Author] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)


@transaction.atomic
def lay_groundwork(*, site: SiteRead, ledger: Ledger, report: Report) -> Groundwork:
    """All authors, sections and topics of a source, in one transaction.

    One that is here by name already, made by hand or by an import of another source, is used as it is.
    """
    front = FrontPage.objects.first()
    if front is None:
        raise SourceRefusedError("The site has no front page yet. Start `coranto serve` once, then import.")
    name_publication_if_unnamed(name=site.title)
    ground = Groundwork(front)
    ground.authors = _authors(site.authors, ledger, report)
    ground.topics = _topics(site.topics, ledger, report)
    ground.sections = _sections(site.sections, front, ledger, report)
    return ground


def _authors(reads: Iterable[AuthorRead], ledger: Ledger, report: Report) -> dict[str, Author]:
    by_id = Author.objects.in_bulk()
    by_slug = {each.slug: each for each in by_id.values()}
    by_name = {each.name.casefold(): each for each in by_id.values()}
    found, notes = {}, []
    for read in reads:
        known = by_id.get(ledger.target("author", read.key) or 0)
        if known is None:
            known = by_slug.get(read.slug)
            if read.is_only_named:
                known = by_name.get(read.name.casefold(), known)
            if known is None or known.name.casefold() != read.name.casefold():
                slug = free_slug(read.slug, by_slug.__contains__)
                known = Author(name=read.name, slug=slug, biography=read.biography)
                known.save()
                report.created["authors"] += 1
                _say_renamed(
                    report,
                    kind="author",
                    key=read.key,
                    wanted=read.slug,
                    given=slug,
                    reason="another author has this address",
                )
            else:
                report.unchanged["authors"] += 1
            by_slug[known.slug] = known
            notes.append(("author", read.key, known.pk))
        else:
            report.unchanged["authors"] += 1
        found[read.key] = known
    _note(ledger, notes)
    return found


def _topics(reads: Iterable[TopicRead], ledger: Ledger, report: Report) -> dict[str, Topic]:
    by_id = Topic.objects.in_bulk()
    by_name = {each.name.casefold(): each for each in by_id.values()}
    slugs = {each.slug for each in by_id.values()}
    found: dict[str, Topic] = {}
    fresh: dict[str, Topic] = {}
    new_keys: list[str] = []
    for read in reads:
        name = read.name[:100]
        known = by_id.get(ledger.target("topic", read.key) or 0)
        if known is not None:
            report.unchanged["tags"] += 1
        else:
            new_keys.append(read.key)
            known = by_name.get(name.casefold())
            if known is not None:
                report.unchanged["tags"] += 1
                if name.casefold() in fresh:
                    report.remarks["tags of the same name became one topic"] += 1
            else:
                slug = free_slug(read.slug, slugs.__contains__)
                known = Topic(name=name, slug=slug)
                _say_renamed(
                    report,
                    kind="topic",
                    key=read.key,
                    wanted=read.slug,
                    given=slug,
                    reason="another topic has this address",
                )
                slugs.add(slug)
                by_name[name.casefold()] = fresh[name.casefold()] = known
                report.created["tags"] += 1
        found[read.key] = known
    Topic.objects.bulk_create(fresh.values(), batch_size=500)
    _note(ledger, [("topic", key, found[key].pk) for key in new_keys])
    return found


def _sections(reads: Iterable[SectionRead], front: FrontPage, ledger: Ledger, report: Report) -> dict[str, Section]:
    by_id = Section.objects.in_bulk()
    by_slug = {each.slug: each for each in by_id.values()}
    by_name = {each.title.casefold(): each for each in by_id.values()}
    taken = set(Page.objects.child_of(front).values_list("slug", flat=True))
    found, notes, parents = {}, [], []
    for read in reads:
        known = by_id.get(ledger.target("section", read.key) or 0)
        if known is not None:
            report.unchanged["sections"] += 1
            found[read.key] = known
            continue
        known = by_slug.get(read.slug)
        if read.is_only_named:
            known = by_name.get(read.name.casefold(), known)
        if known is None or known.title.casefold() != read.name.casefold():
            known = _make_section(read, front, taken, report)
            by_slug[known.slug] = known
            parents.append((known, read.parent_key))
        else:
            report.unchanged["sections"] += 1
        notes.append(("section", read.key, known.pk))
        found[read.key] = known
    for section, parent_key in parents:
        parent = found.get(parent_key)
        if parent is not None and not _is_above(section, parent):
            section.parent_section = parent
            section.save()
    _note(ledger, notes)
    return found


def _make_section(read: SectionRead, front: FrontPage, taken: set[str], report: Report) -> Section:
    slug = free_slug(read.slug, lambda slug: is_reserved(slug) or slug in taken)
    reason = "the site itself answers there" if is_reserved(read.slug) else "another page has this address"
    _say_renamed(report, kind="section", key=read.key, wanted=read.slug, given=slug, reason=reason)
    section = Section(title=read.name[:255], slug=slug, description=read.description)
    front.add_child(instance=section)
    taken.add(slug)
    report.created["sections"] += 1
    return section


def _is_above(section: Section, other: Section | None) -> bool:
    """Whether `section` is `other` or something `other` belongs to."""
    seen = set()
    while other is not None and other.pk not in seen:
        if other.pk == section.pk:
            return True
        seen.add(other.pk)
        other = other.parent_section
    return False


def _say_renamed(report: Report, *, kind: str, key: str, wanted: str, given: str, reason: str) -> None:
    if wanted != given:
        report.rename(kind=kind, source_id=key, wanted=wanted, given=given, reason=reason)


def _note(ledger: Ledger, notes: Iterable[tuple[str, str, int]]) -> None:
    by_kind: dict[str, list[tuple[str, int, str, str]]] = {}
    for kind, key, pk in notes:
        by_kind.setdefault(kind, []).append((key, pk, "", ""))
    for kind, rows in by_kind.items():
        ledger.write(kind, rows)
