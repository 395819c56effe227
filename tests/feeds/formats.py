"""Feeds and sitemaps as programs that are not ours read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

ATOM = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WHOLE = re.compile(r"https?://[^\s<>]+")
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "coranto": "urn:uuid:6f1f5a52-6a0b-4c1e-9a55-0c2f7d6c3d10",
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def parsed(response: Any) -> Any:
    """What feedparser makes of a feed it finds nothing wrong with."""
    assert response.status_code == 200
    found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not found.bozo, found.get("bozo_exception")
    return found


def tree(response: Any) -> Any:
    assert response.status_code == 200
    return etree.fromstring(response.content)


def find(root: Any, path: str) -> list[Any]:
    return root.xpath(path, namespaces=NAMESPACES)


def problems_with_atom(content: bytes) -> list[str]:
    """Against RFC 4287: its schema, and what a schema cannot say."""
    root = etree.fromstring(content)
    if not ATOM.validate(root):
        return [str(each) for each in ATOM.error_log]
    problems = []
    for part in [root, *find(root, "atom:entry")]:
        alternates = [(each.get("type"), each.get("hreflang")) for each in find(part, "atom:link[@rel='alternate']")]
        if len(alternates) != len(set(alternates)):
            problems.append("two alternates of one kind (4.1.1, 4.1.2)")
    if len(find(root, "atom:link[@rel='self']")) != 1:
        problems.append("no link to itself (4.1.1)")
    ids = [each.text for each in find(root, "//atom:id")]
    if len(ids) != len(set(ids)):
        problems.append("an id stands twice (4.1.1)")
    return problems


def problems_with_rss(content: bytes) -> list[str]:
    """Against RSS 2.0 (rssboard.org/rss-specification) and its best practices."""
    root = etree.fromstring(content)
    problems = [] if root.tag == "rss" and root.get("version") == "2.0" else ["no RSS 2.0"]
    (channel,) = root
    problems += [f"channel: {name}" for name in ("title", "link", "description") if len(channel.findall(name)) != 1]
    if len(find(channel, "atom:link[@rel='self']")) != 1:
        problems.append("no link to itself")
    dates = [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]
    problems += [each.text for each in dates if not _is_rfc_822(each.text)]
    for item in channel.iter("item"):
        problems += [f"item: {name}" for name in ("title", "link", "guid", "pubDate") if len(item.findall(name)) != 1]
        problems += [
            f"enclosure: {each.attrib}"
            for each in item.iter("enclosure")
            if not (each.get("type") and each.get("length", "").isdecimal() and WHOLE.fullmatch(each.get("url", "")))
        ]
    guids = [each.text for each in channel.iter("guid")]
    return problems + (["a guid stands twice"] if len(guids) != len(set(guids)) else [])


def _is_rfc_822(text: str) -> bool:
    return re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", text) is not None  # fmt: skip


FEED_MEMBERS = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description", "icon", "language"), str),
    **dict.fromkeys(("authors", "hubs", "items"), list),
}
ITEM_MEMBERS = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "summary", "image"), str),
    **dict.fromkeys(("date_published", "date_modified"), str),
    **dict.fromkeys(("authors", "tags", "attachments"), list),
    "_coranto": dict,
}


def problems_with_json_feed(content: bytes) -> list[str]:
    """Against jsonfeed.org/version/1.1."""
    data = json.loads(content)
    problems = [f"feed: {each}" for each in _misfits(data, FEED_MEMBERS)]
    if data.get("version") != "https://jsonfeed.org/version/1.1" or "title" not in data or "items" not in data:
        problems.append("version, title and items are required")
    for item in data["items"]:
        problems += [f"item: {each}" for each in _misfits(item, ITEM_MEMBERS)]
        if not item.get("id") or not ("content_html" in item or "content_text" in item):
            problems.append("an item has an id and content")
        problems += [date for name, date in item.items() if name.startswith("date_") and not RFC_3339.fullmatch(date)]
        problems += ["author" for each in item.get("authors", []) if not set(each) & {"name", "url", "avatar"}]
        problems += ["tag" for each in item.get("tags", []) if not isinstance(each, str)]
        problems += ["attachment" for each in item.get("attachments", []) if not {"url", "mime_type"} <= set(each)]
    urls = [*(data.get(name) for name in ("home_page_url", "feed_url", "icon")), *(i.get("url") for i in data["items"])]
    problems += [url for url in urls if url and not WHOLE.fullmatch(url)]
    ids = [each["id"] for each in data["items"]]
    return problems + (["an id stands twice"] if len(ids) != len(set(ids)) else [])


def _misfits(data: dict[str, Any], members: dict[str, type]) -> list[str]:
    return [name for name, value in data.items() if not isinstance(value, members.get(name, type(None)))]


def problems_with_news(content: bytes) -> list[str]:
    """Against what Google asks of a news sitemap."""
    root = etree.fromstring(content)
    problems = [] if root.tag == f"{{{NAMESPACES['sitemap']}}}urlset" else ["no urlset"]
    urls = list(root)
    if len(urls) > 1000:
        problems.append("more than a thousand")
    for url in urls:
        told = [etree.QName(each).localname for each in find(url, "news:news/*")]
        if told != ["publication", "publication_date", "title"]:
            problems.append(f"news: {told}")
        about = [etree.QName(each).localname for each in find(url, "news:news/news:publication/*")]
        if about != ["name", "language"]:
            problems.append(f"publication: {about}")
        language = "".join(find(url, "news:news/news:publication/news:language/text()"))
        if not re.fullmatch(r"[a-z]{2,3}|zh-cn|zh-tw", language):
            problems.append(f"language: {language}")
        if not RFC_3339.fullmatch("".join(find(url, "news:news/news:publication_date/text()"))):
            problems.append("publication_date")
        if not WHOLE.fullmatch("".join(find(url, "sitemap:loc/text()"))):
            problems.append("loc")
    return problems
