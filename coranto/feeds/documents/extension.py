"""What no standard of feeds has a place for, in a namespace of our own: credits and corrections, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml.builder import ElementMaker

from coranto.feeds.rules import xml_text
from coranto.newsroom.documents import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from coranto.feeds.documents.entries import Entry
    from coranto.newsroom.models import Credit
    from coranto.newsroom.queries import CorrectionItem

__all__ = ["NAMESPACE", "absolute", "correction_data", "credit_data", "elements"]

NAMESPACE: Final = "urn:uuid:6f1f5a52-6a0b-4c1e-9a55-0c2f7d6c3d10"
_OURS: Final = ElementMaker(namespace=NAMESPACE, nsmap={"coranto": NAMESPACE})


def credit_data(credit: Credit) -> dict[str, Any]:
    data = {
        "relation": credit.relation,
        "people": list(credit.people_list),
        "outlet": credit.outlet,
        "url": credit.original_url,
        "licence": credit.licence,
        "date": credit.dated_on.isoformat() if credit.dated_on else "",
    }
    return {name: value for name, value in data.items() if value}


def correction_data(item: CorrectionItem) -> dict[str, Any]:
    data = {
        "kind": item.kind,
        "version": item.number,
        "date": item.published_at.isoformat(),
        "passage": item.passage,
        "note": item.note,
    }
    return {name: value for name, value in data.items() if value}


def elements(entry: Entry) -> Iterator[etree._Element]:
    """The same as elements: `coranto:credit` and `coranto:correction`."""
    for credit in entry.credits:
        data = credit_data(credit)
        people = data.pop("people", ())
        yield _OURS.credit(*(_OURS.person(xml_text(each)) for each in people), **_attributes(data))
    for item in entry.corrections:
        data = correction_data(item)
        words = [data.pop(name, "") for name in ("passage", "note")]
        parts = [make(xml_text(text)) for make, text in zip((_OURS.passage, _OURS.note), words, strict=True) if text]
        yield _OURS.correction(*parts, **_attributes(data))


def _attributes(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: xml_text(str(value)) for name, value in data.items()}
