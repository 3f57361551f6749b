"""Addresses: fetched from loopback over real HTTP, in bounds, and never from where nothing was published."""

import asyncio
import gzip
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from summarizer import Failure, SourceError, Summary, load, summarize_many
from summarizer.batch import Address
from summarizer.loading import aload_all, web
from summarizer.loading.web import LARGEST, REDIRECTS, FetchedPage, decompressed, fetch

PAGE = (
    "<!doctype html><html lang='fr'><head><title>Norvik et Zelba s’allient</title></head><body><article>"
    "<h1>Norvik et Zelba s’allient</h1><p>Norvik a signé un partenariat avec Zelba en mars 2024, pour dix ans. "
    "Les deux groupes bâtiront une usine à Brême, où 300 personnes travailleront à partir de 2026.</p>"
    "</article></body></html>"
)
Reply = tuple[int, dict[str, str], bytes]


class Site:
    """A web site on loopback: path → reply, and what was asked of it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                reply = site.replies.get(self.path, (404, {}, b""))
                if callable(reply):
                    reply(self)
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes | str = PAGE, kind: str = "text/html; charset=utf-8", **headers: str) -> str:
        raw = body.encode() if isinstance(body, str) else body
        self.replies[path] = (200, {"Content-Type": kind, **headers}, raw)
        return self.url(path)

    def redirect(self, path: str, place: str, status: int = 302) -> str:
        self.replies[path] = (status, {"Location": place}, b"")
        return self.url(path)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def fetched(url: str, **options: Any) -> FetchedPage:
    return asyncio.run(fetch(url, **{"allow_private": True, **options}))


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(SourceError) as error:
        work()
    assert "\n" not in str(error.value)
    return str(error.value)


# --- what comes ------------------------------------------------------------------------------------------------------


def test_a_page_becomes_an_article_with_its_title_language_and_address(site: Site) -> None:
    article = load(site.page("/a"), allow_private=True)
    assert article.title == "Norvik et Zelba s’allient"
    assert article.language == "fr"
    assert article.source == site.url("/a")
    assert article.text.endswith("à partir de 2026.")


KINDS = {
    "text": ("Norvik signed with Zelba.\n", "text/plain", "Norvik signed with Zelba.\n"),
    "markdown": ("# Norvik\n\nIt signed.\n", "text/markdown", "# Norvik\n\nIt signed.\n"),
    "a page that is called a text": (PAGE, "text/plain", "Norvik et Zelba s’allient"),
    "a page without its type": (PAGE, "application/octet-stream", "Norvik et Zelba s’allient"),
    "a feed": (
        "<rss version='2.0'><channel><title>News</title><item><guid>1</guid><title>Norvik</title>"
        "<description>Norvik signed with Zelba in March, for ten years.</description></item></channel></rss>",
        "application/rss+xml",
        "Norvik signed with Zelba in March, for ten years.",
    ),
}


@pytest.mark.parametrize(("body", "kind", "words"), KINDS.values(), ids=KINDS)
def test_what_comes_is_read_as_what_it_is(site: Site, body: str, kind: str, words: str) -> None:
    assert words in load(site.page("/x", body, kind), allow_private=True).text


CHARSETS = {
    "the header": ("windows-1251", "text/html; charset=windows-1251", ""),
    "the page": ("shift_jis", "text/html", "<meta charset=Shift_JIS>"),
    "an old page": ("cp1252", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
    "a mark before either": ("utf-16", "text/html; charset=iso-8859-1", "<meta charset=iso-8859-1>"),
    "the bytes, where the header is wrong": ("utf-8", "text/html; charset=iso-8859-1", ""),
}
SENTENCES = {
    "windows-1251": "Компании договорились создать совместное предприятие для аренды станций.",
    "shift_jis": "東和電機と北斗化学は、全固体電池を共同で開発すると発表した。量産を目指し、両社で投資する。",
}


@pytest.mark.parametrize(("encoding", "kind", "meta"), CHARSETS.values(), ids=CHARSETS)
def test_the_charset_is_told_by(site: Site, encoding: str, kind: str, meta: str) -> None:
    sentence = SENTENCES.get(encoding, "Les scieries « Forêt » et Dübreuil font cause commune à Épinal — dès 1999.")
    raw = f"<html><head>{meta}<title>x</title></head><body><p>{sentence}</p></body></html>".encode(encoding)
    article = load(site.page("/c", raw, kind), allow_private=True)
    assert sentence in article.text
    assert article.warnings == ()


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda raw: zlib.compress(raw, wbits=-15)])
def test_a_packed_page_is_decompressed(site: Site, pack: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    url = site.page("/z", pack(PAGE.encode()), **{"Content-Encoding": encoding})
    assert fetched(url).raw == PAGE.encode()


def test_what_is_sent_along_is_a_name_and_no_more(site: Site) -> None:
    site.page("/end")
    site.replies["/start"] = (302, {"Location": "/end", "Set-Cookie": "id=42; Path=/"}, b"")
    fetched(site.url("/start"))
    for _, headers in site.asked:
        assert headers["User-Agent"].startswith("summarizer/")
        assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)


def test_credentials_of_the_environment_are_not_sent(site: Site, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login reader password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    code = f"from summarizer import load; load({site.page('/a')!r}, allow_private=True)"
    keys = {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc"), "HTTP_PROXY": "http://127.0.0.1:9"}
    subprocess.run([sys.executable, "-c", code], check=True, env=keys)
    assert "Authorization" not in site.asked[0][1]


# --- where it may not lead -------------------------------------------------------------------------------------------

NOT_PUBLISHED = {
    "http://127.0.0.1/": "127.0.0.1 is this machine",
    "http://localhost/": "is this machine",
    "http://[::1]/": "::1 is this machine",
    "http://[::ffff:127.0.0.1]/": "is this machine",
    "http://0x7f.1/": "127.0.0.1 is this machine",
    "http://10.1.2.3/": "10.1.2.3 is a private network",
    "http://192.168.1.1/": "192.168.1.1 is a private network",
    "http://100.64.0.1/": "100.64.0.1 is a private network",
    "http://[fd12::1]/": "fd12::1 is a private network",
    "http://[64:ff9b::10.0.0.1]/": "64:ff9b::a00:1 is a private network",
    "http://[2002:7f00:1::]/": "is this machine",
    "http://[::127.0.0.1]/": "is this machine",
    "http://[::ffff:0:10.0.0.1]/": "is a private network",
    "http://[64:ff9b:1::10.0.0.1]/": "is a private network",
    "http://[64:ff9b:1:fffe::1]/": "is a private network",
    "http://[fec0::1]/": "is a private network",
    "http://[5f00::1]/": "is a private network",
    "http://[4000::1]/": "is a private network",
    "http://[64:ff9b:2::10.0.0.1]/": "is a private network",
    "http://[3fff::1]/": "is a private network",
    "http://[2606:2800:220:1:0:5efe:10.0.0.1]/": "is a private network",
    "http://[2606:2800:220:1:200:5efe:169.254.169.254]/": "is the metadata service of a cloud",
    "http://169.254.1.1/": "169.254.1.1 is an address that no site is published at",
    "http://224.0.0.1/": "224.0.0.1 is an address that no site is published at",
    "http://0.0.0.0/": "0.0.0.0 is an address that no site is published at",
    "http://169.254.169.254/latest/meta-data/": "169.254.169.254 is the metadata service of a cloud",
    "http://[::ffff:a9fe:a9fe]/": "is the metadata service of a cloud",
    "http://[fd00:ec2::254]/": "fd00:ec2::254 is the metadata service of a cloud",
    "http://2130706433/": "2130706433 is not a URL in its usual form",
    "http://127.1/": "127.1 is not a URL in its usual form",
    "http://017700000001/": "017700000001 is not a URL in its usual form",
}


@pytest.mark.parametrize(("url", "reason"), NOT_PUBLISHED.items(), ids=NOT_PUBLISHED)
def test_an_address_where_nothing_is_published_is_refused(url: str, reason: str) -> None:
    assert reason in refused(lambda: load(url))


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "0.0.0.0"])
def test_the_metadata_of_a_cloud_is_refused_on_a_private_network_too(address: str) -> None:
    assert web.why_not(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.0.1", "100.64.0.1", "fd12::1", "::1"])
def test_a_private_network_is_allowed_where_it_is_asked_for(address: str) -> None:
    assert web.why_not(ip_address(address), allow_private=True) is None
    assert web.why_not(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::", "::ffff:0:93.184.216.34"],
)
def test_the_internet_is_allowed(address: str) -> None:
    assert web.why_not(ip_address(address)) is None


class Names(AbstractResolver):
    """A resolver that gives one address after another."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        address = self.answers.pop(0)
        found: list[ResolveResult] = [
            {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
        ]
        return found

    async def close(self) -> None:
        pass


def only(*allowed: str) -> Callable[[web.Address], str | None]:
    """A check that takes some addresses of loopback for the internet."""
    return lambda address: None if str(address) in allowed else "a private network"


def test_a_name_that_leads_to_a_private_address_is_refused_before_anything_is_sent(site: Site) -> None:
    site.page("/a")
    url = site.url("/a", host="public.example")
    said = refused(lambda: fetched(url, allow_private=False, resolver=Names("127.0.0.1")))
    assert f"cannot read {url!r}: 127.0.0.1 is this machine" in said
    assert site.asked == []


def test_the_connection_is_made_to_the_address_that_was_checked(site: Site) -> None:
    """A name that changes its address between check and connection gains nothing: it is asked once."""
    site.page("/a")
    names = Names("127.0.0.1", "127.0.0.2")
    url = site.url("/a", host="rebinding.example")
    assert fetched(url, resolver=names, refusal=only("127.0.0.1")).raw == PAGE.encode()
    assert names.asked == ["rebinding.example"]
    assert site.asked[0][1]["Host"] == f"rebinding.example:{site.port}"


@pytest.mark.parametrize("host", ["127.0.0.2", "rebinding.example", "[::1]", "2130706434"])
def test_a_redirect_to_a_private_address_is_refused(site: Site, host: str) -> None:
    site.redirect("/a", site.url("/secret", host=host))
    site.page("/secret")
    names = Names("127.0.0.1", "127.0.0.2")
    url = site.url("/a", host="rebinding.example")
    refused(lambda: fetched(url, resolver=names, refusal=only("127.0.0.1")))
    assert [path for path, _ in site.asked] == ["/a"]


# --- addresses that are none, redirects ------------------------------------------------------------------------------

NO_ADDRESS = {
    "ftp://example.org/a": "ftp URLs are not supported; give one that begins with https:// or http://, or a file",
    "file:///etc/passwd": "file URLs are not supported; give one that begins with https:// or http://, or a file",
    "http:///a": "the URL has no host; check it",
    "http://example.org:99999/": "it is not a valid URL",
}


@pytest.mark.parametrize(("url", "reason"), NO_ADDRESS.items(), ids=NO_ADDRESS)
def test_what_is_no_address_of_the_web_is_refused(url: str, reason: str) -> None:
    assert f"cannot read {url!r}: {reason}" in refused(lambda: load(url))


def test_a_password_in_an_address_is_neither_sent_nor_shown(site: Site) -> None:
    site.page("/a")
    url = site.url("/a", host="reader:secret@127.0.0.1")
    said = refused(lambda: load(url, allow_private=True))
    assert said.startswith(f"cannot read {site.url('/a')!r}: a user name and a password in a URL are not sent")
    failure = next(iter(summarize_many([Address(url)], model="extractive", allow_private=True)))
    assert "secret" not in failure.model_dump_json()
    assert site.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site: Site, status: int) -> None:
    site.page("/new/place")
    assert fetched(site.redirect("/old", "new/place", status)).url == site.url("/new/place")


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://a.example/", "http://a:b@127.0.0.1/", "data:,x"])
def test_a_redirect_to_what_is_no_address_of_the_web_is_refused(site: Site, place: str) -> None:
    refused(lambda: fetched(site.redirect("/a", place)))


def test_redirects_end(site: Site) -> None:
    url = site.redirect("/loop", "/loop")
    assert f"it redirects more than {REDIRECTS} times" in refused(lambda: fetched(url))
    assert len(site.asked) == REDIRECTS + 1


def test_a_redirect_to_another_site_is_said(site: Site) -> None:
    end = site.page("/end").replace("127.0.0.1", "localhost")
    article = load(site.redirect("/a", end), allow_private=True)
    assert article.source == site.url("/a")
    assert article.warnings == (f"it was redirected to {end!r}",)


STATUSES = {
    401: "it requires a login (401)",
    402: "it requires payment (402)",
    403: "the site refuses access, to programs at least (403)",
    404: "there is no such page (404); check the address",
    410: "the page is gone (410); check the address",
    418: "the site answered 418",
    429: "the site received too many requests (429); try again later",
    451: "the site may not show it here, for legal reasons (451)",
    503: "the site has a problem (503); try again later",
}


@pytest.mark.parametrize(("status", "reason"), STATUSES.items())
def test_a_status_is_told_in_words(site: Site, status: int, reason: str) -> None:
    site.replies["/a"] = (status, {}, PAGE.encode())
    assert f"cannot read {site.url('/a')!r}: {reason}" in refused(lambda: fetched(site.url("/a")))


# --- bounds ----------------------------------------------------------------------------------------------------------


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Never stop sending, without saying how much."""
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(b"word " * 20_000)


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Send the beginning, and then nothing until whoever waits has gone."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.connection.settimeout(20)
    with suppress(OSError):
        handler.connection.recv(1)


def test_a_page_without_end_is_cut_off(site: Site) -> None:
    site.replies["/a"] = endless
    assert "it is larger than 20 MB" in refused(lambda: fetched(site.url("/a")))


def test_a_page_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    def announce(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(LARGEST + 1))
        handler.end_headers()

    site.replies["/a"] = announce
    assert "it is larger than 20 MB" in refused(lambda: fetched(site.url("/a")))


def test_a_bomb_is_not_decompressed() -> None:
    bomb = gzip.compress(b"\0" * (4 * LARGEST), 9)
    assert len(bomb) < 100_000
    assert "it is larger than 20 MB" in refused(lambda: decompressed(bomb, "gzip", "it"))


DAMAGED = {
    "cut off": (gzip.compress(PAGE.encode())[:-40], "gzip", "its content is cut off"),
    "not packed": (PAGE.encode(), "gzip", "its content is damaged"),
    "unknown": (PAGE.encode(), "br", "it is compressed with 'br', not as requested"),
}


@pytest.mark.parametrize(("raw", "encoding", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_what_cannot_be_unpacked_is_said(raw: bytes, encoding: str, reason: str) -> None:
    assert reason in refused(lambda: decompressed(raw, encoding, "it"))


def test_a_site_that_falls_silent_is_left(site: Site) -> None:
    site.replies["/a"] = silent
    began = time.monotonic()
    assert "it took longer than" in refused(lambda: fetched(site.url("/a"), seconds=0.3))
    assert time.monotonic() - began < 10


def test_a_site_that_hangs_up_is_said(site: Site) -> None:
    site.replies["/a"] = lambda handler: handler.connection.close()
    assert f"cannot read {site.url('/a')!r}: " in refused(lambda: fetched(site.url("/a")))


def test_nobody_at_an_address_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert f"cannot read {url!r}: the site does not respond" in refused(lambda: fetched(url))


def test_a_site_without_a_certificate_is_said(site: Site) -> None:
    url = site.page("/a").replace("http:", "https:")
    assert f"cannot read {url!r}: " in refused(lambda: fetched(url))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own authority, with its key."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("there is no openssl to make a certificate with")
    file = tmp_path_factory.mktemp("tls") / "site.pem"
    wanted = (
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=loopback",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    )
    subprocess.run(
        [openssl, "req", "-x509", *wanted, "-keyout", file, "-out", f"{file}.crt"], check=True, capture_output=True
    )
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def safe(certificate: Path) -> Iterator[Site]:
    """A site that speaks https."""
    site = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    yield site
    site.server.shutdown()
    site.server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(safe: Site) -> None:
    url = safe.page("/a").replace("http:", "https:")
    assert f"cannot read {url!r}: its certificate is not trusted" in refused(lambda: fetched(url))
    assert safe.asked == []


def test_a_redirect_from_https_to_http_is_said(site: Site, safe: Site, certificate: Path) -> None:
    end = site.page("/end")
    start = safe.redirect("/start", end).replace("http:", "https:")
    code = f"from summarizer import load; print(load({start!r}, allow_private=True).warnings[0])"
    trusting = {"SSL_CERT_FILE": str(certificate), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=trusting, check=True)
    said = f"it was redirected from https to {end!r}: the text could have been changed in transit\n"
    assert done.stdout == said


def test_a_picture_is_no_article(site: Site) -> None:
    assert "it is image/webp, not an article" in refused(
        lambda: load(site.page("/a.webp", b"RIFF\x10", "image/webp"), allow_private=True)
    )


# --- many, and the command -------------------------------------------------------------------------------------------


def test_many_addresses_are_fetched_side_by_side(site: Site) -> None:
    """Each page comes only when all have been asked for: one after another they would never come."""
    together = threading.Barrier(12)

    def wait(handler: BaseHTTPRequestHandler) -> None:
        together.wait(timeout=20)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(PAGE.encode())

    urls = [site.url(f"/{number}") for number in range(12)]
    site.replies |= {f"/{number}": wait for number in range(12)}
    found = list(summarize_many(map(Address, urls), model="extractive", concurrency=12, allow_private=True))
    assert [one.article.source for one in found if isinstance(one, Summary)] == urls


def test_an_address_is_loaded_inside_of_a_running_event_loop(site: Site) -> None:
    url = site.page("/a")

    async def both() -> tuple[str, str]:
        (article,) = await aload_all(url, allow_private=True)
        return article.text, load(url, allow_private=True).text

    first, second = asyncio.run(both())
    assert first == second


def test_one_address_that_fails_does_not_stop_the_others(site: Site) -> None:
    urls = [site.page("/a"), site.url("/missing"), site.page("/b")]
    found = list(summarize_many(map(Address, urls), model="extractive", allow_private=True))
    assert [type(one) for one in found] == [Summary, Failure, Summary]
    assert isinstance(found[1], Failure)
    assert found[1].source == urls[1]
    assert found[1].error == "SourceError"


def run(*arguments: object, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "summarizer", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)


def test_the_command_takes_an_address(site: Site) -> None:
    url = site.page("/a")
    done = run("-m", "extractive", "-f", "json", "--allow-private", url)
    assert done.stderr == ""
    summary = json.loads(done.stdout)
    assert summary["article"]["source"] == url
    assert summary["partnerships"][0]["parties"] == ["Norvik", "Zelba"]


def test_the_command_takes_a_list_of_addresses(site: Site) -> None:
    urls = [site.page("/a"), site.page("/b")]
    done = run("-m", "extractive", "-f", "jsonl", "-q", "--allow-private", "--files-from", "-", stdin="\n".join(urls))
    assert [json.loads(line)["article"]["source"] for line in done.stdout.splitlines()] == urls


def test_the_command_refuses_a_private_address_in_one_line(site: Site) -> None:
    done = run("-m", "extractive", site.page("/a"))
    assert done.returncode == 1
    assert done.stderr == (
        f"summarizer: cannot read {site.url('/a')!r}: 127.0.0.1 is this machine; "
        "--allow-private is for pages of your own network\n"
    )


def test_claims_are_held_against_an_address(site: Site, tmp_path: Path) -> None:
    (tmp_path / "claims.txt").write_text("Norvik a signé un partenariat avec Zelba en mars 2024.\n", encoding="utf-8")
    done = run("check", "--allow-private", "--strict", site.page("/a"), tmp_path / "claims.txt")
    assert (done.returncode, done.stderr) == (0, "")
