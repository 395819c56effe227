"""The fault `ssrf-every-fetcher` of FAULTS.md, for the one fetcher all parts use.

No packet leaves the machine: forbidden addresses meet a connector that fails the test when it is asked, and
public ones a connector that leads to a server on 127.0.0.1.
"""

import itertools
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from coranto.kit.fetch import Fetcher, FetchError

ANY = {"*/*"}
PUBLIC = "93.184.215.14"
MEGABYTE = bytes(1_000_000)


class NoConnect(httpcore.NetworkBackend):
    """Fails when asked for any connection."""

    def __init__(self):
        self.attempts = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.attempts.append((host, port))
        raise AssertionError(f"connected to {host}:{port}")


@pytest.fixture
def nowhere():
    connector = NoConnect()
    yield connector
    assert connector.attempts == []


class Outside(BaseHTTPRequestHandler):
    """A public web server: redirects, floods and drips."""

    protocol_version = "HTTP/1.1"
    sent = 0

    def do_GET(self):
        kind, _, rest = self.path[1:].partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        if kind == "announced":
            self.send_header("Content-Length", str(1000 * len(MEGABYTE)))
        self.end_headers()
        if kind == "drip":
            while not self.server.closing.wait(0.02):
                self.wfile.write(b"x")
        else:
            for _ in range(1000):
                self.wfile.write(MEGABYTE)
                type(self).sent += len(MEGABYTE)

    def log_message(self, *args):
        pass


class OutsideServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # the fetcher hung up, as it should


class Detour(httpcore.NetworkBackend):
    """Leads the one public address to the server on this machine, and fails for all others."""

    def __init__(self, port):
        self.port = port
        self.connected_to = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.connected_to.append(host)
        assert host == PUBLIC
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)


@pytest.fixture
def outside():
    Outside.sent = 0
    server = OutsideServer(("127.0.0.1", 0), Outside)
    server.closing = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    detour = Detour(server.server_address[1])
    yield detour
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()
    assert set(detour.connected_to) <= {PUBLIC}


def refusal(address, *, connector, resolver=None, **limits):
    """Why `address` is refused, once its text is seen to keep everything inside to itself."""

    def no_resolver(host, port):
        raise AssertionError(f"asked for {host}")

    with (
        Fetcher(resolver=resolver or no_resolver, connector=connector) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch(address, accept=ANY, **limits)
    text = str(caught.value)
    asked = caught.value.host or "This address"
    assert text.startswith(asked)
    about = text.removeprefix(asked)
    for inside in ("127.", "10.", "169.254", "192.168", "::", "private", "refused", "Errno", "resolve"):
        assert inside not in about
    return caught.value.kind


LITERALS = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:101:101::80ff:fffe]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", LITERALS)
def test_forbidden_address_is_never_connected_to(nowhere, host, scheme):
    assert refusal(f"{scheme}://{host}/latest/meta-data/", connector=nowhere) == "address"


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",  # decimal
        "017700000001",  # octal
        "0x7f000001",
        "0x7F.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "1.0x",
        "127\u30020\u30020\u30021",
        "\uff11\uff12\uff17.0.0.1",
        "\u2460\u2461\u2466.0.0.1",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.example",
        "127.0.0.1%2eexample",
        "local\thost",
        "[127.0.0.1]",
        "[::1].example",
        "",
        ".",
        "..",
        "example..org",
        "-",
        "a" * 64 + ".example",
        ".".join(["abcdefgh"] * 29),
    ],
)
def test_host_in_disguise_is_not_even_looked_up(nowhere, host):
    assert refusal(f"http://{host}/", connector=nowhere) == "address"


@pytest.mark.parametrize(
    "address",
    [
        "http://press.example@127.0.0.1/",
        "http://press.example:80@127.0.0.1/",
        "http://press.example\\@127.0.0.1/",
        "http://ada@press.example/",
        "http://ada:secret@press.example/",
        "http://press.example:22/",
        "http://press.example:6379/",
        "https://press.example:8443/",
        "http://press.example:0/",
        "http://press.example:99999/",
    ],
)
def test_user_names_and_other_ports_are_refused(nowhere, address):
    assert refusal(address, connector=nowhere) == "address"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://press.example/",
        "gopher://127.0.0.1:6379/_INFO",
        "dict://127.0.0.1:11211/stat",
        "data:text/html,x",
        "javascript:alert(1)",
        "unix:///run/docker.sock",
        "ws://press.example/",
        "//127.0.0.1/",
        "/etc/passwd",
        "127.0.0.1",
        "",
    ],
)
def test_only_http_and_https_are_spoken(nowhere, address):
    assert refusal(address, connector=nowhere) in {"scheme", "address"}


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],
        [PUBLIC, "192.168.0.1"],
        ["192.168.0.1", PUBLIC],
        ["2606:4700::1111", "::1"],
        ["not an address"],
    ],
)
@pytest.mark.parametrize("host", ["press.example", "localhost", "metadata.google.internal"])
def test_name_of_a_forbidden_address_is_never_connected_to(nowhere, host, answers):
    assert refusal(f"http://{host}/", connector=nowhere, resolver=lambda *_: answers) == "address"


def test_system_resolver_is_judged_too(nowhere):
    with Fetcher(connector=nowhere) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch("http://localhost/", accept=ANY)
    assert caught.value.kind == "address"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "https://169.254.169.254/latest/",
        "http://2130706433/",
        "//10.0.0.1/",
        "/to/http://192.168.0.1/",  # a chain: the second step leads inside
        "http://inside.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://press.example:6379/",
        "http://ada@press.example/",
    ],
)
def test_redirect_is_judged_like_the_first_address(outside, target):
    names = {"press.example": [PUBLIC], "inside.example": ["10.0.0.1"]}
    address = f"http://press.example/to/{target}"
    kind = refusal(address, connector=outside, resolver=lambda host, _: names[host])
    assert kind == ("scheme" if target.startswith(("file", "gopher")) else "address")
    assert set(outside.connected_to) == {PUBLIC}


def test_redirect_inside_is_reported_under_the_name_that_was_asked(outside):
    with (
        Fetcher(resolver=lambda *_: [PUBLIC], connector=outside) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch("http://press.example/to/http://10.9.8.7/", accept=ANY)
    assert str(caught.value) == "press.example could not be reached."


def test_name_that_changes_its_address_gains_nothing(outside):
    answers = itertools.chain([[PUBLIC]], itertools.repeat(["127.0.0.1"]))
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return next(answers)

    kind = refusal("http://rebind.example/flood", connector=outside, resolver=rebinding, max_bytes=1000)
    assert kind == "too-large"  # it was the public server that answered
    assert (asked, outside.connected_to) == (["rebind.example"], [PUBLIC])


def test_name_that_changes_its_address_between_redirects_is_judged_again(outside):
    answers = itertools.chain([[PUBLIC]], itertools.repeat(["127.0.0.1"]))
    kind = refusal(
        "http://rebind.example/to/http://rebind2.example/",
        connector=outside,
        resolver=lambda *_: next(answers),
    )
    assert (kind, outside.connected_to) == ("address", [PUBLIC])


def test_connection_goes_to_the_judged_address_on_a_real_socket(outside, monkeypatch):
    """With httpcore's own connector: what reaches the socket layer is the address, never the name."""
    reached = []

    def create_connection(address, *args, **kwargs):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    kind = refusal("https://press.example/", connector=None, resolver=lambda *_: [PUBLIC])
    assert (kind, reached) == ("network", [(PUBLIC, 443)])


@pytest.mark.parametrize("kind", ["flood", "announced"])
def test_gigabyte_is_cut_at_the_limit(outside, kind):
    began = time.monotonic()
    assert refusal(f"http://press.example/{kind}", connector=outside, resolver=lambda *_: [PUBLIC]) == "too-large"
    assert time.monotonic() - began < 5
    # The limit, and what fits into the buffers of two sockets: far from the gigabyte.
    assert Outside.sent < 30 * len(MEGABYTE)


def test_gigabyte_leaves_no_more_than_the_limit_in_the_file(outside, tmp_path):
    with (
        (tmp_path / "picture").open("wb") as file,
        Fetcher(resolver=lambda *_: [PUBLIC], connector=outside) as fetcher,
        pytest.raises(FetchError),
    ):
        fetcher.fetch_into(file, "http://press.example/flood", accept=ANY, max_bytes=100_000)
    assert (tmp_path / "picture").stat().st_size <= 100_000


def test_slow_drip_ends_at_the_deadline(outside):
    began = time.monotonic()
    kind = refusal("http://press.example/drip", connector=outside, resolver=lambda *_: [PUBLIC], deadline=0.3)
    assert kind == "timeout"
    assert time.monotonic() - began < 2


def test_defaults_are_five_seconds_and_five_megabytes():
    defaults = Fetcher.fetch.__kwdefaults__
    assert (defaults["deadline"], defaults["max_bytes"], defaults["max_redirects"]) == (5.0, 5_000_000, 3)
