"""What the page shows of one account: plain values for the templates, read from the world as it is now.

Nothing is decided here and nothing changed. Lists end at a hundred things: the page is for an office that somebody is
shown, and a list that is longer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from device_emulator.phone import Phone
from pbxsim.core import entities as e
from pbxsim.core import nodes as n
from pbxsim.core.logins import device_title, logins, model_title, visitor
from pbxsim.core.platform import DELETE, KEEP, RELEASE, Platform
from pbxsim.core.routing import Trace, route
from pbxsim.core.state import State
from pbxsim.core.status import number_status, numbers_of, status
from pbxsim.core.values import colons
from pbxsim.portal import words
from pbxsim.portal.past import Past
from pbxsim.server.engine import Engine
from pbxsim.world import World, to_datetime
from pbxsim.world.state import Record

Json = dict[str, Any]

MOST = 100  # things of a kind on the page
LINES = 60  # of the log
LOOKED_AT = 600  # events: older ones of this account are not looked for

_FORMS = {2: "login"}  # what the API's log-in can fill: an extension and a PIN
_STRATEGIES = {"simultaneous": "Ring all", "in-turn": "Ring in turn"}


def shown(engine: Engine, wanted: str) -> Json:
    """Everything on the page, for the account of that id or the first there is."""
    hosted = engine.main
    world, state = hosted.world, hosted.world.pbx
    clock = hosted.clock
    accounts = list(state.listed("", e.Account))
    account = state.accounts.get(wanted) or next(iter(accounts), None)
    page: Json = {
        "clock": {"now": clock.target(), "moment": to_datetime(clock.target()), "mode": clock.mode, "rate": clock.rate},
        "accounts": [_account(world, one) for one in accounts[:MOST]],
        "account": None,
        "phones": _bare(world),
        "log": _log(world, account),
    }
    return page | _office(world, account) if account else page


def _account(world: World, account: e.Account) -> Json:
    platform = world.nature.platforms[account.platform]
    return {
        "id": account.id,
        "name": account.name,
        "platform": platform.name,
        "title": platform.title,
        "versions": platform.versioned(account),
        "asks": bool(platform.user_delete_blockers),
        "farewell": _farewell(platform, account),
        "words": {noun: _capital(platform.plural(noun)) for noun in ("user", "callflow", "number", "queue")},
    }


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


_FATES = {
    DELETE: "{} go too",
    RELEASE: "{} stay and belong to nobody",
    KEEP: "{} stay and go on naming somebody who is gone",
}


def _farewell(platform: Platform, account: e.Account) -> str:
    """What becomes of a deleted user's things, for whoever is about to delete him."""
    devices, boxes = (
        str(platform.setting(account, f"user.delete.{noun}") or KEEP) for noun in ("devices", "mailboxes")
    )
    if devices == boxes == KEEP:
        stay = "devices, mailbox and callflows stay, and go on naming somebody who is gone"
        return f"{platform.title} asks nothing: {stay}."
    if devices == boxes:
        return f"{_FATES[devices].format('Devices and mailboxes')}. App log-ins go."
    return f"{_FATES[devices].format('The devices')}; {_FATES[boxes].format('mailboxes')}. App log-ins go."


def _office(world: World, account: e.Account) -> Json:
    state = world.pbx
    kinds: tuple[tuple[str, type[Any], Any], ...] = (
        ("users", e.User, _user),
        ("callflows", e.Callflow, _callflow),
        ("numbers", e.Number, _number),
        ("queues", e.Queue, _queue),
    )
    office: Json = {"account": _account(world, account), "counts": {}}
    platform = world.nature.platforms[account.platform]
    for name, type_, show in kinds:
        office[name] = [show(state, entity, platform) for entity in islice(state.listed(account.id, type_), MOST)]
        office["counts"][name] = len(state.order.get((account.id, e.NOUNS[type_]), ()))
    devices = state.listed(account.id, e.Device)
    desks = [(device, phone) for device in devices if (phone := world.state.phones.get(device.mac)) is not None]
    desks.sort(key=lambda desk: (_title(state, desk[0].owner) or "~", device_title(desk[0]), desk[0].id))
    office["counts"]["phones"] = len(desks)
    office["phones"] = [_phone(state, phone, device) for device, phone in desks[:MOST]] + _bare(world)
    return office


# --- People, and where calls go ------------------------------------------------------------------------------------


def _user(state: State, user: e.User, platform: Platform) -> Json:
    queues, versions = state.pointing_at(user.id, e.Queue), state.pointing_at(user.id, e.Version)
    return {
        "id": user.id,
        "extension": user.extension,
        "name": user.name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "tags": [platform.word(user.tag)] * bool(user.tag) + ["System user"] * user.system,
        "logins": [
            {"kind": login.kind, "name": login.name, "until": login.expires and to_datetime(login.expires)}
            for login in logins(state, user)
        ],
        "places": _counted((len(queues), "queue"), (len({version.callflow for version in versions}), "callflow")),
    }


def _callflow(state: State, callflow: e.Callflow, _: Platform) -> Json:
    versions = [state.the(e.Version, id_) for id_ in reversed(callflow.versions)]
    return {
        "id": callflow.id,
        "name": callflow.name,
        "dialled": callflow.dialled,
        "versions": [_version(state, version) for version in versions],
        "numbers": [number.e164 for version in versions for number in numbers_of(state, version)],
    }


def _version(state: State, version: e.Version) -> Json:
    return {
        "number": version.number,
        "status": status(state, version),
        "percent": version.percent,
        "steps": [_node(state, version, node) for node in n.walk(version.root)],
    }


_NODES: dict[type, str] = {
    n.Announcement: "Say",
    n.Menu: "Menu",
    n.DialByName: "Dial by name",
    n.Hours: "Business hours",
    n.HotDesking: "Hot desk",
    n.CheckVoicemail: "Own mailbox",
    n.HangUp: "Hang up",
}


def _node(state: State, version: e.Version, node: n.Node) -> Json:
    match node:
        case n.Dial() | n.RingGroup():
            what = "Ring" if isinstance(node, n.Dial) else _STRATEGIES[node.strategy]
            users = [
                {
                    "id": id_,
                    "title": _title(state, id_),
                    "without": without(version.root, id_) if version.draft else None,
                }
                for id_ in node.users
            ]
            return {"what": what, "users": users, "to": ""}
        case n.Voicemail():
            box = state.get(e.Mailbox, node.mailbox)
            return {"what": "Voicemail", "users": [], "to": box.number if box else "a mailbox that is gone"}
        case n.Transfer():
            to = state.get(e.Callflow, node.callflow)
            return {"what": "Go to", "users": [], "to": to.name if to else "a callflow that is gone"}
        case n.Enqueue():
            queue = state.get(e.Queue, node.queue)
            return {"what": "Wait in", "users": [], "to": queue.name if queue else "a queue that is gone"}
        case n.Announcement() | n.Menu():
            return {"what": _NODES[type(node)], "users": [], "to": node.text}
        case _:
            return {"what": _NODES[type(node)], "users": [], "to": ""}


def without(root: n.Node, user: str) -> Json:
    """A version's tree as the API takes it, with this user in none of its nodes."""
    plain: Json = msgspec.to_builtins(root)
    waiting: list[Any] = [plain]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "users" in part:
                part["users"] = [id_ for id_ in part["users"] if id_ != user]
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return plain


def _number(state: State, number: e.Number, platform: Platform) -> Json:
    version = state.get(e.Version, number.version)
    callflow = state.get(e.Callflow, version.callflow) if version else None
    leads = version is not None or number.user is not None
    account = state.accounts[number.account]
    trace = route(state, account, number.e164, True, platform=platform) if leads else None
    return {
        "id": number.id,
        "e164": number.e164,
        "name": number.name,
        "status": number_status(number),
        "state": platform.number_word(number),
        "user": _title(state, number.user),
        "callflow": callflow and {"id": callflow.id, "name": callflow.name},
        "version": version.number if version else 0,
        "end": _end(trace) if trace else "",
        "dead": trace is not None and trace.outcome == "nobody",
    }


def _end(trace: Trace) -> str:
    """Where a call ends, in a few words."""
    match trace.outcome:
        case "rings":
            return f"rings {_counted((len(trace.rings), 'phone'))}"
        case "voicemail":
            return "goes to voicemail"
        case "hang-up":
            return "hangs up"
        case _:
            return f"reaches nobody: {trace.cause}"


def _queue(state: State, queue: e.Queue, _: Platform) -> Json:
    members = [{"id": id_, "title": _title(state, id_)} for id_ in queue.members]
    return {"id": queue.id, "name": queue.name, "members": members}


def _title(state: State, user: str | None) -> str:
    """1002 John Smith; '' for whoever has been deleted."""
    found = state.get(e.User, user)
    return found.title if found else ""


# --- Phones ------------------------------------------------------------------------------------------------------


def _bare(world: World) -> list[Json]:
    """Phones that no account knows: nobody else would show them. Not looked for in a building full of phones."""
    phones = world.state.phones
    if len(phones) > 10 * MOST:
        return []
    bare = (phone for mac, phone in sorted(phones.items()) if world.pbx.find("mac", "", mac) is None)
    return [_phone(world.pbx, phone, None) for phone in islice(bare, MOST)]


def _phone(state: State, phone: Phone, device: e.Device | None) -> Json:
    screen = phone.screen
    soft = list(dict.fromkeys(screen.soft_keys))
    hard = [key for key in dict.fromkeys(key.label for key in phone.keys if key.label.strip()) if key not in soft]
    owner, guest = (state.get(e.User, device.owner), visitor(state, device)) if device else (None, None)
    lamp, says = _lamp(phone)
    return {
        "mac": phone.mac,
        "address": colons(phone.mac),
        "model": phone.model.name,
        "title": model_title(phone.model.name),
        "vendor": phone.model.vendor,
        "columns": phone.model.columns,
        "height": phone.model.rows,
        "phase": phone.phase,
        "powered": phone.powered,
        "lamp": lamp,
        "says": says,
        "label": screen.label,
        "lines": list(screen.rows),
        "lit": screen.on,
        "prompt": screen.prompt,
        "form": _FORMS.get(len(screen.prompt.fields), "") if screen.prompt else "",
        "soft": soft,
        "hard": hard,
        "device": device.id if device else "",
        "place": f"{device.account}/{device.id}" if device else "",
        "name": device.name.strip() if device else "",
        "owner": owner.title if owner else "",
        "guest": guest.title if guest else "",
    }


def _lamp(phone: Phone) -> tuple[str, str]:
    """The lamp's colour, and the same in words."""
    if not phone.powered:
        return "off", "No power"
    if not phone.place.connected:
        return "bad", "Its network cable is out"
    if phone.phase == "booting":
        return "busy", "Starting up"
    if phone.phase in ("fetching", "updating"):
        return "busy", "Fetching its configuration"
    if phone.phase == "no-server":
        return "bad", "Knows no server"
    if phone.registered:
        return "good", "Registered"
    if any(line.state == "refused" for line in phone.lines):
        return "bad", "Registration refused"
    return ("wait", "Nobody is logged in") if phone.screen.prompt or phone.pages else ("bad", "Not registered")


# --- The log -------------------------------------------------------------------------------------------------------


def _log(world: World, account: e.Account | None) -> list[Json]:
    """The latest events of the account, the last first."""
    return list(islice(_lines(world, account), LINES))


def _lines(world: World, account: e.Account | None) -> Iterator[Json]:
    history, last, past = world.state.history, world.state.recorded, Past(world.pbx)
    for number in range(last, max(last - LOOKED_AT, 0), -1):
        record = history.get(number)
        if record is None:
            return
        event = record.event
        if event.account in ("", account and account.id):
            yield {
                "id": number,
                "moment": to_datetime(record.time),
                "who": "" if _of_himself(record) else _who(past, record.actor),
                "tone": words.tone(event.kind),
                "text": words.sentence(past, event),
            }
        past.undo(event)


def _of_himself(record: Record) -> bool:
    """Does the line name whoever did it already?"""
    event = record.event
    return record.actor in (f"user {event.subject}", f"user {dict(event.detail).get('user')}")


def _who(state: Past, actor: str) -> str:
    """Whom the log names; the operator is whoever sits before the page, and the system is nobody."""
    if actor.startswith("user "):
        return words.user(state, actor.removeprefix("user "))
    return {"service-desk": "Support"}.get(actor, "")


def _counted(*counts: tuple[int, str]) -> str:
    """2 queues, 1 callflow."""
    parts: Iterable[str] = (f"{count} {noun}{'s' * (count != 1)}" for count, noun in counts if count)
    return ", ".join(parts)
