"""How stored files are given to readers."""

from urllib.parse import quote

import pytest

RANDOM = "0123456789abcdef0123456789abcdef"
BYTES = b"\x89PNG and so on"
SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; style-src 'none'",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "site" / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (tmp_path / "site" / "secret-key").write_text("secret")
    (tmp_path / "site" / "media-of-others").mkdir()
    (tmp_path / "site" / "media-of-others" / "a.png").write_bytes(b"others")
    return settings.MEDIA_ROOT


def place(media, name, data=BYTES):
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return f"/media/{quote(name)}"


def headers(answer, expected):
    return {name: answer.headers.get(name) for name in expected}


def test_a_picture_is_served_so_that_it_can_only_be_a_picture(client, db, media):
    answer = client.get(place(media, f"original_images/{RANDOM}.png"))

    expected = {
        "Content-Type": "image/png",
        "Content-Length": str(len(BYTES)),
        "Content-Disposition": f'inline; filename="{RANDOM}.png"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": None,
        "Set-Cookie": None,
        **SAFETY,
    }
    assert (answer.status_code, b"".join(answer)) == (200, BYTES)
    assert headers(answer, expected) == expected


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.pdf", "a", "a.png.html"])
def test_what_is_no_picture_is_downloaded(client, db, media, name):
    answer = client.get(place(media, f"kept/{name}"))

    expected = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{name}"',
        **SAFETY,
    }
    assert b"".join(answer) == BYTES
    assert headers(answer, expected) == expected


def test_a_name_that_may_come_to_mean_another_file_is_kept_for_minutes_only(client, db, media):
    answer = client.get(place(media, "original_images/harbour.png"))

    assert answer["Cache-Control"] == "public, max-age=300"
    answer.close()


def test_what_a_browser_has_is_not_sent_again(client, db, media):
    url = place(media, f"images/{RANDOM}.webp")
    first = client.get(url)
    first.close()

    by_tag = client.get(url, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(url, headers={"If-Modified-Since": first["Last-Modified"]})

    kept = {name: first[name] for name in ("ETag", "Last-Modified", "Cache-Control")}
    for answer in (by_tag, by_date):
        assert (answer.status_code, answer.content) == (304, b"")
        assert headers(answer, kept) == kept


def test_a_changed_file_is_sent_again(client, db, media):
    url = place(media, "images/a.webp")
    first = client.get(url)
    first.close()
    place(media, "images/a.webp", b"longer than it was before")

    answer = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert b"".join(answer) == b"longer than it was before"


def test_head_is_get_without_the_file(client, db, media):
    url = place(media, f"images/{RANDOM}.webp")
    whole = client.get(url)
    whole.close()

    head = client.head(url)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_is_changed_here(client, db, media, method):
    assert getattr(client, method)(place(media, "images/a.webp")).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/media/images/../../secret-key",
        "/media/../secret-key",
        "/media/%2e%2e/secret-key",
        "/media/..%2fsecret-key",
        "/media//etc/passwd",
        "/media/%2fetc%2fpasswd",
        "/media/../media-of-others/a.png",
        "/media/images/%00.png",
        "/media/images/" + "a" * 5000,
        "/media/images/gone.png",
        "/media/images",
        "/media/images/",
        "/media/.",
        "/media/documents/budget.pdf",
        "/media/Documents/budget.pdf",
        "/media/images/../documents/budget.pdf",
        "/media/images//../documents/budget.pdf",
        "/media/./documents/budget.pdf",
        "/media/wagtail_uploads/a.png",
        "/media/.hidden/a.png",
        "/media/images/.a.png.part",
    ],
)
def test_nothing_else_is_found(client, db, media, path):
    for name in (
        *("images/a.webp", "documents/budget.pdf", "Documents/budget.pdf", "wagtail_uploads/a.png"),
        *(".hidden/a.png", "images/.a.png.part"),
    ):
        place(media, name)

    answer = client.get(path)

    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_a_link_that_leads_out_is_not_followed(client, db, media, tmp_path):
    (media / "images").mkdir()
    (media / "images" / "a.png").symlink_to(tmp_path / "site" / "secret-key")
    (media / "images" / "b.pdf").symlink_to(media / "documents")
    place(media, "documents/budget.pdf")

    assert client.get("/media/images/a.png").status_code == 404
    assert client.get("/media/images/b.pdf/budget.pdf").status_code == 404
