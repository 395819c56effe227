"""Exports of The Lantern, an invented paper that was run on WordPress; and pictures to go with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = "https://lantern.example"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="{scheme}://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="{scheme}://wordpress.org/export/1.2/"><channel>
<title>The Lantern</title><link>{site}</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url><wp:base_blog_url>{site}</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


@dataclass
class Export:
    """What is put in is written in that order. Each `post`, `page` and so on gives the id it was given."""

    site: str = SITE
    scheme: str = "http"
    parts: list[str] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: count(101))

    def author(self, login: str, name: str, email: str = "") -> None:
        self.parts.append(
            f"<wp:author><wp:author_login>{cdata(login)}</wp:author_login><wp:author_email>{cdata(email)}"
            f"</wp:author_email><wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>"
        )

    def category(self, slug: str, name: str, parent: str = "", term_id: int = 0) -> None:
        self.parts.append(
            f"<wp:category><wp:term_id>{term_id}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
            f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>"
        )

    def item(self, **fields: Any) -> int:
        number = fields.get("id") or next(self.ids)
        slug = fields.get("slug", f"item-{number}")
        kind = fields.get("type", "post")
        values = {
            "wp:post_id": number,
            "wp:post_date": fields.get("date", "2024-03-01 10:00:00"),
            "wp:post_date_gmt": fields.get("date", "2024-03-01 10:00:00"),
            "wp:post_modified_gmt": fields.get("modified", fields.get("date", "2024-03-01 10:00:00")),
            "wp:comment_status": fields.get("comment_status", "open"),
            "wp:post_name": slug,
            "wp:status": fields.get("status", "publish"),
            "wp:post_parent": fields.get("parent", 0),
            "wp:post_type": kind,
            "wp:post_password": fields.get("password", ""),
            "wp:is_sticky": int(fields.get("sticky", False)),
        }
        if "url" in fields:
            values["wp:attachment_url"] = fields["url"]
        link = fields.get("link", f"{self.site}/2024/03/{slug}/")
        lines = [
            f"<item><title>{cdata(fields.get('title', f'Item {number}'))}</title><link>{escape(link)}</link>",
            f"<dc:creator>{cdata(fields.get('creator', 'cora'))}</dc:creator>",
            f"<content:encoded>{cdata(fields.get('content', ''))}</content:encoded>",
            f"<excerpt:encoded>{cdata(fields.get('excerpt', ''))}</excerpt:encoded>",
            *(f"<{name}>{cdata(str(value))}</{name}>" for name, value in values.items()),
            *(
                f'<category domain="{domain}" nicename={quoteattr(slug)}>{cdata(name)}</category>'
                for domain, slug, name in fields.get("terms", [("category", "city", "City")] if kind == "post" else [])
            ),
            *(
                f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(str(value))}"
                "</wp:meta_value></wp:postmeta>"
                for key, value in fields.get("meta", {}).items()
            ),
            *(comment(**each) for each in fields.get("comments", ())),
            "</item>",
        ]
        self.parts.append("".join(lines))
        return number

    def post(self, content: str = "<p>The first tram left at five.</p>", **fields: Any) -> int:
        return self.item(content=content, **fields)

    def page(self, content: str = "<p>Who we are.</p>", **fields: Any) -> int:
        return self.item(content=content, type="page", **fields)

    def picture(self, path: str, **fields: Any) -> int:
        return self.item(type="attachment", status="inherit", url=f"{self.site}/wp-content/uploads/{path}", **fields)

    @property
    def xml(self) -> str:
        return HEAD.format(site=self.site, scheme=self.scheme) + "\n".join(self.parts) + TAIL

    def write(self, path: Path) -> Path:
        path.write_text(self.xml)
        return path


def comment(**fields: Any) -> str:
    values = {
        "comment_id": fields["id"],
        "comment_author": fields.get("name", "Ada"),
        "comment_author_email": fields.get("email", "ada@reader.example"),
        "comment_author_url": fields.get("url", ""),
        "comment_date": fields.get("date", "2024-03-02 10:00:00"),
        "comment_date_gmt": fields.get("date", "2024-03-02 10:00:00"),
        "comment_content": fields.get("text", "Well said."),
        "comment_approved": fields.get("approved", "1"),
        "comment_type": fields.get("type", "comment"),
        "comment_parent": fields.get("parent", 0),
    }
    lines = "".join(f"<wp:{name}>{cdata(str(value))}</wp:{name}>" for name, value in values.items())
    return f"<wp:comment>{lines}</wp:comment>"


def archive(posts: int = 40, comments: int = 3, pictures: int = 4, words: str = "") -> Export:
    """A whole small paper, the same for the same numbers: posts link back and forth, and show pictures."""
    export = Export()
    export.author("cora", "Cora Vale", "cora@lantern.example")
    export.author("dov", "Dov Lind", "dov@lantern.example")
    export.category("city", "City", term_id=1)
    export.category("trams", "Trams", parent="city", term_id=2)
    shown = [export.picture(f"2024/03/p{n}.png", id=9000 + n, title=f"Picture {n}") for n in range(pictures)]
    export.page("<p>Write to us.</p>", id=8000, slug="contact", title="Contact", link=f"{SITE}/contact/")
    for n in range(1, posts + 1):
        other = posts + 1 - n
        picture = shown[n % len(shown)] if shown else 0
        figure = (
            f'<figure class="wp-block-image"><img src="{SITE}/wp-content/uploads/2024/03/p{n % len(shown)}-300x200.png"'
            f' class="wp-image-{picture}"><figcaption>Number {n}.</figcaption></figure>'
            if shown
            else ""
        )
        export.post(
            f"<p>Article {n} begins. {words}</p>\n{figure}\n<blockquote><p>Somebody said {n}.</p></blockquote>\n"
            f'<p>See <a href="{SITE}/2024/03/article-{other}/">article {other}</a> and'
            f' <a href="{SITE}/contact/">write to us</a>.</p>',
            id=n,
            slug=f"article-{n}",
            title=f"Article {n}",
            creator="cora" if n % 2 else "dov",
            date=f"2024-03-{n % 28 + 1:02d} 10:00:00",
            terms=[
                ("category", "trams" if n % 3 == 0 else "city", "x"),
                ("post_tag", f"tag-{n % 5}", f"Tag {n % 5}"),
            ],
            meta={"_thumbnail_id": picture} if shown else {},
            comments=[
                {"id": n * 100 + c, "parent": n * 100 + c - 1 if c else 0, "text": f"Comment {c} on {n}."}
                for c in range(comments)
            ],
        )
    return export


def png(colour: tuple[int, int, int] = (200, 30, 40), size: tuple[int, int] = (32, 20)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def media_folder(path: Path, pictures: int = 4) -> Path:
    """The uploads folder of `archive`."""
    folder = path / "wp-content" / "uploads" / "2024" / "03"
    folder.mkdir(parents=True)
    for n in range(pictures):
        (folder / f"p{n}.png").write_bytes(png((10 * n, 20, 30)))
    return path
