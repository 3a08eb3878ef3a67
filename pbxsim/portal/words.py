"""What happened, in a person's words: one row per kind of event, and the names as `state` has them (see `past.py`).

An event refers to things by id, and a thing may be gone by the time somebody reads of it; what the event itself says
of it is then all there is. A kind without a row would not be heard by the page: a test looks for them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from pbxsim.core import entities as e
from pbxsim.core.logins import device_title, model_title
from pbxsim.core.state import Event
from pbxsim.platforms import PLATFORMS
from pbxsim.portal.past import Past
from pbxsim.server.hub import RESET, SCREEN

Detail = Mapping[str, Any]
Saying = Callable[[Past, str, Detail], str]


def sentence(state: Past, event: Event) -> str:
    """One line of the log."""
    saying = _SAYINGS.get(event.kind)
    return saying(state, event.subject, dict(event.detail)) if saying else f"{event.kind}: {event.subject}"


def spaced(e164: str) -> str:
    """+61255501234 -> +61 2 5550 1234."""
    import phonenumbers  # 15 ms that no start waits for

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def own(name: object) -> str:
    """A name in a sentence, isolated (Unicode, annex 9): whatever its script, it turns round nothing but itself."""
    return f"\u2068{name}\u2069"


def user(state: Past, id_: str | None) -> str:
    """John Smith (1002)."""
    found = state.get(e.User, id_)
    if found is None:
        return "a user who has been deleted"
    return f"{own(found.name)} ({found.extension})" if found.name else f"user {found.extension}"


def device(state: Past, id_: str) -> str:
    """John Smith's Yealink T46S."""
    found = state.get(e.Device, id_)
    if found is None:
        return "a device that has been deleted"
    owner = state.get(e.User, found.owner)
    if found.name.strip() or owner is None:
        return own(device_title(found))
    return f"{own(owner.name or owner.extension)}’s {model_title(found.model)}"


def _name(state: Past, type_: type[Any], id_: str | None, detail: Detail) -> str:
    """A thing's name now, else what the event calls it."""
    found: Any = state.get(type_, id_)
    return own(found.name if found is not None else detail.get("name", "one that has been deleted"))


def _number(state: Past, id_: str, detail: Detail) -> str:
    found = state.get(e.Number, id_)
    return spaced(found.e164 if found else str(detail.get("e164", id_)))


def _version(state: Past, id_: str | None) -> str:
    found = state.get(e.Version, id_)
    if found is None:
        return "a version that has been deleted"
    callflow = state.get(e.Callflow, found.callflow)
    return f"version {found.number} of {own(callflow.name if callflow else found.callflow)}"


def _box(state: Past, id_: str, detail: Detail) -> str:
    found = state.get(e.Mailbox, id_)
    return f"Mailbox {found.number if found else detail.get('number', id_)}"


# --- Sayings that need more than a line ---------------------------------------------------------------------------


def _user_added(state: Past, id_: str, detail: Detail) -> str:
    return f"User {detail['extension']} {own(detail['name'])} was added."


def _user_updated(state: Past, id_: str, detail: Detail) -> str:
    found = state.get(e.User, id_)
    if found is not None and ("first_name" in detail or "last_name" in detail):
        first = detail.get("first_name", (found.first_name,))[0]
        last = detail.get("last_name", (found.last_name,))[0]
        to = " ".join(detail.get(name, (None, getattr(found, name)))[1] for name in ("first_name", "last_name"))
        return f"{own(f'{first} {last}'.strip() or 'The user')} was renamed {own(to.strip() or '(blank)')}."
    return f"{_start(user(state, id_))} was saved{_fields(detail)}."


def _user_deleted(state: Past, id_: str, detail: Detail) -> str:
    name = f" {own(detail['name'])}" if detail["name"] else ""
    return f"User {detail['extension']}{name} was deleted."


def _credential(state: Past, id_: str, detail: Detail) -> str:
    if state.get(e.Mailbox, id_) is not None:
        return f"{_box(state, id_, detail)} has a new PIN."
    return f"{_start(user(state, id_))} has a new password."


def _recycled(state: Past, id_: str, detail: Detail) -> str:
    warning = f" Note: {detail['warning']}." if detail["warning"] else ""
    return f"Extension {detail['extension']} is {own(detail['name'])}’s now.{warning}"


def _tagged(state: Past, id_: str, detail: Detail) -> str:
    tag = detail["tag"][1].replace("-", " ")
    return f"{_start(user(state, id_))} is tagged {tag.title()}." if tag else f"{_start(user(state, id_))} is set up."


def _mail(verb: str) -> Saying:
    return lambda state, id_, detail: f"The {detail['template']} mail to {own(detail['to'])} {verb}."


_ACTIONS = {
    "reset": "Resetting",
    "recycle": "Recycling",
    "welcome-email": "Welcoming by e-mail",
    "force-password-reset": "Forcing new passwords",
}


def _users(count: int) -> str:
    return f"{count} user{'' if count == 1 else 's'}"


def _job(verb: str) -> Saying:
    return lambda state, id_, detail: f"{_ACTIONS[detail['action']]} {_users(detail['users'])} was {verb}."


def _stepped(state: Past, id_: str, detail: Detail) -> str:
    return f"{own(detail['title'])}: {detail['why'] or 'done.'}"


def _sync(state: Past, id_: str, detail: Detail) -> str:
    how = " with a reboot" if detail["reboot"] else ""
    return f"{_start(device(state, id_))} was told to look for its configuration (check-sync{how})."


def _unregistered(state: Past, id_: str, detail: Detail) -> str:
    why = {
        "by the phone": "signed off",
        "expired": "is no longer registered: its registration expired",
        "ended by support": "is no longer registered: support ended it",
    }.get(detail["why"], "is no longer registered")
    return f"{_start(device(state, id_))} {why}."


def _log_out(state: Past, id_: str, detail: Detail) -> str:
    how = "was logged out of" if detail.get("forced") else "logged out of"
    return f"{_start(user(state, detail['user']))} {how} {device(state, id_)}."


def _app(verb: str) -> Saying:
    return lambda state, id_, detail: f"{_start(user(state, id_))} {verb} {own(detail['app'])}."


def _reassigned(state: Past, id_: str, detail: Detail) -> str:
    name, to = _name(state, e.Callflow, id_, detail), _name(state, e.Callflow, detail["to"], {})
    return f"The numbers of {name} were reassigned to {to}."


def _thing(noun: str, type_: type[Any], verb: str) -> Saying:
    return lambda state, id_, detail: f"{noun} {_name(state, type_, id_, detail)} {verb}."


def _saved(noun: str, type_: type[Any]) -> Saying:
    return lambda state, id_, detail: f"{noun} {_name(state, type_, id_, detail)} was saved{_fields(detail)}."


def _member(verb: str) -> Saying:
    return lambda state, id_, detail: (
        f"{_start(user(state, detail['user']))} was {verb} queue {_name(state, e.Queue, id_, detail)}."
    )


def _of_version(verb: str) -> Saying:
    return lambda state, id_, detail: f"{_start(_version(state, id_))} {verb}."


def _of_number(verb: str) -> Saying:
    return lambda state, id_, detail: f"{_number(state, id_, detail)} {verb}."


def _number_assigned(state: Past, id_: str, detail: Detail) -> str:
    """To a version of a callflow or straight to a user: what the event says, since the number may have moved on."""
    whom = detail.get("user", (None, None))[1]
    if whom is not None:
        return f"{_number(state, id_, detail)} now leads straight to {user(state, whom)}."
    found = state.get(e.Number, id_)
    version = detail.get("version", (None, found.version if found else None))[1]
    return f"{_number(state, id_, detail)} now leads to {_version(state, version)}."


def _number_deactivated(state: Past, id_: str, detail: Detail) -> str:
    """In the platform's word for a number that waits to be set up."""
    found = state.get(e.Number, id_)
    account = state.get(e.Account, found.account) if found is not None else None
    if found is None or account is None:
        return f"{_number(state, id_, detail)} was deactivated."
    word = PLATFORMS[account.platform].number_word(structs.replace(found, active=False))
    return f"{_number(state, id_, detail)} was deactivated, and is {word}."


def _caller(detail: Detail) -> str:
    """John Smith (1002), or +61 400 000 000."""
    number = spaced(str(detail["from"]))
    return f"{own(detail['name'])} ({number})" if detail["name"] else number


def _of_call(state: Past, id_: str) -> str:
    """Who calls whom, while it runs or as its record has it."""
    record = state.get(e.CallRecord, id_)
    if record is None:
        return "A call"
    return f"The call of {own(record.name or spaced(record.caller))} to {spaced(record.to)}"


def _call(what: str) -> Saying:
    return lambda state, id_, detail: f"{_of_call(state, id_)} {what.format(**detail)}."


_SAYINGS: dict[str, Saying] = {
    "scan.detected": lambda state, id_, detail: (
        f"Somebody {'at ' + own(id_) if detail['by'] == 'source' else 'with an account’s key'} tries the provisioning "
        f"server: {detail['misses']} failed attempts within {detail['seconds']} s."
    ),
    "login.throttled": lambda state, id_, detail: (
        f"Log-ins {'by ' + user(state, id_) + ' ' if id_ else ''}from {own(detail['source'])} are slowed: there were "
        f"too many wrong ones {'at one address' if detail['by'] == 'source' else 'at one login'}."
    ),
    "webhook.dead": lambda state, id_, detail: f"A webhook is told nothing more: {own(detail['why'])}.",
    "account.added": _thing("Account", e.Account, "was opened"),
    "account.updated": _saved("Account", e.Account),
    "account.deleted": _thing("Account", e.Account, "was closed"),
    "user.added": _user_added,
    "user.updated": _user_updated,
    "user.deleted": _user_deleted,
    "credential_changed": _credential,
    "users.imported": lambda state, id_, detail: (
        f"{len(detail['users'])} users were imported"
        + (f"; {len(detail['left_out'])} lines were left out." if detail["left_out"] else ".")
    ),
    "request.added": lambda state, id_, detail: f"The service desk was asked: {own(detail['title'])}.",
    "request.fulfilled": lambda state, id_, detail: f"The service desk has done it: {own(detail['title'])}.",
    "request.rejected": lambda state, id_, detail: f"The service desk has declined: {own(detail['title'])}.",
    "user.reset": lambda state, id_, detail: f"User {detail['extension']} {own(detail['name'])} was reset.",
    "user.recycled": _recycled,
    "user.tagged": _tagged,
    "mail.queued": _mail("was put into the outbox"),
    "mail.sent": _mail("was sent"),
    "mail.failed": lambda state, id_, detail: f"{_mail('could not be sent')(state, id_, detail)[:-1]}: {detail['why']}",
    "job.started": _job("chosen, and waits to be confirmed"),
    "job.confirmed": _job("confirmed, and begins"),
    "job.cancelled": lambda state, id_, detail: f"{_ACTIONS[detail['action']]} was called off after {detail['users']}.",
    "job.stepped": _stepped,
    "job.done": lambda state, id_, detail: (
        f"{_ACTIONS[detail['action']]} is done: {_users(detail['users'])}, {detail['failed'] or 'none'} failed."
    ),
    "app.setup_code": lambda state, id_, detail: (
        f"{_start(user(state, id_))} has a new QR code to set up the {detail['app']} app."
    ),
    "device.added": lambda state, id_, detail: f"{_start(device(state, id_))} was added.",
    "device.updated": lambda state, id_, detail: f"{_start(device(state, id_))} was saved{_fields(detail)}.",
    "device.deleted": lambda state, id_, detail: f"Device {own(detail['name'])} was deleted.",
    "device.sync": _sync,
    "device.registered": lambda state, id_, detail: f"{_start(device(state, id_))} registered.",
    "device.unregistered": _unregistered,
    "app.logged_in": _app("logged in with"),
    "app.logged_out": _app("was logged out of"),
    "hotdesk.logged_in": lambda state, id_, detail: (
        f"{_start(user(state, detail['user']))} logged in at {device(state, id_)}."
    ),
    "hotdesk.logged_out": _log_out,
    "callflow.added": _thing("Callflow", e.Callflow, "was made"),
    "callflow.updated": _saved("Callflow", e.Callflow),
    "callflow.edited": _of_version("was edited in place"),
    "callflow.deleted": _thing("Callflow", e.Callflow, "was deleted"),
    "callflow.reassigned": _reassigned,
    "version.drafted": lambda state, id_, detail: (
        f"A draft of {_name(state, e.Callflow, id_, detail)}, version {detail['version']}, was begun."
    ),
    "version.updated": _of_version("was edited"),
    "version.made_available": _of_version("was made Available"),
    "version.deleted": lambda state, id_, detail: f"Version {detail['version']} of {own(detail['name'])} was deleted.",
    "number.added": _of_number("joined the account"),
    "number.updated": _of_number("was saved"),
    "number.activated": _of_number("was activated"),
    "number.deactivated": _number_deactivated,
    "number.assigned": _number_assigned,
    "number.unassigned": _of_number("leads nowhere now"),
    "number.deleted": _of_number("left the account"),
    "queue.added": _thing("Queue", e.Queue, "was made"),
    "queue.updated": _saved("Queue", e.Queue),
    "queue.deleted": _thing("Queue", e.Queue, "was deleted"),
    "queue.member_added": _member("assigned to"),
    "queue.member_removed": _member("moved out of"),
    "queue.agent_logged_in": _member("logged in to"),
    "queue.agent_logged_out": _member("logged out of"),
    "call.placed": lambda state, id_, detail: f"{_caller(detail)} calls {spaced(detail['to'])}.",
    "call.ringing": _call("rings {at}"),
    "call.waiting": lambda state, id_, detail: (
        f"{_of_call(state, id_)} waits in queue {_name(state, e.Queue, detail['queue'], {})}."
    ),
    "call.prompting": _call("is asked for a key"),
    "call.playing": _call("hears an announcement"),
    "call.recording": lambda state, id_, detail: (
        f"{_of_call(state, id_)} speaks to {_box(state, detail['mailbox'], {}).lower()}."
    ),
    "call.serving": _call("is served by the PBX: {action}"),
    "call.pressed": _call("presses {digits}"),
    "call.answered": _call("is answered by {by}, at {at}"),
    "call.ended": lambda state, id_, detail: (
        f"The call of {_caller(detail)} to {spaced(detail['to'])} is over: {detail['outcome']}"
        + (f" ({detail['cause']})." if detail["cause"] else ".")
    ),
    "mailbox.address_kept": lambda state, id_, detail: (
        f"Messages for {own(detail['name'])} still go to {own(detail['email'])}."
    ),
    "directory.added": lambda state, id_, detail: f"{own(detail['name'])} was entered in the directory.",
    "directory.updated": lambda state, id_, detail: f"An entry of the directory was saved{_fields(detail)}.",
    "directory.deleted": lambda state, id_, detail: f"{own(detail['name'])} was taken out of the directory.",
    "blf_key.added": lambda state, id_, detail: (
        f"Key {detail['position']} of {device(state, detail['device'])} watches {user(state, detail['user'])} now."
    ),
    "blf_key.updated": lambda state, id_, detail: f"A key that watches a user was saved{_fields(detail)}.",
    "blf_key.deleted": lambda state, id_, detail: (
        f"Key {detail['position']} of {device(state, detail['device'])} watches nobody now."
    ),
    "mailbox.added": lambda state, id_, detail: f"{_box(state, id_, detail)} was made.",
    "mailbox.updated": lambda state, id_, detail: f"{_box(state, id_, detail)} was saved{_fields(detail)}.",
    "mailbox.deleted": lambda state, id_, detail: f"{_box(state, id_, detail)} was deleted.",
    "mailbox.logged_in": lambda state, id_, detail: f"Somebody listens to mailbox {detail['number']}.",
    "mailbox.set_up": lambda state, id_, detail: f"{_box(state, id_, detail)} was set up by the wizard.",
    "message.left": lambda state, id_, detail: (
        f"{own(detail['caller'] or 'Somebody')} left a message of {detail['seconds']} s in mailbox {detail['number']}."
    ),
    "message.lost": lambda state, id_, detail: (
        f"A message of {own(detail['caller'] or 'somebody')} was not taken: {own(detail['why'])}."
    ),
    "message.moved": lambda state, id_, detail: (
        f"{_box(state, detail['mailbox'], detail)}: a message is {detail['folder'][1]} now."
    ),
    "message.deleted": lambda state, id_, detail: (
        f"A message from {own(detail['caller'] or 'somebody')} was deleted for good."
    ),
}

KINDS = (*_SAYINGS, SCREEN, RESET)
"""Every kind of message that the page listens for."""

TONES: dict[str, str] = {
    "registered": "good",
    "logged_in": "good",
    "made_available": "good",
    "added": "good",
    "fulfilled": "good",
    "rejected": "bad",
    "deleted": "bad",
    "unregistered": "bad",
    "logged_out": "bad",
    "member_removed": "bad",
    "unassigned": "bad",
}


def tone(kind: str) -> str:
    """Of what colour an event's dot is: good, bad, or plain."""
    return TONES.get(kind.rpartition(".")[2], "plain")


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _fields(detail: Detail) -> str:
    """, with a new e-mail and role"""
    new = [name.replace("_", " ") for name, (_, after) in detail.items() if after is not None]
    gone = [name.replace("_", " ") for name, (_, after) in detail.items() if after is None]
    return (f", with a new {' and '.join(new)}" if new else "") + (f", without {' or '.join(gone)}" if gone else "")
