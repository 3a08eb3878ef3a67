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
from pbxsim.core.calls import LiveCall
from pbxsim.core.directory import is_old, label_of
from pbxsim.core.logins import Login
from pbxsim.core.routing import Trace
from pbxsim.core.state import State
from pbxsim.core.status import number_status, numbers_of, status
from pbxsim.core.values import colons
from pbxsim.observe.staleness import Field, Kept, Shown, Staleness
from pbxsim.observe.suggest import Suggestion
from pbxsim.platforms import PLATFORMS
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
        "contacts": msgspec.to_builtins(user.contacts),
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
        "state": PLATFORMS[state.accounts[number.account].platform].number_state(number),
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
        "strategy": queue.strategy,
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


def _message(state: State, message: e.Message) -> Json:
    return {
        "id": message.id,
        "account": message.account,
        "mailbox": message.mailbox,
        "caller": message.caller,
        "caller_name": message.caller_name,
        "time": iso(message.time),
        "seconds": message.seconds,
        "folder": message.folder,
        "revision": message.revision,
    }


def _directory_entry(state: State, entry: e.DirectoryEntry) -> Json:
    """`old`: it keeps a name that its user no longer has."""
    user = state.get(e.User, entry.user)
    return {
        "id": entry.id,
        "account": entry.account,
        "user": entry.user,
        "extension": user and user.extension,
        "name": entry.name,
        "old": is_old(state, entry),
        "revision": entry.revision,
    }


def _blf_key(state: State, key: e.BlfKey) -> Json:
    """`label` is what is stored, `shows` what a file that is made now says."""
    return {
        "id": key.id,
        "account": key.account,
        "device": key.device,
        "position": key.position,
        "user": key.user,
        "label": key.label,
        "shows": label_of(state, key),
        "old": is_old(state, key),
        "revision": key.revision,
    }


def _mail(state: State, mail: e.Mail) -> Json:
    return {
        "id": mail.id,
        "account": mail.account,
        "template": mail.template,
        "to": mail.to,
        "name": mail.name,
        "user": mail.user or None,
        "subject": mail.subject,
        "body": mail.body,
        "time": iso(mail.time),
        "status": mail.status,
        "why": mail.why,
        "revision": mail.revision,
    }


def _job(state: State, job: e.Job) -> Json:
    """Its rows stand in its own view only: a list of jobs stays a list."""
    return {
        "id": job.id,
        "account": job.account,
        "action": job.action,
        "status": job.status,
        "size": job.size,
        "at": job.at,
        "failed": job.failed,
        "clear": job.clear,
        "welcome": job.welcome,
        "by": job.by,
        "since": iso(job.since),
        "revision": job.revision,
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


def _request(state: State, request: e.Request) -> Json:
    return {
        "id": request.id,
        "account": request.account,
        "kind": request.kind,
        "title": request.title,
        "by": request.by,
        "since": iso(request.since),
        "wanted": msgspec.json.decode(request.wanted),
        "text": request.text,
        "status": request.status,
        "answer": request.answer,
        "result": request.result or None,
        "revision": request.revision,
    }


def portal_login(user: e.User) -> Json:
    """The Login Information tab (C4)."""
    return {
        "name": user.portal_name or user.name,
        "login": user.login,
        "email": user.email,
        "portal_access": user.portal_access,
    }


def _call_record(state: State, record: e.CallRecord) -> Json:
    return {
        "id": record.id,
        "account": record.account,
        "caller": record.caller,
        "name": record.name,
        "user": record.user or None,
        "to": record.to,
        "start": iso(record.start),
        "answer": None if record.answer is None else iso(record.answer),
        "end": iso(record.end),
        "seconds": record.seconds,
        "outcome": record.outcome,
        "answered_by": record.answered_by,
        "answered_user": record.answered_user or None,
        "queue": record.queue or None,
        "cause": record.cause,
        "steps": msgspec.to_builtins(record.steps),
        "revision": record.revision,
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
    e.Message: _message,
    e.DirectoryEntry: _directory_entry,
    e.BlfKey: _blf_key,
    e.Request: _request,
    e.Mail: _mail,
    e.Job: _job,
    e.CallRecord: _call_record,
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
