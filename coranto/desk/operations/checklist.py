"""Holding back what is not ready, knowing headlines that are out, visiting links to other sites."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from coranto.desk.models import LinkCheck, PublishedHeadline
from coranto.desk.queries.checklist import checklist, examine, outside_urls_of
from coranto.desk.queries.links import outside_answers
from coranto.desk.rules import links
from coranto.desk.rules.headlines import folded_headline
from coranto.desk.rules.links import Answer
from coranto.kit.fetch import FetchError
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from coranto.desk.rules.checklist import Finding
    from coranto.kit.fetch import Fetcher, Resolver

_GONE: Final = frozenset({404, 410})
# A name nobody has is gone, and so is an address that is not public: told apart, they would give away which names
# this server's own network knows.
_NO_SUCH_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
# The answer was good; we did not want its body.
_ANSWERED: Final = frozenset({"too-large", "type"})


class NotReady(ValidationError):  # noqa: N818 - it says what holds the article back; nothing went wrong
    """An article may not go out; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__({NON_FIELD_ERRORS: [each.message for each in findings]})
        self.findings = findings


def hold_back_unready(*, article: Article, now: datetime) -> None:
    """Raise `NotReady` where a point that stops publication is amiss in an article as a revision holds it."""
    blocking = examine(article, now=now).blocking
    if blocking:
        raise NotReady(blocking)


def note_headline(*, article_id: int) -> None:
    """Remember the headline of a published article. Two statements: an import publishes by the thousand."""
    rows = Article.objects.filter(pk=article_id, alias_of=None).values_list("title", flat=True)
    PublishedHeadline.objects.bulk_create(
        [PublishedHeadline(article_id=article_id, folded=folded_headline(title)) for title in rows],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["folded"],
    )


def forget_headline(*, article_id: int) -> None:
    PublishedHeadline.objects.filter(article_id=article_id).delete()


@transaction.atomic
def ask_for_link_checks(*, article: Article, queue: Callable[[list[int]], object], now: datetime) -> int:
    """Have the links of an article to other sites visited, those nobody has visited lately; how many.

    `queue` is given their keys, some at a time, and leaves them to a worker. Nothing is asked where the
    editor-in-chief wants no visits.
    """
    LinkCheck.objects.filter(asked_at__lt=now - links.KEPT).delete()
    if not checklist().visits_outside_links:
        return 0
    urls = outside_urls_of(article)[: links.MOST_AT_ONCE]
    known = outside_answers(urls, now=now).answers
    asked = LinkCheck.objects.bulk_create(
        [LinkCheck(url_digest=links.digest_of(url), url=url, asked_at=now) for url in urls if url not in known],
        update_conflicts=True,
        unique_fields=["url_digest"],
        update_fields=["answer", "status", "asked_at", "checked_at"],
    )
    digests = [each.url_digest for each in asked]
    keys = list(LinkCheck.objects.filter(url_digest__in=digests).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), links.VISITED_IN_ONE_GO):
        queue(keys[start : start + links.VISITED_IN_ONE_GO])
    return len(keys)


def visit_links(
    *,
    keys: Sequence[int],
    fetcher: Callable[[Resolver], Fetcher],
    resolver: Resolver,
    clock: Callable[[], datetime],
) -> int:
    """Visit links that wait for it, one after the other, and keep what each site answered; how many.

    Repeatable: what was answered already is not asked again. Outside any transaction, which a slow site would
    hold open.
    """
    waiting = LinkCheck.objects.filter(pk__in=keys, answer=Answer.WAITING).order_by("pk")
    names = _Names(resolver)
    with fetcher(names) as asking:
        for check in waiting:
            check.answer, check.status = _visit(asking, names, check.url)
            check.checked_at = clock()
            check.save(update_fields=["answer", "status", "checked_at"])
    return len(waiting)


class _Names:
    """A resolver that remembers whether nobody has the name it was asked for: the fetcher does not tell."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.nobody_has_it = False

    def __call__(self, host: str, port: int) -> Iterable[str]:
        try:
            return self._resolver(host, port)
        except socket.gaierror as error:
            self.nobody_has_it = error.errno in _NO_SUCH_NAME
            raise


def _visit(fetcher: Fetcher, names: _Names, url: str) -> tuple[Answer, int | None]:
    """What a site answers to a GET whose body nobody reads; many servers refuse HEAD, or answer it falsely."""
    names.nobody_has_it = False
    try:
        got = fetcher.fetch(url, accept=["*/*"], max_bytes=1)
    except FetchError as error:
        if error.kind in _ANSWERED:
            return Answer.FOUND, None
        gone = error.kind == "address" or names.nobody_has_it or error.status in _GONE
        return (Answer.GONE if gone else Answer.UNCLEAR), error.status
    return Answer.FOUND, got.status
