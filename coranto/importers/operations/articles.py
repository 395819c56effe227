"""Articles with their comments, redirects and the rows they are known by, a batch in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.db import transaction
from wagtail.models import Page

from coranto.importers.bodies import pictures_in
from coranto.importers.operations.drafting import Lookups, draft_article, results_of_article
from coranto.importers.operations.redirects import add_redirects
from coranto.importers.operations.threads import add_threads
from coranto.importers.rules.slugs import free_slug
from coranto.masthead.models import Picture
from coranto.masthead.rules import is_reserved
from coranto.newsroom.models import Article
from coranto.newsroom.operations import replace_article, store_articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coranto.importers.documents import ArticleRead
    from coranto.importers.operations.desk import Desk
    from coranto.importers.operations.drafting import Drafted
    from coranto.importers.operations.ledger import Known
    from coranto.importers.operations.redirects import Wanted

KIND: Final = "article"


class ArticleWriter:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._taken = desk.top_slugs()
        self._keys: dict[str, str] = {}

    def write(self, reads: Sequence[ArticleRead], *, may_wait: bool, is_again: bool) -> set[str]:
        """Write a batch. Keys of what waits for other items: not written while it may wait, else without links."""
        fresh, known = [], []
        for read in map(self._under_known_key, reads):
            found = self._desk.ledger.get(KIND, read.key)
            if found is None:
                fresh.append(read)
            else:
                known.append((read, found))
        present = set(
            Article.objects.filter(pk__in=[found.target_id for _, found in known]).values_list("pk", flat=True)
        )
        stale = [(r, k) for r, k in known if k.target_id in present and (not k.digest or k.digest != r.digest)]
        self._desk.pictures.take_mentioned(
            each for read in [*fresh, *(r for r, _ in stale)] for each in pictures_in(read.html)
        )
        drafts, unfinished = self._draft(fresh, may_wait=may_wait)
        with transaction.atomic():
            self._store(drafts)
            for read, found in known:
                if found.target_id not in present:
                    self._skip(read, "it was deleted here")
                elif any(r is read for r, _ in stale):
                    unfinished |= self._renew(read, found, is_again=is_again)
                else:
                    self._leave(is_again=is_again)
            if not is_again:
                self._add_threads([(k.target_id, r.comments) for r, k in known if k.target_id in present], drafts)
        return {self._keys.get(key, key) for key in unfinished}

    def _under_known_key(self, read: ArticleRead) -> ArticleRead:
        key = self._desk.ledger.key_of(KIND, read.key, read.other_keys)
        if key == read.key:
            return read
        self._keys[key] = read.key  # by which the source knows it, should it have to be read again
        return replace(read, key=key)

    # New ones -----------------------------------------------------------------------------------------------

    def _draft(self, reads: Sequence[ArticleRead], *, may_wait: bool) -> tuple[list[Drafted], set[str]]:
        slugs = self._free_slugs(reads)
        pictures = self._main_pictures(reads)
        drafts, unfinished = [], set()
        for read, slug in zip(reads, slugs, strict=True):
            drafted = self._draft_one(read, slug, pictures)
            if drafted.waits_for:
                unfinished.add(read.key)
                if may_wait:
                    continue
            drafts.append(drafted)
        return drafts, unfinished

    def _draft_one(self, read: ArticleRead, slug: str, pictures: dict[int, Picture]) -> Drafted:
        lookups = Lookups(self._desk.old, self._desk.ledger, self._desk.pictures)
        return draft_article(
            read, slug=slug, ground=self._desk.ground, lookups=lookups, pictures=pictures, report=self._desk.report
        )

    def _main_pictures(self, reads: Iterable[ArticleRead]) -> dict[int, Picture]:
        ids = {self._desk.pictures.find(read.picture_key, "") for read in reads if read.picture_key} - {None}
        return Picture.objects.in_bulk(ids) if ids else {}

    def _free_slugs(self, reads: Sequence[ArticleRead]) -> list[str]:
        """A slug for each that is free in its section, what this batch takes included. One query."""
        parents = [self._desk.ground.sections[read.section_keys[0]] for read in reads]
        depth = parents[0].depth + 1 if parents else 0
        wanted = {read.slug for read in reads}
        taken = {
            (path[: -Page.steplen], slug)
            for path, slug in Page.objects.filter(depth=depth, slug__in=wanted).values_list("path", "slug")
        }

        def is_free(path: str, slug: str) -> bool:
            if (path, slug) in taken or is_reserved(slug, is_top_level=False):
                return False
            # The query knows the slugs as they were wanted; a numbered one has to be asked for.
            return slug in wanted or not Page.objects.filter(path__startswith=path, depth=depth, slug=slug).exists()

        slugs = []
        for read, parent in zip(reads, parents, strict=True):
            slug = free_slug(read.slug, lambda slug, path=parent.path: not is_free(path, slug))  # type: ignore[misc]
            if slug != read.slug:
                self._desk.report.rename(
                    kind="article",
                    source_id=read.key,
                    wanted=read.slug,
                    given=slug,
                    reason="the site itself answers there"
                    if is_reserved(read.slug, is_top_level=False)
                    else "another article of the section has this address",
                )
            taken.add((parent.path, slug))
            slugs.append(slug)
        return slugs

    def _store(self, drafts: Sequence[Drafted]) -> None:
        if not drafts:
            return
        articles = store_articles(drafts=[each.draft for each in drafts], by=None, now=self._desk.now)
        pairs = list(zip(drafts, articles, strict=True))
        self._desk.ledger.write(
            KIND, [(drafted.read.key, article.pk, drafted.digest, drafted.result) for drafted, article in pairs]
        )
        self._desk.ledger.write(
            f"{KIND}-alias",
            {other: (other, article.pk, "", "") for each, article in pairs for other in each.read.other_keys}.values(),
        )
        self._desk.report.created["articles"] += len(articles)
        self._desk.report.items["created"] += len(articles)
        wanted: list[Wanted] = [
            (old, article.address, article.pk) for drafted, article in pairs for old in drafted.read.old_paths
        ]
        add_redirects(wanted, taken=self._taken, report=self._desk.report)

    # Known ones ---------------------------------------------------------------------------------------------

    def _renew(self, read: ArticleRead, known: Known, *, is_again: bool) -> set[str]:
        """An item that is not as it was, or lacked something: replaced unless it was edited here."""
        article = Article.objects.get(pk=known.target_id)
        drafted = self._draft_one(read, article.slug, self._main_pictures([read]))
        if drafted.result == known.result_digest:
            self._desk.ledger.rewrite(KIND, read.key, digest=drafted.digest, result=drafted.result)
            self._leave(is_again=is_again)
            return {read.key} if drafted.waits_for else set()
        if known.result_digest not in results_of_article(article):
            if not is_again:
                self._skip(read, "it was changed in the source and edited here: what is here stays")
            return set()
        replace_article(article=article, draft=drafted.draft, by=None, now=self._desk.now)
        self._desk.ledger.rewrite(KIND, read.key, digest=drafted.digest, result=drafted.result)
        if not is_again:
            self._desk.report.updated["articles"] += 1
            self._desk.report.items["updated"] += 1
        return {read.key} if drafted.waits_for else set()

    def _leave(self, *, is_again: bool) -> None:
        if not is_again:
            self._desk.report.unchanged["articles"] += 1
            self._desk.report.items["unchanged"] += 1

    def _skip(self, read: ArticleRead, reason: str) -> None:
        self._desk.report.skip(kind="post", source_id=read.key, reason=reason)
        self._desk.report.items["skipped"] += 1

    # Comments -----------------------------------------------------------------------------------------------

    def _add_threads(self, known: Sequence[tuple[int, Iterable[object]]], drafts: Sequence[Drafted]) -> None:
        fresh = [(self._desk.ledger.target(KIND, each.read.key), each.read.comments) for each in drafts]
        add_threads([*known, *fresh], ledger=self._desk.ledger, report=self._desk.report, now=self._desk.now)  # type: ignore[list-item]
