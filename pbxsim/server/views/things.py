"""Things that have an id: one function a kind, in one table.

What changes by itself (logins, registrations, downloads) is not in a thing's own view: it has a path of its own, so
that a revision means what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from pbxsim.core import entities as e
from pbxsim.core import masking
from pbxsim.core.directory import is_old, label_of
from pbxsim.core.state import State
from pbxsim.core.status import number_status, numbers_of, status
from pbxsim.core.values import colons
from pbxsim.platforms import PLATFORMS
from pbxsim.server.views.plain import Json, iso


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
        "settings": _settings(account.settings),
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
        "settings": _settings(device.settings),
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


def _request(state: State, request: e.Request) -> Json:
    return {
        "id": request.id,
        "account": request.account,
        "kind": request.kind,
        "title": request.title,
        "by": request.by,
        "since": iso(request.since),
        "wanted": _wanted(request.wanted),
        "text": request.text,
        "status": request.status,
        "answer": request.answer,
        "result": request.result or None,
        "revision": request.revision,
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


def _settings(pairs: e.Settings) -> dict[str, dict[str, str]]:
    """{vendor: {key: value}}, as they are given, but no secrets."""
    return {vendor: dict(values) for vendor, values in masking.shown(pairs)}


def _wanted(text: str) -> Json:
    """The fields of what somebody has asked for, whose settings hold no secret either."""
    fields: Json = msgspec.json.decode(text)
    settings = fields.get("settings")
    if isinstance(settings, dict):
        pairs = tuple((vendor, tuple(said.items())) for vendor, said in settings.items() if isinstance(said, dict))
        fields["settings"] = _settings(pairs)
    return fields


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
