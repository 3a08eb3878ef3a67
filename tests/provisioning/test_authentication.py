"""Who gets in, and that nobody else learns anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from provisioning import digest, respond
from provisioning.digest import LIFE, Basic, Digest, parse
from provisioning.identify import Claim, identify, masked
from provisioning.messages import Missed, Request
from tests.law import law

MAC = "805ec0112233"
FILE = f"/provision/acme/{MAC}.cfg"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "BREW"])
@pytest.mark.parametrize(
    "path",
    [
        FILE,
        "/provision/acme/no-such-file",
        "/provision/no-such-account/x",
        "/provision/",
        "/provision/acme/xml/login?user=204&password=1234",
        "/provision/../../etc/passwd",
        "//",
        "",
        "*",
        "http://other.example/provision/acme/x",
    ],
)
def test_without_credentials_everything_is_the_same_401(desk_of, yealink, path, method):
    desk = desk_of(yealink)
    assert desk.send(path, method) == desk.send("/provision/acme/y000000000066.cfg")
    assert desk.effects == ()


def test_the_401_of_wrong_credentials_is_the_same_too(desk_of, yealink, answer_basic):
    desk = desk_of(yealink)
    plain = desk.send(FILE)
    assert desk.send(FILE, "GET", answer_basic(MAC, "wrong")) == plain
    assert desk.effects == (Missed("192.0.2.7", "acme"),)
    assert desk.send("/provision/other/x", "PUT", answer_basic(MAC, "wrong")) == plain
    assert desk.effects == (Missed("192.0.2.7", "other"),)
    desk.plan = None  # a MAC nobody knows
    assert desk.send(FILE, "GET", answer_basic("805ec0999999", "fetch-me")) == plain
    assert desk.effects == (Missed("192.0.2.7", "acme"),)
    assert desk.send(FILE, "GET", "Bearer abc") == plain
    assert desk.effects == (Missed("192.0.2.7", "acme"),)
    assert desk.send(FILE, "GET", answer_basic("admin", "admin")) == plain
    assert desk.effects == (Missed("192.0.2.7", "acme"),)


@pytest.mark.parametrize("basic", [True, False])
def test_an_unknown_mac_costs_the_same_work_as_a_known_one(desk_of, yealink, monkeypatch, basic):
    counted = {"verify": 0, "md5": 0, "compare": 0}

    def counting(name, function):
        def call(*args, **kwargs):
            counted[name] += 1
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(respond.digest, "verify", counting("verify", digest.verify))
    monkeypatch.setattr(digest, "_md5", counting("md5", digest._md5))
    monkeypatch.setattr(digest.hmac, "compare_digest", counting("compare", digest.hmac.compare_digest))
    work = []
    for plan, password in [
        (yealink, "wrong"),
        (None, "fetch-me"),
        (replace(yealink, username="805ec0999999"), "fetch-me"),
    ]:
        desk = desk_of(yealink)
        desk.basic, desk.plan, desk.password = basic, plan, password
        for name in counted:
            counted[name] = 0
        assert desk.ask(f"{MAC}.cfg").status == 401
        work.append(dict(counted))
    assert work[0]["verify"] == 1
    assert work[0] == work[1] == work[2]


@pytest.mark.parametrize("legacy", [False, True])
def test_digest_with_and_without_qop(desk_of, yealink, legacy):
    desk = desk_of(yealink)
    desk.legacy = legacy
    assert desk.ask(f"{MAC}.cfg").status == 200
    desk.password = "wrong"
    assert desk.ask(f"{MAC}.cfg").status == 401
    assert desk.effects == (Missed("192.0.2.7", "acme"),)


def test_a_phone_of_somebody_elses_making_gets_in(desk_of, yealink):
    """The emulator's own digest, chosen from our challenges."""
    client = pytest.importorskip("device_emulator.wire.digest")
    desk = desk_of(yealink)
    challenges = tuple(value for name, value in desk.send(FILE).headers if name == "WWW-Authenticate")
    assert len(challenges) == 2
    for offered, digest_expected in ((challenges, True), (challenges[1:], False)):
        challenge = client.choose(offered)
        assert challenge.digest is digest_expected
        proof = client.authorization(challenge, MAC, "fetch-me", "GET", FILE, 1)
        assert desk.send(FILE, "GET", proof).status == 200
        proof = client.authorization(challenge, MAC, "wrong", "GET", FILE, 2)
        assert desk.send(FILE, "GET", proof).status == 401


def test_basic(desk_of, aastra):
    desk = desk_of(aastra)
    desk.basic = True
    assert desk.ask("00085D112233.cfg").status == 200
    desk.password = ""
    assert desk.ask("00085D112233.cfg").status == 401


@pytest.mark.parametrize("username", ["805EC0112233", "80:5e:c0:11:22:33", "80-5E-C0-11-22-33", "805e.c011.2233"])
def test_the_user_name_is_the_mac_in_any_spelling(desk_of, yealink, username):
    desk = desk_of(yealink)
    desk.username = username
    assert desk.ask(f"{MAC}.cfg").status == 200


def test_a_stale_nonce_is_renewed_and_is_no_miss(desk_of, yealink, now, answer_digest):
    desk = desk_of(yealink)
    challenge = desk.send(FILE).headers[0][1]
    proof = answer_digest(challenge, "GET", FILE, MAC, "fetch-me")
    desk.now = now + LIFE
    assert desk.send(FILE, "GET", proof).status == 200
    for when in (now + LIFE + 1, now - LIFE - 1):
        desk.now = when
        denied = desk.send(FILE, "GET", proof)
        assert denied.status == 401
        assert denied.headers[0][1].endswith(", stale=true")
        assert desk.effects == ()
    again = answer_digest(denied.headers[0][1], "GET", FILE, MAC, "fetch-me")
    assert desk.send(FILE, "GET", again).status == 200


def test_a_nonce_of_somebody_elses_making_is_stale(desk_of, yealink, now, answer_digest):
    desk = desk_of(yealink)
    for nonce in (digest.nonce(now, b"another key"), "", ".", f"{now:x}.", "zz.zz"):
        challenge = f'Digest realm="{digest.REALM}", nonce="{nonce}"'
        denied = desk.send(FILE, "GET", answer_digest(challenge, "GET", FILE, MAC, "fetch-me"))
        assert (denied.status, desk.effects) == (401, ())
        assert denied.headers[0][1].endswith(", stale=true")


def test_a_proof_is_for_one_url_and_one_method(desk_of, yealink, answer_digest):
    desk = desk_of(yealink)
    proof = answer_digest(desk.send(FILE).headers[0][1], "GET", FILE, MAC, "fetch-me")
    assert desk.send("/provision/acme/y000000000066.cfg", "GET", proof).status == 401
    assert desk.send(FILE + "?x=1", "GET", proof).status == 401
    assert desk.send(FILE, "PUT", proof).status == 401
    assert desk.send("http://127.0.0.1" + FILE, "GET", proof).status == 200


GOOD = 'Digest username=a, realm="provisioning", nonce=n, uri=/, response=r'
HEADERS = [
    (GOOD, Digest("a", "provisioning", "n", "/", "r")),
    ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Basic("Aladdin", "open sesame")),
    ("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Basic("Aladdin", "open sesame")),
    ("Basic YTpiOmM=", Basic("a", "b:c")),
    ("Basic YTrk", Basic("a", "ä")),  # Latin-1
    ("Basic YWJj", None),  # no colon
    ("Basic ?", None),
    ("Basic", None),
    ("Bearer x", None),
    ("", None),
    (
        'Digest username="a\\"b", realm="provisioning", nonce="n", uri="/x,y", response="ABC"',
        Digest('a"b', "provisioning", "n", "/x,y", "abc"),
    ),
    (
        'DIGEST username=a,realm="provisioning" , nonce = n,uri="/",response=r, qop="auth", nc=00000001,cnonce=""',
        Digest("a", "provisioning", "n", "/", "r", "auth", "00000001", ""),
    ),
    (
        f'{GOOD}, algorithm=md5, opaque=""',
        Digest("a", "provisioning", "n", "/", "r"),
    ),
    (f"{GOOD}, algorithm=SHA-256", None),
    (f"{GOOD}, qop=auth-int, nc=1, cnonce=c", None),
    (f"{GOOD}, qop=auth", None),  # no nc
    ('Digest username=a, realm="other", nonce=n, uri=/, response=r', None),
    ('Digest username=a, username=b, realm="provisioning", nonce=n, uri=/, response=r', None),
    ('Digest username=a, realm="provisioning", nonce=n, uri=/', None),
    ('Digest username="a, realm="provisioning", nonce=n, uri=/, response=r', None),
    ('Digest username="a', None),
    ("Digest", None),
]


@pytest.mark.parametrize(("header", "proof"), HEADERS)
def test_authorization_is_parsed_as_the_rfcs_say(header, proof):
    assert parse(header) == proof


@given(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.sampled_from(["", "Basic ", "Digest ", 'Digest username="']),
)
@law()
def test_no_header_makes_it_raise(text, scheme):
    request = Request("GET", f"/provision/{text}?{text}", (("Authorization", scheme + text), ("User-Agent", text)))
    identify(request, 0, b"key")
    masked(text)


@pytest.mark.parametrize(
    "header",
    [
        "Digest " + " " * 100_000,
        "Digest " + "a=" * 50_000,
        'Digest a="' + "\\" * 100_001,
        "Digest " + ", " * 50_000 + "=",
    ],
)
def test_a_hostile_header_costs_its_length(header):
    begun = time.perf_counter()
    parse("Digest " + header)
    assert time.perf_counter() - begun < 0.5


def test_a_log_in_arrives_typed(key, answer_basic):
    def claim(url):
        found = identify(Request("GET", url, (("Authorization", answer_basic(MAC, "x")),)), 0, key)
        assert isinstance(found, Claim)
        return found

    page = claim("/provision/acme/xml/login?user=204&password=12%2034&override=1")
    assert (page.account, page.page, page.extension, page.pin, page.override) == ("acme", "login", "204", "12 34", True)
    assert claim("/provision/acme/xml/login").extension == ""
    assert claim("/provision/acme/xml/logout").page == "logout"
    assert claim("/provision/acme/xml/config?page=2").number == 2
    for odd in ("", "-1", "x", "9" * 5000, "²"):
        assert claim(f"/provision/acme/xml/config?page={odd}").number == 0
    assert claim("/w/blue/provision/acme/x").account == ""
    request = Request("GET", "/w/blue/provision/acme/x.cfg", (("Authorization", answer_basic(MAC, "x")),))
    in_world = identify(request, 0, key, "/w/blue/provision/")
    assert isinstance(in_world, Claim)
    assert (in_world.account, in_world.file) == ("acme", "x.cfg")


MASKED = [
    ("/p/acme/xml/login?user=204&password=1234&override=1", "/p/acme/xml/login?user=204&password=***&override=1"),
    ("/p/acme/xml/login?p%61ssword=1234", "/p/acme/xml/login?p%61ssword=***"),
    ("/p/acme/xml/login?PASSWORD=1=2", "/p/acme/xml/login?PASSWORD=***"),
    ("http://joe:pw@host:80/x?password=", "http://joe:***@host:80/x?password=***"),
    ("http://joe@host/x", "http://joe@host/x"),
    ("http://host/x", "http://host/x"),
    ("/x", "/x"),
    ("/x?", "/x?"),
]


@pytest.mark.parametrize(("url", "shown"), MASKED)
def test_no_pin_gets_into_a_log(url, shown):
    assert masked(url) == shown
