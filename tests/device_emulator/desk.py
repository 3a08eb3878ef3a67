"""A tiny world around one phone: a dictionary of files, a registrar that knows passwords, a clock.

It feeds `step` through its public inputs only, and keeps everything the phone sent, so that a test reads as a story.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5

from msgspec import Struct
from msgspec.structs import replace

from device_emulator import models
from device_emulator.messages import (
    Dialled,
    FactoryReset,
    HttpReply,
    HttpRequest,
    Input,
    KeyPressed,
    LocallySet,
    Output,
    Place,
    Placed,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Typed,
    Wake,
)
from device_emulator.phone import Phone, new, step

YEALINK_MAC = "805ec0112233"
AASTRA_MAC = "00085d1610de"
URL = "http://prov.example/p/"


def md5_hex(text: str) -> str:
    return md5(text.encode()).hexdigest()


class Seen(Struct):
    """One HTTP request: the path below the server's URL (or the whole URL), and when it came, in ms."""

    path: str
    at: int
    status: int


class World:
    """One phone, its web server and its registrar. `files` maps paths to bodies; `statuses` paths to other answers."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.now = 1_735_689_600_000
        self.files: dict[str, str | bytes] = {}
        self.statuses: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.seen: list[Seen] = []
        self.http: list[HttpRequest] = []
        self.sip: list[SipRequest] = []
        self.calls: list[SipRequest] = []
        self.answers: list[SipReply] = []
        self.replies: list[HttpReply] = []  # of the phone's own web server
        self.passwords: dict[str, str] = {}
        self.bindings: dict[tuple[str, str], int] = {}
        self.granted = 3600
        self.refuse = 0
        self.subscribing: int | None = None  # what a SUBSCRIBE is answered with; None: nothing
        self.certificate = ""  # what is wrong with the web server's
        self.web_login: tuple[str, str] | None = None
        self.silent = False
        self.held: list[Output] = []
        self.holding = False
        self.notified = 0

    # ---- inputs

    def give(self, input: Input) -> None:
        self.phone, outputs = step(self.phone, input, self.now)
        for output in outputs:
            if self.holding:
                self.held.append(output)
            else:
                self.answer(output)

    def answer(self, output: Output) -> None:
        if isinstance(output, HttpRequest):
            self.http.append(output)
            if not self.silent:
                self.give(self.web(output))
        elif isinstance(output, SipRequest) and output.method != "REGISTER":
            self.calls.append(output)  # a test answers by itself: how long it rings is its matter
            if output.method == "SUBSCRIBE" and self.subscribing is not None:
                granted = output.expires if self.subscribing == 200 else 0
                self.give(SipReply(output.id, self.subscribing, expires=granted, call=output.call))
        elif isinstance(output, SipRequest):
            self.sip.append(output)
            if not self.silent:
                self.give(self.registrar(output))
        elif isinstance(output, HttpReply):
            self.replies.append(output)
        else:
            self.answers.append(output)

    def stage(self, username: str = "", password: str = "", url: str = URL) -> None:
        self.give(Staged(url, username, password))

    def network(self, *offers: tuple[str, str]) -> None:
        """What the network tells a phone that asks where its configuration is."""
        self.give(Placed(Place(offers)))

    def cable(self, on: bool) -> None:
        """The network cable, in or out; no time for anything that follows."""
        self.give(Placed(replace(self.phone.place, connected=on)))

    def plug_in(self) -> None:
        self.give(PowerOn())
        self.settle()

    def unplug(self) -> None:
        self.give(PowerLost())

    def power_cycle(self) -> None:
        self.unplug()
        self.plug_in()

    def factory_reset(self) -> None:
        self.give(FactoryReset())
        self.settle()

    def check_sync(self, event: str = "check-sync") -> None:
        self.notified += 1
        self.give(SipRequest(self.notified, "NOTIFY", "sip:x", "sip:x", event=event))
        self.settle()

    def notify(self, event: str, body: bytes = b"", caller: str = "") -> int:
        """A NOTIFY; the phone's answer. `caller` is who sends it, '' the registrar."""
        self.notified += 1
        self.give(SipRequest(self.notified, "NOTIFY", "sip:x", "sip:x", event=event, body=body, caller=caller))
        self.settle()
        return self.answers[-1].status

    def notify_only(self, event: str) -> None:
        """A NOTIFY, and no time for anything that follows."""
        self.notified += 1
        self.give(SipRequest(self.notified, "NOTIFY", "sip:x", "sip:x", event=event))

    def control(self, query: str, source: str = "10.0.0.9", path: str = "/servlet") -> HttpReply:
        """Somebody asks the phone's own web server; its answer."""
        self.notified += 1
        before = len(self.replies)
        self.give(HttpRequest(self.notified, "GET", f"http://{self.phone.mac}.phone{path}?{query}", source=source))
        self.settle()
        (reply,) = self.replies[before:]
        return reply

    def press(self, key: str) -> None:
        self.give(KeyPressed(key))
        self.settle()

    def type(self, *fields: str) -> None:
        self.give(Typed(fields))
        self.settle()

    def dial(self, number: str) -> None:
        self.give(Dialled(number))

    def ring(self, call: str = "c1", caller: str = '"John Smith" <1002>', user: str = "204") -> None:
        """The PBX's INVITE to the phone."""
        self.ask("INVITE", call, caller, user)

    def ask(self, method: str, call: str = "c1", caller: str = "", user: str = "204") -> None:
        """A request of the PBX."""
        self.notified += 1
        uri = f"sip:{user}@{self.phone.mac}.phone"
        self.give(SipRequest(self.notified, method, uri, f"sip:{user}@pbx.example", call=call, caller=caller))

    def reply(self, status: int) -> None:
        """The PBX's answer to the phone's last INVITE."""
        invite = [request for request in self.calls if request.method == "INVITE"][-1]
        self.give(SipReply(invite.id, status, call=invite.call))

    def said(self, action: Callable[[], object]) -> list[tuple[str | int, ...]]:
        """What the phone sends of calls while something happens: (method, call, body) or (status, call, request)."""
        asked, answered = len(self.calls), len(self.answers)
        action()
        requests = [(one.method, one.call, one.body.decode()) for one in self.calls[asked:]]
        return [*requests, *((one.status, one.call, one.id) for one in self.answers[answered:])]

    def set_locally(self, key: str, value: str) -> None:
        self.give(LocallySet(key, value))
        self.settle()

    def settle(self) -> None:
        for _ in range(500):
            if not self.phone.busy:
                return
            assert self.phone.due is not None
            self.now = max(self.now, self.phone.due)
            self.give(Wake())
        raise AssertionError(f"never settles: {self.phone.deadlines}")

    def advance(self, seconds: float) -> None:
        until = self.now + int(seconds * 1000)
        while self.phone.due is not None and self.phone.due <= until:
            self.now = max(self.now, self.phone.due)
            self.give(Wake())
        self.now = until

    # ---- the other side

    def web(self, request: HttpRequest) -> HttpReply:
        path = request.url.removeprefix(URL)
        reply = self._web(request, path)
        self.seen.append(Seen(path, self.now, reply.status))
        return replace(reply, certificate=self.certificate)

    def _web(self, request: HttpRequest, path: str) -> HttpReply:
        if self.web_login and not self._knows(request):
            challenge = 'Digest realm="prov", nonce="n1", qop="auth", algorithm=MD5'
            return HttpReply(request.id, 401, (("WWW-Authenticate", challenge),))
        if path in self.redirects:
            return HttpReply(request.id, 302, (("Location", self.redirects[path]),))
        if path in self.statuses:
            return HttpReply(request.id, self.statuses[path])
        if request.method in ("PUT", "POST"):
            self.files[path] = request.body
            return HttpReply(request.id, 201)
        if path not in self.files:
            return HttpReply(request.id, 404)
        body = self.files[path]
        return HttpReply(request.id, 200, (), body.encode() if isinstance(body, str) else body)

    def _knows(self, request: HttpRequest) -> bool:
        """RFC 7616, written here a second time, from the server's side."""
        assert self.web_login
        header = dict(request.headers).get("Authorization", "")
        if not header.startswith("Digest "):
            return False
        values = {part.partition("=")[0].strip(): part.partition("=")[2].strip('"') for part in header[7:].split(", ")}
        username, password = self.web_login
        ha1 = md5_hex(f"{username}:prov:{password}")
        ha2 = md5_hex(f"{request.method}:{values['uri']}")
        middle = f"{values['nonce']}:{values['nc']}:{values['cnonce']}:{values['qop']}"
        assert request.url.endswith(values["uri"])
        return values["response"] == md5_hex(f"{ha1}:{middle}:{ha2}")

    def registrar(self, request: SipRequest) -> SipReply:
        user = request.aor.removeprefix("sip:").partition("@")[0]
        if self.refuse:
            return SipReply(request.id, self.refuse)
        password = self.passwords.get(user)
        if password is not None:
            given = request.credentials
            right = md5_hex(f"{user}:pbx:{password}")
            right = md5_hex(f"{right}:s1:{md5_hex(f'REGISTER:{request.uri}')}")
            if given is None or given.response != right:
                return SipReply(request.id, 401, realm="pbx", nonce="s1")
        if request.expires:
            self.bindings[request.aor, request.contact] = self.now + self.granted * 1000
            return SipReply(request.id, 200, expires=self.granted)
        self.bindings.pop((request.aor, request.contact), None)
        return SipReply(request.id, 200)

    # ---- what a test asks

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def fetched(self, action: Callable[[], object]) -> list[str]:
        """The paths fetched while something happens."""
        before = len(self.seen)
        action()
        return self.paths[before:]

    def registers(self, action: Callable[[], object]) -> list[tuple[str, int]]:
        """(user, expires) of the REGISTERs sent while something happens."""
        before = len(self.sip)
        action()
        return [(r.aor.removeprefix("sip:").partition("@")[0], r.expires) for r in self.sip[before:]]

    @property
    def aors(self) -> set[str]:
        return {aor for aor, _ in self.bindings}


def yealink_file(label: str = "Bob", user: str = "204", **more: str) -> str:
    """A phone's own Yealink file; other keys with `__` for the dots."""
    lines = [
        "#!version:1.0.0.1",
        "account.1.enable = 1",
        f"account.1.label = {label}",
        f"account.1.user_name = {user}",
        "account.1.password = secret",
        "account.1.sip_server.1.address = pbx.example",
        *(f"{key.replace('__', '.')} = {value}" for key, value in more.items()),
    ]
    return "\n".join(lines) + "\n"


def aastra_file(name: str = "Bob", user: str = "204", *more: str) -> str:
    """A phone's own Aastra file."""
    lines = [
        f"sip line1 screen name: {name}",
        f"sip line1 user name: {user}",
        "sip line1 password: secret",
        "sip registrar ip: pbx.example",
        *more,
    ]
    return "\r\n".join(lines) + "\r\n"


def world(model: str) -> World:
    return World(new(models.find(model), YEALINK_MAC if model.startswith("yealink") else AASTRA_MAC))


def yealink(model: str = "yealink-t46s") -> World:
    """A staged Yealink without power, whose server keeps a boot file: saves 20 s, and is what a run finds first."""
    made = world(model)
    made.stage()
    made.files[f"{YEALINK_MAC}.boot"] = (
        f"#!version:1.0.0.1\ninclude:config y000000000066.cfg\ninclude:config {YEALINK_MAC}.cfg\n"
    )
    made.files["y000000000066.cfg"] = "#!version:1.0.0.1\nlang.gui = English\nsip.notify_reboot_enable = 0\n"
    made.files[f"{YEALINK_MAC}.cfg"] = yealink_file()
    return made


def aastra(model: str = "aastra-6731i") -> World:
    """A staged Aastra without power."""
    made = world(model)
    made.stage()
    made.files["aastra.cfg"] = "time format: 1\n"
    made.files[f"{AASTRA_MAC.upper()}.cfg"] = aastra_file()
    return made
