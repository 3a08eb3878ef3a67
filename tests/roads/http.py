"""A world on a server, driven over HTTP, that reads like a world in process.

The scenarios are written once, against the façade's names; this is their second road. What all resources do is in
`wire.py`. Both know no module of the server, and of the product only the errors that it raises and the nodes that
scenarios build.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from pbxsim import NotFound
from tests.roads.qr import decode
from tests.roads.wire import Items, Thing, Wire, named, plain


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
    requests = property(lambda self: Requests(self._wire, f"{self.path}/requests"))
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

    def network_off(self) -> None:
        self._do("cable", on=False)

    def network_on(self) -> None:
        self._do("cable", on=True)

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

    @property
    def me(self) -> User | None:
        found = self._wire("GET", "/me")["user"]
        return found and User(self._wire, f"/accounts/{found['account']}/users", found["id"])

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
