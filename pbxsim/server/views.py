"""How each thing looks in JSON: plain data, times as ISO 8601 in UTC, references as ids, and never a secret.

One function per kind, in one table. What changes by itself (logins, registrations, downloads) is not in a thing's own
view: it has a path of its own, so that a revision means what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from device_emulator.phone import Phone
from pbxsim.core import entities as e
from pbxsim.core.logins import Login
from pbxsim.core.routing import Trace
from pbxsim.core.state import State
from pbxsim.core.status import number_status, numbers_of, status
from pbxsim.core.values import colons
from pbxsim.server.worlds import Hosted
from pbxsim.world import to_datetime
from pbxsim.world.state import Record

Json = dict[str, Any]


def iso(ms: int) -> str:
    """1735689600000 -> 2025-01-01T00:00:00.000Z."""
    return moment(to_datetime(ms))


def moment(when: datetime) -> str:
    """A moment in UTC, to the millisecond."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def settings(pairs: e.Settings) -> dict[str, dict[str, str]]:
    """{vendor: {key: value}}, as they are given."""
    return {vendor: dict(values) for vendor, values in pairs}


# --- Things that have an id --------------------------------------------------------------------------------------


def _account(state: State, account: e.Account) -> Json:
    return {
        "id": account.id,
        "name": account.name,
        "platform": account.platform,
        "platform_version": account.platform_version,
        "country": account.country,
        "timezone": account.timezone,
        "seats": account.seats,
        "policy": dict(account.policy),
        "settings": settings(account.settings),
        "key": account.key,
        "realm": account.realm,
        "revision": account.revision,
    }


def _user(state: State, user: e.User) -> Json:
    return {
        "id": user.id,
        "account": user.account,
        "extension": user.extension,
        "name": user.name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "role": user.role,
        "caller_id": user.caller_id,
        "ring_seconds": user.ring_seconds,
        "voicemail": user.voicemail,
        "dnd": user.dnd,
        "forwarding": msgspec.to_builtins(user.forwarding),
        "login": user.login,
        "portal_name": user.portal_name,
        "portal_access": user.portal_access,
        "system": user.system,
        "tag": user.tag,
        "revision": user.revision,
    }


def _device(state: State, device: e.Device) -> Json:
    return {
        "id": device.id,
        "account": device.account,
        "model": device.model,
        "mac": colons(device.mac),
        "name": device.name,
        "owner": device.owner,
        "settings": settings(device.settings),
        "revision": device.revision,
    }


def _callflow(state: State, callflow: e.Callflow) -> Json:
    """`numbers` lists E.164 numbers, then the extensions and codes that it is dialled by (P2)."""
    versions = [version(state, state.the(e.Version, id_)) for id_ in callflow.versions]
    statuses = {shown["status"] for shown in versions}
    numbers = sorted(number for shown in versions for number in shown["numbers"])
    return {
        "id": callflow.id,
        "account": callflow.account,
        "name": callflow.name,
        "status": next(word for word in ("ACTIVE", "AVAILABLE", "DRAFT") if word in statuses),
        "numbers": [*numbers, *callflow.dialled],
        "versions": versions,
        "revision": callflow.revision,
    }


def version(state: State, version: e.Version) -> Json:
    """One version of a callflow; a node looks as it is given: {"type": "dial", "users": [...], ...}."""
    return {
        "version": version.number,
        "status": status(state, version),
        "percent": version.percent,
        "numbers": [number.e164 for number in numbers_of(state, version)],
        "root": msgspec.to_builtins(version.root),
        "revision": version.revision,
    }


def _number(state: State, number: e.Number) -> Json:
    to = state.get(e.Version, number.version)
    return {
        "id": number.id,
        "account": number.account,
        "e164": number.e164,
        "name": number.name,
        "status": number_status(number),
        "callflow": to and to.callflow,
        "version": to and to.number,
        "user": number.user,
        "revision": number.revision,
    }


def _queue(state: State, queue: e.Queue) -> Json:
    return {
        "id": queue.id,
        "account": queue.account,
        "name": queue.name,
        "members": queue.members,
        "agents": queue.agents,
        "revision": queue.revision,
    }


def _mailbox(state: State, box: e.Mailbox) -> Json:
    return {
        "id": box.id,
        "account": box.account,
        "number": box.number,
        "name": box.name,
        "owner": box.owner,
        "setup_done": box.setup_done,
        "email": box.email,
        "greeting": box.greeting,
        "revision": box.revision,
    }


_VIEWS: dict[type, Callable[[State, Any], Json]] = {
    e.Account: _account,
    e.User: _user,
    e.Device: _device,
    e.Callflow: _callflow,
    e.Version: version,
    e.Number: _number,
    e.Queue: _queue,
    e.Mailbox: _mailbox,
}


def view(state: State, entity: Any) -> Json:
    """An entity as the API shows it."""
    return _VIEWS[type(entity)](state, entity)


# --- What has no id of its own -----------------------------------------------------------------------------------


def login(login: Login) -> Json:
    """A login of any kind; `id` is what ends it."""
    return {
        "kind": login.kind,
        "id": login.id,
        "name": login.name,
        "since": iso(login.since),
        "expires": None if login.expires is None else iso(login.expires),
    }


def binding(binding: e.Binding) -> Json:
    """A live registration of a device."""
    return {
        "contact": binding.contact,
        "since": iso(binding.since),
        "expires": iso(binding.expires),
        "user_agent": binding.user_agent,
    }


def trace(trace: Trace) -> Json:
    """A simulated call."""
    return {
        "to": trace.to,
        "outcome": trace.outcome,
        "reaches_somebody": trace.reaches_somebody,
        "rings": trace.rings,
        "cause": trace.cause,
        "steps": [{"at": step.at, "name": step.name, "what": step.what} for step in trace.steps],
    }


def event(record: Record) -> Json:
    """One line of history."""
    return {
        "time": iso(record.time),
        "actor": record.actor,
        "kind": record.event.kind,
        "account": record.event.account,
        "subject": record.event.subject,
        "detail": msgspec.to_builtins(dict(record.event.detail)),
    }


def phone(phone: Phone) -> Json:
    """The hardware: what it believes, and what it shows."""
    screen = phone.screen
    return {
        "mac": colons(phone.mac),
        "model": phone.model.name,
        "phase": phone.phase,
        "powered": phone.powered,
        "busy": phone.busy,
        "registered": phone.registered,
        "screen": {**msgspec.to_builtins(screen), "text": screen.text},
        "keys": msgspec.to_builtins(phone.keys),
    }


def world(hosted: Hosted) -> Json:
    """A world on this server."""
    return {
        "id": hosted.id,
        "durable": hosted.durable,
        "created": moment(hosted.created),
        "clock": hosted.clock.as_dict(),
    }
