"""Somebody who means harm: raw HTTP over many connections from many addresses, made of a seeded chance.

Each `Shot` is bytes for the wire and what may come back. Whatever it is, the answer must be no 5xx and hold no secret;
a shot without valid credentials at a path under /provision/ must get the one 401.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

HOST = "localhost"
ALLOWED = frozenset({200, 204, 201, 304, 400, 401, 404, 405, 408, 411, 413, 414, 417, 421, 431, 501})
"""501 is 5xx by number; it is listed so that the check below reads as what it is, and is refused there."""


class Target(NamedTuple):
    """What is attacked. The attacker knows one device's credentials (he owns that phone), and the key of its account;
    the others' MACs he can guess. `secrets` must never come out."""

    port: int
    key: str
    mac: str
    password: str
    others: tuple[str, ...]
    secrets: tuple[bytes, ...]


class Shot(NamedTuple):
    """`denied`: must get the uniform 401. `body`: does an answer have one? `count`: answers that come (pipelined)."""

    kind: str
    data: bytes
    denied: bool = False
    body: bool = True
    count: int = 1


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes


METHODS = ("GET", "GET", "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE", "REPORT")
FILES = (
    "{mac}.cfg",
    "{MAC}.cfg",
    "{mac}-local.cfg",
    "{mac}.boot",
    "y000000000066.cfg",
    "aastra.cfg",
    "xml/startup",
    "xml/login?user=1001&password=0000",
    "xml/logout",
    "no-such-file",
    "",
)
TRAVERSAL = (
    "../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/world.sqlite3",
    "..;/..;/api/v1/accounts",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "{other}.cfg",
    "%00{other}.cfg",
    "{other}.cfg%00",
    "./{other}.cfg",
    "x/../{other}.cfg",
    "//{other}.cfg",
    "\\..\\{other}.cfg",
    "{other}.cfg/",
    "{OTHER}.CFG",
    "{other}-local.cfg",
    "xml/../{other}.cfg",
)
INJECTIONS = ("%0d%0aSet-Cookie:%20a=b", "{{7*7}}", "%s%n", "<script>", "';--", "\u202e", "${jndi:ldap://x}")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Attacker:
    """Makes shots."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target = target
        self.chance = random.Random(seed)
        self.makers: tuple[Callable[[], Shot], ...] = (
            self.nobody,
            self.nobody,
            self.enumeration,
            self.enumeration,
            self.brute_force,
            self.digest,
            self.traversal,
            self.odd,
            self.large,
            self.pins,
            self.elsewhere,
        )

    def shot(self) -> Shot:
        return self.chance.choice(self.makers)()

    # --- Kinds -----------------------------------------------------------------------------------------------------

    def nobody(self) -> Shot:
        """No credentials: any path, any method, any key."""
        method = self.chance.choice(METHODS)
        return self._denied("nobody", method, self._path())

    def enumeration(self) -> Shot:
        """MAC after MAC, real ones among them, with a password that is none."""
        mac = self.chance.choice([*self.target.others, self.target.mac, self._mac()])
        headers = [("Authorization", basic(mac, self.chance.choice(["", "admin", mac, self.target.password[:-1]])))]
        return self._denied("enumeration", self.chance.choice(METHODS), self._path(mac), headers)

    def brute_force(self) -> Shot:
        """One device, one password after the other."""
        mac = self.target.others[0]
        headers = [("Authorization", basic(mac, f"{self.chance.getrandbits(64):016x}"))]
        return self._denied("brute force", "GET", f"/provision/{self.target.key}/{mac}.cfg", headers)

    def digest(self) -> Shot:
        """Digests of all sorts, none of them right."""
        path, mac = self._path(), self.chance.choice([*self.target.others, self._mac()])
        value = {
            "username": mac,
            "realm": "provisioning",
            "nonce": self.chance.choice(
                ["", "x", "." * 50, "f" * 3000 + ".x", "19b0.00", "-1.aa", "\udcff"[:0] + "0.0"]
            ),
            "uri": self.chance.choice([path, "/", "*", "http://evil.example/"]),
            "response": hashlib.md5(self._mac().encode(), usedforsecurity=False).hexdigest(),
            "qop": self.chance.choice(["auth", "auth-int", ""]),
            "nc": "00000001",
            "cnonce": self.chance.choice(["x", '\\"', "a" * 500]),
        }
        text = ", ".join(f'{name}="{said}"' for name, said in value.items())
        odd = self.chance.choice(
            [f"Digest {text}", f"Digest {text}, {text}", "Digest", "Digest ,,,=", "Basic", "Bearer x"]
        )
        return self._denied("digest", "GET", path, [("Authorization", odd)])

    def traversal(self) -> Shot:
        """The attacker's own credentials, for everything that is not his."""
        other = self.chance.choice(self.target.others)
        file = self.chance.choice(TRAVERSAL).format(other=other, OTHER=other.upper())
        path = f"/provision/{self.target.key}/{file}"
        auth = [("Authorization", basic(self.target.mac, self.target.password))]
        method = self.chance.choice(["GET", "HEAD", "PUT", "GET"])
        body = b"account.1.label = x\n" if method == "PUT" else b""
        return Shot("traversal", self._request(method, path, auth, body), body=method != "HEAD")

    def pins(self) -> Shot:
        """At his own phone, somebody else's PIN."""
        user, pin = self.chance.choice(["1001", "1002", "9999"]), f"{self.chance.randrange(10**6):06}"
        more = self.chance.choice(["", "&override=1", "&page=99", "&user=1001", self.chance.choice(INJECTIONS)])
        path = f"/provision/{self.target.key}/xml/login?user={user}&password={pin}{more}"
        auth = [("Authorization", basic(self.target.mac, self.target.password))]
        return Shot("pins", self._request("GET", path, auth))

    def elsewhere(self) -> Shot:
        """The rest of the server, without a token."""
        path = self.chance.choice(
            ["/api/v1/accounts", "/api/v1/webhooks", "/api/v1/worlds", "/w/x/api/v1/events", "/metrics", "/healthz"]
        )
        auth = [("Authorization", self.chance.choice(["Bearer x", basic("admin", "admin")]))]
        return Shot("elsewhere", self._request("GET", path, auth))

    def odd(self) -> Shot:
        """Requests that no phone sends, and some that no server should read in two ways."""
        return self.chance.choice(ODD)(self)

    def large(self) -> Shot:
        """Too much of something."""
        auth = [("Authorization", basic(self.target.mac, self.target.password))]
        own = f"/provision/{self.target.key}/{self.target.mac}-local.cfg"
        match self.chance.randrange(60):
            case 0:
                return Shot("large", self._request("PUT", own, auth, b"x" * (300 * 1024)))
            case 1:
                chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
                return Shot("large", self._head("PUT", own, [*auth, CHUNKED]) + chunk * 20 + b"0\r\n\r\n")
            case 2:
                flood = [(f"X-{number}", "y" * 50) for number in range(150)]
                return Shot("large", self._request("GET", own, flood))
            case 3:
                return Shot("large", self._request("GET", own, [("X-Long", "z" * 9000)]))
            case 4:
                return Shot("large", self._request("GET", "/provision/" + "a" * 9000))
            case 5:
                return Shot("large", self._request("GET", own, [("Cookie", "a=b; " * 1500)]))
            case _:
                agent = f"Yealink SIP-T46S {self.chance.getrandbits(4 * self.chance.randrange(1, 6000)):x}"
                return self._denied("large", "GET", self._path(), [("User-Agent", agent[:6000])])

    # --- Parts -----------------------------------------------------------------------------------------------------

    def _denied(self, kind: str, method: str, path: str, headers: list[tuple[str, str]] | None = None) -> Shot:
        return Shot(kind, self._request(method, path, headers or []), denied=True, body=method != "HEAD")

    def _request(
        self, method: str, path: str, headers: list[tuple[str, str]] | tuple[()] = (), body: bytes = b""
    ) -> bytes:
        length = [("Content-Length", str(len(body)))] if body or method in ("PUT", "POST", "PATCH") else []
        return self._head(method, path, [*headers, *length]) + body

    def _head(self, method: str, path: str, headers: list[tuple[str, str]]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")

    def _path(self, mac: str = "") -> str:
        mac = mac or self.chance.choice([*self.target.others, self._mac()])
        key = self.chance.choice([self.target.key, self._mac(), "", "%00", "%ff", "..", "a" * 200])
        file = self.chance.choice(FILES).format(mac=mac, MAC=mac.upper())
        return f"{self.chance.choice(['', '', '/w/main'])}/provision/{key}/{file}"

    def _mac(self) -> str:
        return f"805ec0{self.chance.getrandbits(24):06x}"


CHUNKED = ("Transfer-Encoding", "chunked")


def _raw(text: str, denied: bool = False, count: int = 1, body: bool = True) -> Callable[[Attacker], Shot]:
    def make(attacker: Attacker) -> Shot:
        other = attacker.chance.choice(attacker.target.others)
        filled = text.replace("KEY", attacker.target.key).replace("OTHER", other).replace("\n", "\r\n")
        return Shot("odd", filled.encode("latin-1"), denied, body, count)

    return make


ODD: tuple[Callable[[Attacker], Shot], ...] = (
    _raw("GET http://localhost/provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n", denied=True),
    _raw("GET http://evil.example/provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),
    _raw("GET //provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),
    _raw("GET /PROVISION/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),
    _raw("GET /provision//KEY//OTHER.cfg HTTP/1.1\nHost: localhost\n\n", denied=True),
    _raw("GET /provision/KEY/OTHER.CFG HTTP/1.1\nHost: LOCALHOST\n\n", denied=True),
    _raw("get /provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),
    _raw("HEAD /provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n", denied=True, body=False),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/1.1\n\n"),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/1.1\nHost: evil.example\n\n"),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\nHost: evil.example\n\n"),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/1.0\nHost: localhost\n\n", denied=True),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/2.0\nHost: localhost\n\n"),
    _raw("GET /provision/KEY/OTHER.cfg\n\n"),
    _raw("BREW /provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),  # the parser knows its methods: 400
    _raw("* /provision HTTP/1.1\nHost: localhost\n\n"),
    _raw("OPTIONS * HTTP/1.1\nHost: localhost\n\n"),
    _raw("CONNECT localhost:22 HTTP/1.1\nHost: localhost\n\n"),
    _raw(
        "PUT /provision/KEY/OTHER-local.cfg HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Length: 3\n\nabc"
    ),
    _raw("PUT /provision/KEY/x HTTP/1.1\nHost: localhost\nExpect: a-miracle\nContent-Length: 3\n\nabc"),
    _raw("POST /provision/KEY/x HTTP/1.1\nHost: localhost\nContent-Length: -1\n\n"),
    _raw("POST /provision/KEY/x HTTP/1.1\nHost: localhost\nContent-Length: 3\nContent-Length: 4\n\nabcd"),
    _raw("POST /provision/KEY/x HTTP/1.1\nHost: localhost\nContent-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n"),
    _raw("POST /provision/KEY/x HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\nzz\nabc\n0\n\n"),
    _raw("POST /provision/KEY/x HTTP/1.1\nHost: localhost\nTransfer-Encoding: gzip, chunked\n\n0\n\n"),
    _raw("PUT /provision/KEY/x HTTP/1.1\nHost: localhost\nContent-Encoding: gzip\nContent-Length: 4\n\nnope"),
    _raw("GET /provision/KEY/x HTTP/1.1\nHost: localhost\nX\x00Y: z\n\n"),
    _raw("GET /provision/KEY/x HTTP/1.1\nHost: localhost\nX : z\n\n"),
    _raw("GET /provision/KEY/x HTTP/1.1\nHost: localhost\n folded: z\n\n"),
    _raw("GET /provision/KEY/\xff\xfe HTTP/1.1\nHost: localhost\n\n"),
    _raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS where HTTP is spoken\n\n"),
    _raw("GET /provision/KEY/a HTTP/1.1\nHost: localhost\n\n" * 5, denied=True, count=5),
    _raw("GET /provision/KEY/a HTTP/1.1\nHost: localhost\nX-Pbxsim-World: nowhere\n\n"),
    _raw("GET /w/nowhere/provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\n\n"),
    _raw("GET /provision/KEY/OTHER.cfg HTTP/1.1\nHost: localhost\nRange: bytes=0-\nIf-None-Match: *\n\n", denied=True),
)


class Harm(Exception):
    """What must not have been answered."""


class Tally:
    """What came back of all of it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.refusals: dict[bytes, bytes] = {}  # the 401s with and without a body, all that does not vary -> a shot
        self.cut = 0  # connections that were closed without an answer

    def look(self, shot: Shot, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            raise Harm(f"{answer.status} to {shot.data[:300]!r}: {answer.body[:300]!r}")
        for secret in self.target.secrets:
            if secret in answer.body or secret in answer.head:
                raise Harm(f"a secret came out for {shot.data[:300]!r}")
        if shot.denied:
            if answer.status != 401:
                raise Harm(f"{answer.status} instead of 401 to {shot.data[:300]!r}")
            self.refusals.setdefault((b"" if shot.body else b"HEAD ") + plain(answer), shot.data)


_VARIES = re.compile(rb'nonce="[^"]*"|^(?:Date|X-Request-Id|Connection): .*\r\n|, stale=true', re.MULTILINE)


def plain(answer: Answer) -> bytes:
    """An answer without what time and chance put into it."""
    return _VARIES.sub(b"", answer.head.replace(b"HTTP/1.0", b"HTTP/1.1")) + answer.body


async def attack(target: Target, shots: int, seed: int, sources: int, connections: int) -> Tally:
    """So many shots from so many addresses of this machine; what came back. Raises Harm."""
    tally = Tally(target)
    left = iter(range(shots))

    async def gun(number: int) -> None:
        attacker = Attacker(target, seed * 10_000 + number)
        source = f"127.0.{1 + number % sources // 250}.{1 + number % sources % 250}"
        link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for _ in left:
            shot = attacker.shot()
            tally.sent[shot.kind] += 1
            if link is None:
                link = await asyncio.open_connection("127.0.0.1", target.port, local_addr=(source, 0))
            if not await fire(link, shot, tally):
                await close(link[1])
                link = None
        if link is not None:
            await close(link[1])

    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(gun(number))
    return tally


async def close(writer: asyncio.StreamWriter) -> None:
    """The other side may have been quicker."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def fire(link: tuple[asyncio.StreamReader, asyncio.StreamWriter], shot: Shot, tally: Tally) -> bool:
    """One shot; can the connection be used again?"""
    reader, writer = link
    try:
        writer.write(shot.data)
        for _ in range(shot.count):
            async with asyncio.timeout(30):
                answer, alive = await read(reader, shot)
            tally.look(shot, answer)
            if not alive:
                return False
    except (ConnectionError, asyncio.IncompleteReadError):
        tally.cut += 1
        return False
    return shot.kind not in ("odd", "large")  # after these nobody knows where the next answer begins


async def read(reader: asyncio.StreamReader, shot: Shot) -> tuple[Answer, bool]:
    """An answer, whole; 100 (Continue) is none."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        if status != 100:
            break
    if not shot.body or status in (204, 304):
        body = b""
    elif found := re.search(rb"\r\nContent-Length: (\d+)\r\n", head, re.IGNORECASE):
        body = await reader.readexactly(int(found[1]))
    else:
        body = await reader.read(1 << 20)
    alive = b"\r\nConnection: close\r\n" not in head and not head.startswith(b"HTTP/1.0")
    return Answer(status, head, body), alive
