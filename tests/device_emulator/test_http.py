"""HTTP as a phone speaks it: challenges, redirects, and to whom credentials go."""

from __future__ import annotations

from typing import Any

import pytest

from device_emulator.messages import HttpReply
from device_emulator.wire import transfer
from device_emulator.wire.digest import Challenge, authorization, choose, response
from device_emulator.wire.transfer import Done, Fetch, Login

Y = "805ec0112233"


def test_headers(t46s: Any, m6731i: Any) -> None:
    t46s.plug_in()
    assert dict(t46s.http[0].headers) == {
        "User-Agent": "Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33",
        "Accept": "*/*",
    }
    m6731i.plug_in()
    assert dict(m6731i.http[0].headers)["User-Agent"] == "Aastra6731i MAC:00-08-5D-16-10-DE V:3.3.1.4365-SIP"


def test_only_the_first_request_of_a_run_is_challenged(t46s: Any) -> None:
    t46s.stage("me", "word")
    t46s.web_login = ("me", "word")
    t46s.plug_in()
    assert [seen.status for seen in t46s.seen] == [401, 200, 200, 200]
    counts = [dict(request.headers).get("Authorization", "").partition("nc=")[2][:8] for request in t46s.http]
    assert counts == ["", "00000001", "00000002", "00000003"]
    assert t46s.phone.screen.label == "Bob"


@pytest.mark.parametrize(("username", "requests"), [("", 1), ("me", 2)])
def test_no_or_wrong_credentials_end_the_run(t46s: Any, username: str, requests: int) -> None:
    t46s.stage(username, "wrong")
    t46s.web_login = ("me", "word")
    t46s.plug_in()
    assert len(t46s.http) == requests
    assert t46s.phone.report.outcome == "failed"
    assert "credentials" in t46s.phone.report.reason


def test_credentials_in_the_url_are_taken_out_of_it(t46s: Any) -> None:
    t46s.stage(url="http://me:word@prov.example/p")
    assert (t46s.phone.flash.url, t46s.phone.flash.username) == ("http://prov.example/p/", "me")
    t46s.web_login = ("me", "word")
    t46s.plug_in()
    assert t46s.phone.screen.label == "Bob"


def test_redirects_are_followed_five_times(t46s: Any) -> None:
    own = f"{Y}.cfg"
    t46s.files["there.cfg"] = t46s.files[own]
    t46s.redirects = {own: "r1", "r1": "/p/r2", "r2": "http://prov.example/p/r3", "r3": "r4", "r4": "there.cfg"}
    t46s.plug_in()
    assert t46s.phone.screen.label == "Bob"
    t46s.redirects["r4"] = "r5"
    t46s.redirects["r5"] = "there.cfg"
    t46s.power_cycle()
    assert t46s.phone.report.outcome == "failed"
    assert "more than 5 redirects" in t46s.phone.report.reason


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "tftp://h/x"])
def test_a_redirect_to_nowhere_ends_the_run(t46s: Any, location: str) -> None:
    t46s.redirects[f"{Y}.boot"] = location
    t46s.plug_in()
    assert t46s.phone.report.reason == f"{Y}.boot: a redirect without a usable address (302)"


def test_credentials_go_to_no_other_server() -> None:
    login = Login("http://prov.example:80", "me", "word")
    challenge = HttpReply(1, 401, (("WWW-Authenticate", "Basic realm=x"),))
    elsewhere = transfer.receive(Fetch(1, "http://evil.example/x"), transfer.NO_SESSION, login, challenge)
    assert isinstance(elsewhere, Done)
    assert "another server" in elsewhere.why
    at_home = transfer.receive(Fetch(1, "http://prov.example/x"), transfer.NO_SESSION, login, challenge)
    assert not isinstance(at_home, Done)
    call, session = at_home
    _, request = transfer.send(call, session, login, "agent")
    assert dict(request.headers)["Authorization"] == "Basic bWU6d29yZA=="
    _, request = transfer.send(Fetch(2, "http://evil.example/x"), session, login, "agent")
    assert "Authorization" not in dict(request.headers)


def test_a_server_without_http_is_not_asked(t46s: Any) -> None:
    t46s.stage(url="tftp://prov.example/")
    t46s.plug_in()
    assert not t46s.http
    assert t46s.phone.report.outcome == "failed"


def test_the_example_of_rfc_7616() -> None:
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    challenge = Challenge(True, "http-auth@example.org", nonce, "", True)
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    given = response(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", "00000001", cnonce)
    assert given == "8ca523f5e9506fed4657c9700eebdbec"


def test_the_example_of_rfc_2617_without_qop() -> None:
    nonce, opaque = "dcd98b7102dd2f0e8b11d0f600bfb0c093", "5ccc069c403ebaf9f0171e9517f40e41"
    challenge = Challenge(True, "testrealm@host.com", nonce, opaque)
    header = authorization(challenge, "Mufasa", "CircleOfLife", "GET", "/dir/index.html", 1)
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header  # the form of RFC 2069, by its erratum
    assert f'opaque="{opaque}"' in header


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (('Digest realm="a \\"b\\"", nonce="n", qop="auth,auth-int"',), Challenge(True, 'a "b"', "n", "", True)),
        (("Basic realm=x", 'DIGEST realm="x", nonce=n'), Challenge(True, "x", "n")),
        (('Basic realm="x, Digest y", Digest realm="z", nonce="n"',), Challenge(True, "z", "n")),
        (('Digest realm="x", nonce="n", algorithm=SHA-256, Basic realm="b"',), Challenge(False, "b")),
        (('Digest realm="x", nonce="n", qop="auth-int"',), None),
        (("Negotiate",), None),
        ((), None),
    ],
)
def test_the_choice_of_a_challenge(headers: tuple[str, ...], expected: Challenge | None) -> None:
    assert choose(headers) == expected


@pytest.mark.parametrize(
    ("base", "name", "url"),
    [
        ("http://h/p/", "a.cfg", "http://h/p/a.cfg"),
        ("http://h/p/", "/a.cfg", "http://h/a.cfg"),
        ("http://h/p/", "../a.cfg", "http://h/a.cfg"),
        ("http://h/p/", "https://x/a.cfg", "https://x/a.cfg"),
        ("http://h/p/", "Ж a.cfg", "http://h/p/%D0%96%20a.cfg"),
        ("http://h/p?a=/", "a.cfg", "http://h/a.cfg"),
        ("http://[h", "//[x/a", "//[x/a"),
    ],
)
def test_addresses(base: str, name: str, url: str) -> None:
    assert transfer.resolve(base, name) == url
