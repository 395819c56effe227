"""XMP (ISO 16684-1): an RDF document inside the picture."""

from __future__ import annotations

from typing import Final

from lxml import etree

_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP: Final = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC: Final = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_PROPERTIES: Final = {
    f"{_DC}creator": "creator",
    f"{_DC}rights": "rights",
    f"{_DC}description": "caption",
    f"{_DC}title": "title",
    f"{_PHOTOSHOP}Credit": "credit",
    f"{_PHOTOSHOP}Headline": "headline",
    f"{_IPTC}AltTextAccessibility": "description",
    "{http://ns.adobe.com/xap/1.0/rights/}UsageTerms": "terms",
}


def words(packet: bytes) -> dict[str, str]:
    """The texts we know, by our names; none where it cannot be read.

    A document type is refused unread: no XMP has one, and only through it could a text grow or reach elsewhere.
    """
    if not packet or b"<!" in packet.replace(b"<!--", b""):
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(packet.strip(b" \t\r\n\0"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            if str(name) in _PROPERTIES:
                found.setdefault(_PROPERTIES[str(name)], str(value))
        for each in description:
            if each.tag in _PROPERTIES and (text := _value(each)):
                found.setdefault(_PROPERTIES[each.tag], text)
    return found


def _value(element: etree._Element) -> str:  # the only name lxml gives it
    texts = {each.get(_LANGUAGE, ""): each.text or "" for each in element.iter(f"{_RDF}li") if each.get(_LANGUAGE)}
    if texts:
        return texts.get("x-default") or next(iter(texts.values()))
    listed = [each.text for each in element.iter(f"{_RDF}li") if each.text]
    return ", ".join(listed) if listed else (element.text or "").strip()
