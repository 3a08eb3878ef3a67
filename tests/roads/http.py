"""A world on a server, driven over HTTP, that reads like a world in process.

The scenarios are written once, against the façade's names; this is their second road. Everything here is a request and
its answer as JSON: it knows no module of the server, and of the product only the errors that it raises and the nodes
that scenarios build.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

from pbxsim import Blocker, Fault, Forbidden, Invalid, NotFound, NotReady, NotSettled, Refused
from pbxsim.core import nodes as n
from tests.roads.qr import decode


class Wire:
    """One keep-alive connection to a server, for one world and one actor."""

    def __init__(self, port: int, token: str, world: str) -> None:
        self.token, self.world, self.actor = token, world, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def acting_as(self, actor: str) -> Wire:
        """The same connection, for somebody else."""
        other = copy(self)
        other.actor = actor
        return other

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "X-Pbxsim-World": self.world}
        if self.actor:
            headers["X-Pbxsim-Actor"] = self.actor
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "text/csv" if data is body else "application/json"
        self.connection.request(method, f"/api/v1{path}", data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        kind = answer.headers.get_content_type()
        found = text.decode() if kind == "image/svg+xml" else json.loads(text) if text else None
        if answer.status >= 400:
            raise error(answer.status, found)
        return found

    def all(self, path: str, q: str = "") -> list[Any]:
        """Every item of a list, page by page; `q` is what is searched for."""
        items, cursor = [], ""
        search = f"&q={quote(q)}" if q else ""
        while True:
            page = self("GET", f"{path}?limit=2{search}{f'&after={cursor}' if cursor else ''}")
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = quote(page["next"])

    def close(self) -> None:
        self.connection.close()


def error(status: int, problem: dict[str, Any]) -> Exception:
    """The exception that the façade would have raised."""
    if "blockers" in problem:
        known = {"kind", "id", "name", "do", "request"}
        blockers = [
            Blocker(
                b["kind"],
                b["id"],
                b["name"],
                b["do"],
                b["request"] and (b["request"]["method"], b["request"]["path"]),
                tuple((key, value) for key, value in b.items() if key not in known),
            )
            for b in problem["blockers"]
        ]
        kind = Forbidden if status == 403 else Refused
        return kind(problem["rule"], problem["title"], problem["detail"], blockers)
    match problem["code"]:
        case "not-ready":
            return NotReady(problem["screen"])
        case "not-found":
            return NotFound("thing", problem["instance"], problem["detail"])
        case "not-settled":
            return NotSettled(0, problem["busy"])
        case "invalid":
            return Invalid(Fault(f["pointer"], f["message"]) for f in problem["errors"])
    return AssertionError(f"{status}: {problem}")


def named(value: Any) -> Any:
    """JSON as attributes; lists as tuples."""
    if isinstance(value, dict):
        return SimpleNamespace(**{key: named(part) for key, part in value.items()})
    return tuple(map(named, value)) if isinstance(value, list) else value


class Thing:
    """One resource: its attributes are those of its JSON, asked for anew each time."""

    def __init__(self, wire: Wire, base: str, id_: str) -> None:
        self._wire, self._base, self.id = wire, base, id_

    @property
    def path(self) -> str:
        return f"{self._base}/{quote(self.id)}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(named(self._wire("GET", self.path)), name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def exists(self) -> bool:
        try:
            self._wire("GET", self.path)
        except NotFound:
            return False
        return True


class Items:
    """A collection."""

    thing = Thing
    positional: tuple[str, ...] = ()
    keys = ("id",)

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire, self._path = wire, path

    def add(self, *values: Any, **fields: Any) -> Any:
        body = {**dict(zip(self.positional, values, strict=False)), **fields}
        return self.thing(self._wire, self._path, self._wire("POST", self._path, plain(body))["id"])

    def update(self, thing: Any, **fields: Any) -> None:
        self._wire("PATCH", self._at(thing), plain(fields))

    def delete(self, thing: Any) -> None:
        self._wire("DELETE", self._at(thing))

    def __getitem__(self, key: str) -> Any:
        return self.thing(self._wire, self._path, self._found(key)["id"])

    def __contains__(self, key: Any) -> bool:
        try:
            self._found(key.id if isinstance(key, Thing) else key)
        except NotFound:
            return False
        return True

    def __iter__(self) -> Iterator[Any]:
        return (self.thing(self._wire, self._path, item["id"]) for item in self._wire.all(self._path))

    def _at(self, thing: Any) -> str:
        return f"{self._path}/{thing.id if isinstance(thing, Thing) else quote(self._found(thing)['id'])}"

    def _found(self, key: str) -> Any:
        for item in self._wire.all(self._path):
            shown = (*(item[name] for name in self.keys), *(str(item[name]).replace(":", "") for name in self.keys))
            if key in shown:
                return item
        return self._wire("GET", f"{self._path}/{quote(key)}")

    def _do(self, thing: Any, verb: str, method: str = "POST", **body: Any) -> Any:
        return self._wire(method, f"{self._at(thing)}/{verb}", plain(body))


class User(Thing):
    @property
    def logins(self) -> Any:
        return named(self._wire("GET", f"{self.path}/logins")["items"])

    @property
    def mailbox(self) -> Thing:
        boxes = Mailboxes(self._wire, self._base.replace("/users", "/mailboxes"))
        return next(box for box in boxes if box.owner == self.id)

    @property
    def messages(self) -> list[Message]:
        boxes = self._base.replace("/users", "/mailboxes")
        found = self._wire.all(f"{self.path}/messages")
        return [Message(self._wire, f"{boxes}/{item['mailbox']}/messages", item["id"]) for item in found]


class Users(Items):
    thing, positional, keys = User, ("extension",), ("id", "extension")

    def update_login(self, user: Any, **fields: Any) -> None:
        self._wire("PATCH", f"{self._at(user)}/login", plain(fields))

    def import_csv(self, text: str) -> list[Any]:
        made = self._wire("POST", f"{self._path}/import", text.encode())
        return [self.thing(self._wire, self._path, id_) for id_ in made["users"]]

    def search(self, text: str) -> list[Any]:
        return [self.thing(self._wire, self._path, item["id"]) for item in self._wire.all(self._path, q=text)]

    def log_in_app(self, user: Any, password: str) -> Any:
        key = user.id if isinstance(user, Thing) else user
        return self._wire("POST", f"{self._path}/{key}/apps", {"password": password})

    def plan(self, user: Any, **wish: Any) -> Any:
        return named(self._wire("POST", f"{self._at(user)}/offboarding?dry_run=true", wished(wish)))

    def offboard(self, user: Any, **wish: Any) -> Any:
        return named(self._wire("POST", f"{self._at(user)}/offboarding", wished(wish)))

    def log_out_app(self, user: Any) -> None:
        self._wire("DELETE", f"{self._at(user)}/apps")

    def reset(self, user: Any, **fields: Any) -> None:
        self._do(user, "reset", **fields)

    def recycle(self, user: Any, first_name: str, last_name: str, email: str = "", **fields: Any) -> None:
        self._do(user, "recycle", first_name=first_name, last_name=last_name, email=email, **fields)

    def force_password_reset(self, user: Any) -> None:
        self._do(user, "force-password-reset")

    def send_welcome(self, user: Any) -> None:
        self._do(user, "welcome-email")

    def send_recovery(self, user: Any) -> None:
        self._do(user, "recovery-email")

    def redeem(self, text: str, password: str, **fields: Any) -> Any:
        link = linked(text, "invitation")
        shown = self._wire(
            "POST", f"{self._path}/{link['user']}/invitation", {"code": link["code"], "password": password, **fields}
        )
        return self.thing(self._wire, self._path, shown["id"])

    def setup_code(self, user: Any, app: str = "mobile") -> str:
        return decode(self._wire("GET", f"{self._at(user)}/setup-code.svg?app={app}"))

    def scan(self, text: str) -> Any:
        link = linked(text, "setup")
        body = {"app": link["app"], "code": link["code"]}
        return self._wire("POST", f"{self._path}/{link['user']}/setup-code", body)["id"]

    def bulk(self, action: str, users: Any, *, progress: Any = lambda job: None, **fields: Any) -> Any:
        body = {"action": action, "users": list(users), **fields}
        made = self._wire("POST", f"{self._path}/bulk", plain(body))
        job, seen = Job(self._wire, self._path.replace("/users", "/jobs"), made["id"]), 0
        while True:
            shown = named(self._wire("GET", job.path))
            if shown.at > seen:
                progress(shown)
                seen = shown.at
            if shown.status != "running":
                return job


class Job(Thing):
    pass


class Jobs(Items):
    thing = Job

    def start(self, action: str, users: Any, **fields: Any) -> Any:
        body = {"action": action, "users": list(users), "confirm": False, **fields}
        made = self._wire("POST", f"{self._path.replace('/jobs', '/users')}/bulk", plain(body))
        return Job(self._wire, self._path, made["id"])

    def confirm(self, job: Any) -> None:
        self._do(job, "confirm")

    def cancel(self, job: Any) -> None:
        self._do(job, "cancel")


class Device(Thing):
    @property
    def bindings(self) -> Any:
        return named(self._wire("GET", f"{self.path}/registrations")["items"])


class Devices(Items):
    thing, keys = Device, ("id", "mac")

    def sync(self, device: Any, reboot: bool | None = None) -> None:
        self._do(device, "sync", reboot=reboot)


class Version(Thing):
    @property
    def numbers(self) -> Any:
        return [SimpleNamespace(e164=number) for number in self._wire("GET", self.path)["numbers"]]


class Callflow(Thing):
    @property
    def versions(self) -> list[Version]:
        shown = self._wire("GET", f"{self.path}/versions")["items"]
        return [Version(self._wire, f"{self.path}/versions", str(item["version"])) for item in shown]

    @property
    def newest(self) -> Version:
        return [version for version in self.versions if version.status != "DRAFT"][-1]

    @property
    def numbers(self) -> list[str]:
        return list(self._wire("GET", self.path)["numbers"])


class Callflows(Items):
    thing, positional, keys = Callflow, ("name", "root"), ("id", "name")

    def draft(self, callflow: Any, root: Any = None) -> Version:
        body = {} if root is None else {"root": root}
        made = self._do(callflow, "versions", **body)
        return Version(self._wire, f"{self._at(callflow)}/versions", str(made["version"]))

    def change(self, version: Version, root: Any) -> None:
        self._wire("PUT", version.path, {"root": plain(root)})

    def make_available(self, version: Version) -> None:
        self._wire("POST", f"{version.path}/make-available")

    def delete_version(self, version: Version) -> None:
        self._wire("DELETE", version.path)

    def reassign(self, callflow: Any, to: Any) -> None:
        self._do(callflow, "reassign", to=self._at(to).rpartition("/")[2])


class Number(Thing):
    @property
    def callflow(self) -> Callflow | None:
        id_ = self._wire("GET", self.path)["callflow"]
        return id_ and Callflow(self._wire, self._base.replace("/numbers", "/callflows"), id_)


class Numbers(Items):
    thing, positional, keys = Number, ("e164",), ("id", "e164")

    def activate(self, number: Any, **fields: Any) -> None:
        self._do(number, "activate", **fields)

    def deactivate(self, number: Any) -> None:
        self._do(number, "deactivate")

    @property
    def available(self) -> list[Number]:
        shown = self._wire("GET", f"{self._path}?state=available")["items"]
        return [Number(self._wire, self._path, item["id"]) for item in shown]


class Queues(Items):
    positional, keys = ("name",), ("id", "name")

    def add_member(self, queue: Any, user: Any) -> None:
        self._wire("PUT", f"{self._at(queue)}/members/{user.id}")

    def remove_member(self, queue: Any, user: Any) -> None:
        self._wire("DELETE", f"{self._at(queue)}/members/{user.id}")

    def log_in(self, queue: Any, user: Any) -> None:
        self._wire("PUT", f"{self._at(queue)}/agents/{user.id}")

    def log_out(self, queue: Any, user: Any) -> None:
        self._wire("DELETE", f"{self._at(queue)}/agents/{user.id}")


class Mailbox(Thing):
    @property
    def messages(self) -> list[Message]:
        found = self._wire.all(f"{self.path}/messages")
        return [Message(self._wire, f"{self.path}/messages", item["id"]) for item in found]


class Message(Thing):
    pass


class Mailboxes(Items):
    thing, positional, keys = Mailbox, ("number",), ("id", "number")

    def log_in(self, mailbox: Any, pin: str = "", **wizard: Any) -> None:
        self._do(mailbox, "log-in", pin=pin, **wizard)

    def move_message(self, message: Message, folder: str) -> None:
        self._wire("PATCH", message.path, {"folder": folder})

    def delete_message(self, message: Message) -> None:
        self._wire("DELETE", message.path)


class Directory(Items):
    positional, keys = ("user", "name"), ("id", "user", "extension")


class BlfKeys(Items):
    positional = ("device", "position", "user")


class Requests(Items):
    positional = ("kind",)

    def fulfil(self, request: Any, answer: str = "") -> None:
        self._do(request, "fulfil", answer=answer)

    def reject(self, request: Any, answer: str) -> None:
        self._do(request, "reject", answer=answer)


class Account(Thing):
    requests = property(lambda self: Requests(self._wire, f"{self.path}/requests"))
    users = property(lambda self: Users(self._wire, f"{self.path}/users"))
    devices = property(lambda self: Devices(self._wire, f"{self.path}/devices"))
    callflows = property(lambda self: Callflows(self._wire, f"{self.path}/callflows"))
    numbers = property(lambda self: Numbers(self._wire, f"{self.path}/numbers"))
    queues = property(lambda self: Queues(self._wire, f"{self.path}/queues"))
    mailboxes = property(lambda self: Mailboxes(self._wire, f"{self.path}/mailboxes"))
    directory = property(lambda self: Directory(self._wire, f"{self.path}/directory"))
    blf_keys = property(lambda self: BlfKeys(self._wire, f"{self.path}/blf-keys"))
    outbox = property(lambda self: Items(self._wire, f"{self.path}/outbox"))
    jobs = property(lambda self: Jobs(self._wire, f"{self.path}/jobs"))

    calls = property(lambda self: Calls(self._wire, f"{self.path}/calls"))
    cdrs = property(lambda self: Items(self._wire, f"{self.path}/cdrs"))

    def call(self, to: str, *, answered: bool = True, from_: Any = "", digits: str = "") -> Any:
        asked = {"to": to, "answered": answered, "from": plain(from_), "digits": digits}
        return named(self._wire("POST", f"{self.path}/calls", asked))

    def reachability(self) -> Any:
        return named(self._wire("GET", f"{self.path}/reachability"))

    def staleness(self, *, suggest: Any = None) -> Any:
        asked = "" if suggest is None else f"?suggest={plain(suggest)}"
        return named(self._wire("GET", f"{self.path}/staleness{asked}"))


class Call(Thing):
    def answer(self, by: Any = "") -> None:
        self._wire("POST", f"{self.path}/answer", {"by": plain(by)})

    def hang_up(self) -> None:
        self._wire("POST", f"{self.path}/hang-up")

    def press(self, digits: str) -> None:
        self._wire("POST", f"{self.path}/press", {"digits": digits})


class Calls(Items):
    thing = Call

    def place(self, to: str, *, from_: Any = "", digits: str = "") -> Call:
        made = self._wire("POST", self._path, {"to": to, "from": plain(from_), "digits": digits, "ring": True})
        return Call(self._wire, self._path, made["id"])

    def __iter__(self) -> Iterator[Call]:
        shown = self._wire("GET", self._path)["items"]
        return (Call(self._wire, self._path, item["id"]) for item in shown)

    def __len__(self) -> int:
        return len(self._wire("GET", self._path)["items"])


class Accounts(Items):
    thing, positional = Account, ("name",)


class Phone(Thing):
    @property
    def mac(self) -> str:
        return self.id

    @property
    def settings(self) -> Any:
        return self._wire("GET", self.path)["settings"]

    def power_on(self) -> None:
        self._do("power", on=True)

    def power_off(self) -> None:
        self._do("power", on=False)

    def power_cycle(self) -> None:
        self._do("power", cycle=True)

    def log_in(self, extension: str, pin: str) -> None:
        self._do("login", extension=extension, pin=pin)

    def log_out(self) -> None:
        self._do("logout")

    def press(self, key: str) -> None:
        self._do("press", key=key)

    def dial(self, number: str) -> None:
        self._do("dial", number=number)

    def answer(self) -> None:
        self._do("answer")

    def reject(self) -> None:
        self._do("reject")

    def hang_up(self) -> None:
        self._do("hang-up")

    def factory_reset(self) -> None:
        self._do("factory-reset")

    def stage(self, device: Device) -> None:
        self._do("stage", device=reference(device))

    def _do(self, verb: str, **body: Any) -> None:
        self._wire("POST", f"{self.path}/{verb}", body)


class Phones(Items):
    thing, keys = Phone, ("mac",)

    def add(self, device: Device) -> Phone:
        shown = self._wire("POST", "/phones", {"device": reference(device)})
        return Phone(self._wire, "/phones", shown["mac"].replace(":", ""))


class HttpWorld:
    """A private world on a server."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.accounts = Accounts(wire, "/accounts")
        self.phones = Phones(wire, "/phones")

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self._wire("GET", "/clock")["now"])

    def settle(self) -> None:
        self._wire("POST", "/clock", {"settle": True})

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        self._wire("POST", "/clock", {"advance": f"PT{total:.3f}S"})

    def acting_as(self, actor: Any) -> HttpWorld:
        named = f"user:{actor._base.split('/')[2]}/{actor.id}" if isinstance(actor, Thing) else str(actor)
        return HttpWorld(self._wire.acting_as(named))

    def end_login(self, login: Any) -> None:
        for account in self._wire.all("/accounts"):
            for user in self._wire.all(f"/accounts/{account['id']}/users"):
                path = f"/accounts/{account['id']}/users/{user['id']}/logins"
                if login.id in {found["id"] for found in self._wire("GET", path)["items"]}:
                    self._wire("DELETE", f"{path}/{login.id}")
                    return
        raise NotFound("login", login.id)


def linked(text: str, kind: str) -> dict[str, str]:
    """What a link says, wherever in a text it stands."""
    word = next(word for word in text.split() if word.startswith(f"pbxsim:{kind}?"))
    return dict(parse_qsl(word.partition("?")[2]))


def reference(device: Device) -> str:
    """<account>/<id>, as phones are staged."""
    return f"{device._base.split('/')[2]}/{device.id}"


def wished(wish: dict[str, Any]) -> Any:
    """What is to become of a user's numbers; they stand as keys."""
    numbers = {key.id if isinstance(key, Thing) else key: plain(to) for key, to in wish.get("numbers", {}).items()}
    return {**plain({name: to for name, to in wish.items() if name != "numbers"}), "numbers": numbers}


def plain(value: Any) -> Any:
    """JSON, with ids for things."""
    if isinstance(value, Thing):
        return value.id
    if isinstance(value, SimpleNamespace):
        return {key: plain(part) for key, part in vars(value).items()}
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, n.Voicemail):
        box: Any = value.mailbox
        return {"type": "voicemail", "mailbox": plain(box.mailbox if isinstance(box, User) else box)}
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        return {"type": tag, **fields} if tag else fields
    return value
