"""What has no id of its own: logins and registrations, calls and traces, answers to questions, lines of history."""

from __future__ import annotations

import msgspec

from device_emulator.phone import Phone
from pbxsim.core import entities as e
from pbxsim.core.calls import LiveCall
from pbxsim.core.logins import Login
from pbxsim.core.routing import Trace
from pbxsim.core.values import colons
from pbxsim.observe.fields import Field
from pbxsim.observe.staleness import Kept, Shown, Staleness
from pbxsim.observe.suggest import Suggestion
from pbxsim.server.views.plain import Json, iso, moment
from pbxsim.server.worlds import Hosted
from pbxsim.world.state import Record


def portal_login(user: e.User) -> Json:
    """The Login Information tab (C4)."""
    return {
        "name": user.portal_name or user.name,
        "login": user.login,
        "email": user.email,
        "portal_access": user.portal_access,
    }


def job_row(row: e.JobRow) -> Json:
    """One user's turn in a job."""
    return {
        "user": row.user,
        "title": row.title,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "status": row.status,
        "warning": row.warning,
        "why": row.why,
    }


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


def staleness(found: Staleness) -> Json:
    """Who still shows an old name."""
    return {
        "devices": [shown(device) for device in found.devices],
        "directory": [_kept(kept) for kept in found.directory],
        "blf_keys": [_kept(kept) for kept in found.blf_keys],
        "mailboxes": [_kept(kept) for kept in found.mailboxes],
    }


def shown(device: Shown) -> Json:
    """A device and the names on it; what nobody knows is null."""
    return {
        "device": device.device,
        "title": device.title,
        "emulated": device.emulated,
        "fields": [_field(field) for field in device.fields],
    }


def _field(field: Field) -> Json:
    return {
        "name": field.name,
        "pbx": field.pbx,
        "rendered": field.rendered,
        "downloaded": field.downloaded,
        "applied": field.applied,
        "screen": field.screen,
        "after": field.after,
        "stale": field.stale,
        "waits_for": field.waits_for,
        "change": field.change and event(field.change),
    }


def _kept(kept: Kept) -> Json:
    return {
        "kind": kept.kind,
        "id": kept.id,
        "where": kept.where,
        "says": kept.says,
        "user": kept.user,
        "now": kept.now,
        "change": kept.change and event(kept.change),
    }


def suggestion(found: Suggestion) -> Json:
    """What brings a phone up to date, and what was tried."""
    return {
        "way": found.way,
        "do": found.do,
        "requests": [{"method": method, "path": path} for method, path in found.requests],
        "seconds": found.seconds,
        "tried": msgspec.to_builtins(found.tried),
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


def call(call: LiveCall | e.CallRecord) -> Json:
    """A call: `state` is over for a record. What the caller has typed is not shown; it may be a PIN."""
    live = call if isinstance(call, LiveCall) else None
    record = call if isinstance(call, e.CallRecord) else None
    answered = live.answered_title if live is not None else record.answered_by if record is not None else ""
    return {
        "id": call.id,
        "account": call.account,
        "state": live.phase if live is not None else "over",
        "from": live.caller.number if live is not None else record.caller if record is not None else "",
        "name": live.caller.name if live is not None else record.name if record is not None else "",
        "to": call.to,
        "start": iso(call.start),
        "ringing": [leg.id for leg in live.legs] if live is not None else [],
        "legs": msgspec.to_builtins(live.legs) if live is not None else [],
        "answer": None if call.answer is None else iso(call.answer),
        "answered_by": answered,
        "queue": call.queue or None,
        "end": iso(record.end) if record is not None else None,
        "outcome": record.outcome if record is not None else "",
        "cause": record.cause if record is not None else "",
        "trace": msgspec.to_builtins(call.steps),
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
        "connected": phone.place.connected,
        "busy": phone.busy,
        "registered": phone.registered,
        "screen": {**msgspec.to_builtins(screen), "text": screen.text},
        "keys": msgspec.to_builtins(phone.keys),
        "lamps": {lamp.name: str(lamp) for lamp in phone.lamps if lamp.name == "message" or lamp.rhythm != "off"},
    }


def world(hosted: Hosted) -> Json:
    """A world on this server."""
    return {
        "id": hosted.id,
        "durable": hosted.durable,
        "created": moment(hosted.created),
        "clock": hosted.clock.as_dict(),
    }
