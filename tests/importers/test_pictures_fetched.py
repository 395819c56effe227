"""Pictures come from the export's own site and from nobody else."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest
from exports import Export, png

from coranto.kit.fetch import Fetcher

PUBLIC = "93.184.215.14"


class Detour(httpcore.NetworkBackend):
    """Leads every public address to the press on this machine."""

    def __init__(self, port):
        self.port = port

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)


class Press:
    """A site that answers what it is told; `asked` are host and path of each request."""

    def __init__(self):
        self.asked = []
        self.pages = {}
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                press.asked.append((self.headers["Host"], self.path))
                status, kind, body, *location = press.pages.get(self.path, (404, "text/html", b"no"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                for each in location:
                    self.send_header("Location", each)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def press():
    made = Press()
    yield made
    made.close()


@pytest.fixture
def fetcher(press):
    names = {"lantern.example": PUBLIC, "inside.example": "10.0.0.5", "localhost": "127.0.0.1"}

    def make():
        return Fetcher(
            resolver=lambda host, port: [names.get(host, host)], connector=Detour(press.server.server_address[1])
        )

    return make


def test_picture_is_fetched_from_the_site(run, press, fetcher):
    export = Export(site="http://lantern.example")
    export.picture("2024/03/a.png", title="A tram")
    press.pages["/wp-content/uploads/2024/03/a.png"] = (200, "image/png", png())

    report = run(export, fetcher=fetcher)

    from coranto.masthead.models import Picture

    assert report["created"]["images"] == 1
    assert (Picture.objects.get().title, press.asked) == (
        "A tram",
        [("lantern.example", "/wp-content/uploads/2024/03/a.png")],
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://169.254.169.254/latest/a.png",
        "http://[::1]/a.png",
        "http://inside.example/a.png",
        "http://else.example/a.png",
        "http://lantern.example@inside.example/a.png",
        "file:///etc/passwd.png",
        "gopher://lantern.example/a.png",
    ],
)
def test_hostile_address_of_a_picture_is_not_asked_and_reported(run, press, fetcher, url):
    export = Export(site="http://lantern.example")
    number = export.item(type="attachment", url=url)
    export.post(f'<p>x</p><img src="{url}">')

    report = run(export, fetcher=fetcher)

    assert press.asked == []
    assert report["created"]["images"] == 0
    assert number in [int(each["source_id"]) for each in report["missing"] if each["source_id"].isdigit()]


@pytest.mark.parametrize("site", ["http://inside.example", "http://169.254.169.254", "http://127.0.0.1:8000"])
def test_export_that_calls_a_private_address_its_site_gains_nothing(run, press, fetcher, site):
    export = Export(site=site)
    export.picture("a.png")

    report = run(export, fetcher=fetcher)

    assert press.asked == []
    assert len(report["missing"]) == 1


def test_redirect_into_the_private_network_is_not_followed(run, press, fetcher):
    export = Export(site="http://lantern.example")
    export.picture("a.png")
    press.pages["/wp-content/uploads/a.png"] = (302, "text/html", b"", "http://inside.example/secret")

    report = run(export, fetcher=fetcher)

    assert [path for _, path in press.asked] == ["/wp-content/uploads/a.png"]
    assert len(report["missing"]) == 1


@pytest.mark.parametrize(
    "answer", [(200, "text/html", b"<p>no picture"), (200, "image/png", b"no picture"), (500, "image/png", b"x")]
)
def test_answer_that_is_no_picture_is_reported_and_stops_nothing(run, press, fetcher, answer):
    export = Export(site="http://lantern.example")
    export.picture("a.png")
    export.post()
    press.pages["/wp-content/uploads/a.png"] = answer

    report = run(export, fetcher=fetcher)

    assert (report["created"]["images"], report["created"]["articles"], len(report["missing"])) == (0, 1, 1)


def test_site_that_does_not_answer_is_not_asked_a_hundred_times(run, press):
    asked = []

    def resolver(host, port):
        asked.append(host)
        return ["10.0.0.5"]

    export = Export(site="http://lantern.example")
    for number in range(60):
        export.picture(f"{number}.png")

    report = run(export, fetcher=lambda: Fetcher(resolver=resolver))

    assert len(report["missing"]) == 60
    assert len(asked) < 20


def test_picture_only_a_text_mentions_is_taken_once(run, press, fetcher, body):
    export = Export(site="http://lantern.example")
    src = "http://lantern.example/wp-content/uploads/b-300x200.png"
    first = export.post(f'<p>1</p><img src="{src}">')
    export.post(f'<p>2</p><img src="{src}">')
    press.pages["/wp-content/uploads/b-300x200.png"] = (200, "image/png", png())

    report = run(export, fetcher=fetcher)

    assert report["created"]["images"] == 1
    assert [kind for kind, _ in body(first)] == ["paragraph", "picture"]
    assert len(press.asked) == 1


def test_link_out_of_the_media_folder_is_not_followed(run, tmp_path):
    (tmp_path / "secret.png").write_bytes(png())
    media = tmp_path / "media"
    media.mkdir()
    (media / "a.png").symlink_to(tmp_path / "secret.png")
    export = Export()
    export.picture("a.png")
    export.picture("../../../secret.png")

    assert run(export, media=media)["created"]["images"] == 0
