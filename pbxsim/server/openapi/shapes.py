"""What the API shows, as types: one for each view, for the OpenAPI document alone. Nothing is ever made of them.

A view shows most of its entity's fields as they are, so that a shape is `like` its entity and names what differs. The
suite holds every answer that it gets against these shapes, so a view that says something else fails there.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct

from device_emulator import lamps as lights
from device_emulator import screen as display
from pbxsim.core import calls, logins, routing, steps
from pbxsim.core import entities as e
from pbxsim.core.faults import AnyFault
from pbxsim.core.nodes import Node
from pbxsim.observe import fields as names
from pbxsim.observe import staleness as stale
from pbxsim.observe import suggest
from pbxsim.server import webhooks
from pbxsim.server.openapi.schemas import Moment, Says

Settings = dict[str, dict[str, str]]
MacShown = Annotated[str, Says({"type": "string", "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"})]
Url = Annotated[str, Says({"type": "string", "format": "uri-reference"})]


def like(
    type_: type[Struct],
    called: str = "",
    /,
    without: tuple[str, ...] = (),
    keyword: Mapping[str, Any] = {},
    **differs: Any,
) -> type[Struct]:
    """A shape with the fields of a struct, but for those `without`; those that differ, and further ones, are named.
    `keyword`: further ones whose name no class may have."""
    hints = typing.get_type_hints(type_, include_extras=True)
    members = {field: hint for field, hint in hints.items() if not field.startswith("__") and field not in without}
    shape = msgspec.defstruct(called or type_.__name__, list((members | differs | dict(keyword)).items()), kw_only=True)
    shape.__doc__ = type_.__doc__
    return shape


Account = like(e.Account, policy=dict[str, bool | int | str], settings=Settings, realm=str)
User = like(e.User, name=str)
Device = like(e.Device, without=("last_key",), mac=MacShown, settings=Settings)
Number = like(
    e.Number,
    without=("active",),
    status=Literal["ACTIVE", "AVAILABLE"],
    state=str,
    callflow=str | None,
    version=int | None,
)
Queue = like(e.Queue, without=("rung", "ended"))
Mailbox = e.Mailbox
Message = like(e.Message, time=Moment)
DirectoryEntry = like(e.DirectoryEntry, without=("own",), extension=str | None, old=bool)
BlfKey = like(e.BlfKey, without=("own",), shows=str, old=bool)
Mail = like(e.Mail, user=str | None, time=Moment)
Job = like(e.Job, without=("role",), since=Moment)
JobRow = like(e.JobRow, without=("id", "account", "job", "place", "revision"))
Request = like(e.Request, since=Moment, wanted=dict[str, Any], result=str | None)
CallRecord = like(
    e.CallRecord,
    user=str | None,
    start=Moment,
    answer=Moment | None,
    end=Moment,
    answered_user=str | None,
    queue=str | None,
    seconds=int,
)


class Version(Struct):
    """One version of a callflow, with its tree of nodes."""

    version: int
    status: Literal["ACTIVE", "AVAILABLE", "DRAFT"]
    percent: int
    numbers: list[str]
    root: Node
    revision: int


Callflow = like(
    e.Callflow,
    without=("dialled", "drafted"),
    status=Literal["ACTIVE", "AVAILABLE", "DRAFT"],
    numbers=list[str],
    versions=list[Version],
)


class JobWithRows(Job):  # type: ignore[misc, valid-type]
    """A job, and one row for each user."""

    rows: list[JobRow]  # type: ignore[valid-type]


class Event(Struct):
    """One line of history: when, who, what kind, and what has changed."""

    time: Moment
    actor: str
    kind: str
    account: str
    subject: str
    detail: dict[str, Any]


class Events(Struct):
    """What a write would cause. Nothing has changed."""

    events: list[Event]


class Me(Struct):
    """Who asks."""

    actor: Literal["operator", "service-desk", "user"]
    user: User | None  # type: ignore[valid-type]


class PortalLogin(Struct):
    """The Login Information tab."""

    name: str
    login: str
    email: str
    portal_access: bool


Login = like(logins.Login, kind=Literal["registration", "app", "hotdesk"], since=Moment, expires=Moment | None)
Binding = like(e.Binding, "Registration", since=Moment, expires=Moment)


class Membership(Struct, tag_field="kind", tag="queue"):
    """A queue that names the user."""

    id: str
    name: str


class CallflowMembership(Struct, tag_field="kind", tag="callflow"):
    """A callflow version that names the user."""

    id: str
    name: str
    version: int
    status: Literal["ACTIVE", "AVAILABLE", "DRAFT"]


class Imported(Struct):
    """The ids of the users that a file has brought, and what is wrong with the lines that were left out."""

    users: list[str]
    left_out: list[str]


class Member(Struct):
    """Somebody in a queue; one who has been deleted since has no extension."""

    id: str
    extension: str | None
    name: str
    logged_in: bool


class Greeting(Struct):
    """What callers hear, '' for the standard one."""

    greeting: str


NameShown = like(names.Field, "NameShown", stale=bool, change=Event | None)
DeviceNames = like(stale.Shown, "DeviceNames", fields=list[NameShown])  # type: ignore[valid-type]
OldName = like(stale.Kept, "OldName", change=Event | None)


class Staleness(Struct):
    """Who still shows an old name."""

    devices: list[DeviceNames]  # type: ignore[valid-type]
    directory: list[OldName]  # type: ignore[valid-type]
    blf_keys: list[OldName]  # type: ignore[valid-type]
    mailboxes: list[OldName]  # type: ignore[valid-type]


class Asking(Struct):
    """A request of this API."""

    method: str
    path: str


Suggestion = like(suggest.Suggestion, requests=list[Asking])


class Download(Struct):
    """The last time a device fetched a file."""

    file: str
    time: Moment
    status: int
    etag: str


class Provisioning(Struct):
    """What a device has fetched, and how far each name on it has got since."""

    items: list[Download]
    next: None
    staleness: DeviceNames  # type: ignore[valid-type]


class Setting(Struct):
    """One line of a configuration, and the layer that it came from."""

    key: str
    value: str
    layer: str | None


class Preview(Struct):
    """The file that a device would get now, secrets masked."""

    file: str
    mode: Literal["live", "at_save", "at_login"]
    text: str
    settings: list[Setting]


class Staging(Struct):
    """What an installer enters on a phone."""

    url: Url
    username: str
    password: str


class PlanStep(Struct):
    """One step of a plan, in words, and the commands that it takes."""

    kind: steps.Kind
    text: str
    actor: str | None
    roles: list[str]
    until: Moment | None
    device: str | None
    commands: list[dict[str, Any]]


class OffboardingPlan(Struct):
    """What would have to be done."""

    user: str
    title: str
    steps: list[PlanStep]


class Offboarded(Struct):
    """What is done, and what is left for somebody, or for time."""

    user: str
    title: str
    finished: bool
    done: list[PlanStep]
    rest: list[PlanStep]


Hop = e.Step
_FROM = {"from": str}
Trace = like(routing.Trace, without=("when",), keyword=_FROM, steps=list[Hop], reaches_somebody=bool)
AuditedTrace = like(routing.Trace, "AuditedTrace", steps=list[Hop], reaches_somebody=bool)


class Orphan(Struct):
    """Something that names somebody who is gone."""

    kind: str
    name: str
    gone: str


class Reachability(Struct):
    """Where every call ends."""

    traces: list[AuditedTrace]  # type: ignore[valid-type]
    dead_ends: list[str]
    orphans: list[Orphan]


Leg = calls.Leg


class _Call(Struct):
    """A call, running or over."""

    id: str
    account: str
    state: str
    to: str
    name: str
    start: Moment
    ringing: list[str]
    legs: list[Leg]
    answer: Moment | None
    answered_by: str
    queue: str | None
    end: Moment | None
    outcome: str
    cause: str
    trace: list[Hop]


Call = like(_Call, "Call", keyword=_FROM)

Screen = like(display.Screen, text=str)
Button = like(lights.Button, lamp=str)


class Phone(Struct):
    """The hardware: what it believes, and what it shows."""

    mac: MacShown
    model: str
    phase: str
    powered: bool
    connected: bool
    busy: bool
    registered: bool
    screen: Screen  # type: ignore[valid-type]
    keys: list[display.Key]
    lamps: dict[str, str]


class PhoneInFull(Phone):
    """A phone, with its keys as they stand and the configuration in force."""

    buttons: list[Button]  # type: ignore[valid-type]
    settings: dict[str, str]


class WebAnswer(Struct):
    """What the phone's own web server answered; status 0 if nobody did."""

    status: int
    body: str


class Network(Struct):
    """What a network tells a phone at its boot."""

    offers: dict[str, str]


class Redirect(Struct):
    """What a vendor's redirect service knows of a phone."""

    mac: MacShown
    device: str | None
    url: str | None


class Faults(Struct):
    """What is wrong outside."""

    faults: list[AnyFault]


class Clock(Struct):
    """A world's clock."""

    now: Moment
    mode: Literal["real", "virtual"]
    rate: float


class World(Struct):
    """A world on this server."""

    id: str
    durable: bool
    created: Moment
    clock: Clock


class Source(Struct):
    """Who says so."""

    title: str


class Rule(Struct):
    """A rule: what it says, on which platforms, who says so, whether it can be switched, what proves it."""

    id: str
    text: str
    platforms: list[str]
    source: Source
    policy: bool | int | str | None
    choices: list[str] | None
    test: str


class Token(Struct):
    """What a token stands for; the token itself is shown once, when it is made."""

    id: str
    name: str
    actor: Literal["operator", "service-desk", "user"]
    user: str | None
    world: str | None
    read_only: bool
    created: Moment
    expires: Moment | None


class NewToken(Token):
    """A token that has just been made."""

    token: str


class Webhook(Struct):
    """A webhook, and how it stands. `behind`: how many messages are still to be looked at."""

    id: str
    url: str
    events: list[str]
    active: bool
    description: str
    created: Moment
    state: Literal["delivering", "retrying", "dead", "paused", "recording"]
    why: str
    behind: int
    revision: int


class NewWebhook(Webhook):
    """A webhook with the secret that the server has made for it, shown this once."""

    secret: str


class Attempt(Struct):
    """One try; `status` is the receiver's answer."""

    at: Moment
    took_ms: int
    status: int | None
    error: str


class Delivery(Struct):
    """One message for one webhook."""

    id: str
    event: int
    type: str
    status: webhooks.Status
    attempts: list[Attempt]
    next: Moment | None


class Sent(Struct):
    """What is sent: headers, signature and body."""

    headers: dict[str, str]
    body: str


class DeliveryInFull(Delivery):
    """A delivery, with what is sent."""

    request: Sent


@cache
def page(item: Any) -> type[Struct]:
    """A page of a list of those."""
    name = "".join(getattr(part, "__name__", "Item") for part in (typing.get_args(item)[:1] or (item,)))
    shape = msgspec.defstruct(f"PageOf{name}", [("items", list[item]), ("next", str | None)])
    shape.__doc__ = "A page of a list; `next` is the `after` of the page behind it, null on the last."
    return shape
