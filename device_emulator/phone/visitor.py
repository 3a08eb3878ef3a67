"""Somebody logs in at the phone itself: his own files are fetched, applied over the phone's, and uploaded again.

What is under way is a `Visit`: one request after the other, in the order of `TABLE`; nothing is in force before all of
it is there. A phone that is told to reboot lets him go, one that loses its power does not, as its firmware says.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from msgspec.structs import replace

from device_emulator.firmware.contract import Purpose, Visiting, Visitor, Visits
from device_emulator.phone import lines
from device_emulator.phone.state import Phone, Stage, Step, Visit, arm, disarm, fetchable, send
from device_emulator.screen import Field, Page, SoftKey
from device_emulator.wire.transfer import Done, Fetch

DEADLINE = "visitor"
MAX_NAME = 64
"""Characters of a user name (decided): it becomes part of a URL."""

_SUBMIT, _EXIT = SoftKey("Submit", "SoftKey:Submit"), SoftKey("Exit", "SoftKey:Exit")
_USER, _PASSWORD = Field("Username", ""), Field("Password", "", password=True)
IN = Page("Log In", fields=(_USER, _PASSWORD), soft_keys=(_SUBMIT, _EXIT), purpose="visitor-in")
OUT = Page("Log Out", fields=(_PASSWORD,), soft_keys=(_SUBMIT, _EXIT), purpose="visitor-out")


def _here(phone: Phone) -> tuple[Visits, Visiting] | None:
    visits = phone.firmware.VISITS
    visiting = visits.visiting(phone.model, phone.mac, phone.flash.settings) if visits is not None else None
    return (visits, visiting) if visits is not None and visiting is not None else None


# ---- somebody at the phone


def pressed(phone: Phone, now: int) -> Step:
    """The key of visitors: a prompt, or the log-out, which wants the password where that is demanded."""
    here = _here(phone)
    if here is None:
        return replace(phone, notice="No user configuration server"), ()
    if phone.visit is not None:
        return phone, ()
    if phone.flash.visitor is None:
        return replace(phone, pages=(IN,), notice=""), ()
    if here[1].secure:
        return replace(phone, pages=(OUT,), notice=""), ()
    return log_out(phone, now)


def entered(phone: Phone, purpose: Purpose, fields: tuple[str, ...], now: int) -> Step:
    """Somebody has filled in one of the two prompts."""
    if purpose == "visitor-in":
        return log_in(phone, fields[0], fields[1], now)
    visitor = phone.flash.visitor
    if visitor is not None and fields[0] == visitor.password:
        return log_out(phone, now)
    return replace(phone, notice="Wrong password"), ()


def log_in(phone: Phone, user: str, password: str, now: int) -> Step:
    """Fetch his files. Whoever is there goes first."""
    user = user.strip()[:MAX_NAME]
    if not user or _here(phone) is None:
        return replace(phone, notice="" if user else "No user name"), ()
    if phone.flash.visitor is not None and phone.flash.visitor.user != user:
        phone, outputs = _gone(phone, now)
    else:
        outputs = ()
    return replace(phone, visit=Visit("file", Visitor(user, password)), notice=""), outputs


def log_out(phone: Phone, now: int) -> Step:
    """Upload what he has set, then let him go."""
    visitor = phone.flash.visitor
    if visitor is None:
        return phone, ()
    here = _here(phone)
    if here is None or not here[0].uploads(phone.model):
        return _gone(replace(phone, visit=None), now)
    return replace(phone, visit=Visit("last upload", visitor), pages=(), notice=""), ()


def due(phone: Phone, name: str, now: int) -> Step:
    """Time to upload what he has set."""
    visitor = phone.flash.visitor
    if visitor is None or phone.visit is not None:
        return phone, ()
    return replace(phone, visit=Visit("upload", visitor)), ()


# ---- power


def at_power_up(phone: Phone, lost: bool) -> Phone:
    """Before a boot: is he still there? `lost`: it boots because it had lost its power."""
    visits = phone.firmware.VISITS
    if visits is None or visits.stays(phone.model, phone.mac, phone.flash, lost):
        return phone
    return replace(phone, flash=replace(visits.enter(phone.flash, None), callers=(), redial=()))


def booted(phone: Phone, now: int) -> Step:
    """After a boot: he is logged in again with what he entered."""
    visitor = phone.flash.visitor
    if visitor is None:
        return phone, ()
    return log_in(phone, visitor.user, visitor.password, now)


# ---- one request after the other


def go_on(phone: Phone, now: int) -> Step:
    """Make the request of the present stage. The phone is idle and has none under way."""
    visit, here = phone.visit, _here(phone)
    if visit is None or here is None:
        return replace(phone, visit=None), ()
    visits, visiting = here
    own, local = visits.names(phone.model, visit.visitor.user)
    url = visiting.url + quote(own if visit.stage == "file" else local, safe="")
    if not fetchable(url):
        return replace(phone, visit=None, notice="This phone fetches by HTTP and HTTPS only"), ()
    phone = replace(phone, visit=replace(visit, asked=True))
    if visit.stage in ("file", "local file"):
        return send(phone, Fetch(0, url), now)
    current = phone.flash.visitor or visit.visitor
    return send(phone, Fetch(0, url, method="PUT", body=visits.upload(phone.model, current.local)), now)


def received(phone: Phone, done: Done, now: int) -> Step:
    """The end of a request."""
    visit = phone.visit
    if visit is None:
        return phone, ()
    return TABLE[visit.stage](phone, visit, done, now)


def _file(phone: Phone, visit: Visit, done: Done, now: int) -> Step:
    """His own file says whether he is who he says. A server that is away lets him stay who was there (decided)."""
    if done.status == 200 and phone.firmware.VISITS is not None:
        server = phone.firmware.VISITS.settings(phone.model, done.body)
        return replace(phone, visit=Visit("local file", replace(visit.visitor, server=server))), ()
    phone = replace(phone, visit=None)
    why = {401: "Wrong user name or password", 403: "Wrong user name or password", 404: "Unknown user"}
    if done.status in why and phone.flash.visitor is not None:
        phone, outputs = _gone(phone, now)
    else:
        outputs = ()
    return replace(phone, notice=why.get(done.status, f"Cannot log in ({done.why or done.status})")), outputs


def _local_file(phone: Phone, visit: Visit, done: Done, now: int) -> Step:
    """What he had set when he was here last, if he ever was; then everything counts."""
    visits = phone.firmware.VISITS
    if visits is None:
        return replace(phone, visit=None), ()
    visitor = visit.visitor
    if done.status == 200:
        visitor = replace(visitor, local=visits.settings(phone.model, done.body))
    phone = replace(phone, visit=None, flash=visits.enter(phone.flash, visitor), pages=())
    phone, outputs = lines.settle(phone, now)
    return _armed(phone, now), outputs


def _uploaded(phone: Phone, visit: Visit, done: Done, now: int) -> Step:
    return _armed(_said(replace(phone, visit=None), done), now), ()


def _last_uploaded(phone: Phone, visit: Visit, done: Done, now: int) -> Step:
    return _gone(_said(replace(phone, visit=None), done), now)


def _said(phone: Phone, done: Done) -> Phone:
    if 200 <= done.status < 300:
        return phone
    return replace(phone, notice=f"User settings not saved ({done.status or done.why})")


def _armed(phone: Phone, now: int) -> Phone:
    here = _here(phone)
    pause = here[1].upload_ms if here is not None else 0
    deadlines = arm(phone.deadlines, DEADLINE, now + pause, False) if pause else disarm(phone.deadlines, DEADLINE)
    return replace(phone, deadlines=deadlines)


def _gone(phone: Phone, now: int) -> Step:
    """Nobody is here: the phone is what its own files say, and knows no numbers of his (they are part of a user's
    profile: administrator guide 41-001561-00, 6-47)."""
    visits = phone.firmware.VISITS
    if visits is None:
        return phone, ()
    flash = replace(visits.enter(phone.flash, None), callers=(), redial=())
    deadlines = disarm(phone.deadlines, DEADLINE)
    return lines.settle(replace(phone, flash=flash, deadlines=deadlines, pages=()), now)


TABLE: dict[Stage, Callable[[Phone, Visit, Done, int], Step]] = {
    "file": _file,  # `<user>.cfg`, with his name and password
    "local file": _local_file,  # `<user>_local.cfg`
    "upload": _uploaded,  # the same, the other way; he stays
    "last upload": _last_uploaded,  # and goes
}
