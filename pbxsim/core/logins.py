"""Who is there? A login is proof that somebody is: a live registration of his device, an app, a hot desk.

Derived from the state on asking; nothing is kept twice.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from pbxsim.core.entities import AppLogin, Device, HotDesk, Mailbox, User
from pbxsim.core.state import State
from pbxsim.core.values import colons


class Login(Struct, frozen=True, gc=False):
    """`kind` is registration, app or hotdesk; `id` is what ends it (for a registration, the device's id).

    Times in milliseconds since the epoch; `expires` None where it ends only when somebody ends it."""

    kind: str
    id: str
    name: str
    since: int
    expires: int | None = None


def device_title(device: Device) -> str:
    """How a list names a device: its name, else model and MAC."""
    return device.name.strip() or f"{model_title(device.model)} {colons(device.mac)}"


@cache
def model_title(model: str) -> str:
    """yealink-t46s -> Yealink T46S; aastra-6920 -> Mitel 6920, which is what is printed on it."""
    brand, _, product = model.partition("-")
    if product.startswith("69"):
        brand = "mitel"
    return f"{brand.capitalize()} {product.upper() if brand == 'yealink' else product}"


def logins(state: State, user: User) -> tuple[Login, ...]:
    """All logins of a user: registrations first, then apps, then hot desks, each by name."""
    found: list[Login] = []
    for source in state.sources(user.id):
        kind = type(source)
        if kind is Device:
            bound = state.bindings.get(source.id)
            if bound:
                since, expires = min([b.since for b in bound]), max([b.expires for b in bound])
                found.append(Login("registration", source.id, device_title(source), since, expires))
        elif kind is AppLogin:
            found.append(Login("app", source.id, source.app, source.since))
        elif kind is HotDesk:
            desk = device_title(state.the(Device, source.device))
            found.append(Login("hotdesk", source.id, desk, source.since))
    if len(found) < 2:
        return tuple(found)
    order = {"registration": 0, "app": 1, "hotdesk": 2}
    return tuple(sorted(found, key=lambda login: (order[login.kind], login.name, login.id)))


def mailbox_of(state: State, user: User) -> Mailbox | None:
    """The user's mailbox: of several, the one that is numbered like his extension, else the lowest."""
    boxes = state.pointing_at(user.id, Mailbox)
    return min(boxes, key=lambda box: (box.number != user.extension, box.number), default=None)


def visitor(state: State, device: Device) -> User | None:
    """Whoever is logged in at the device (P12), or None."""
    for desk in state.pointing_at(device.id, HotDesk):
        return state.get(User, desk.user)
    return None


def devices_ringing_for(state: State, user: str) -> list[Device]:
    """The devices that a call to this user id rings: where he is logged in, and those he owns unless somebody else
    is logged in there (KAZOO: a hot-desked device belongs to its visitors instead of its owner)."""
    at = {desk.device for desk in state.pointing_at(user, HotDesk)}
    owned = {
        device.id: device for device in state.pointing_at(user, Device) if not state.pointing_at(device.id, HotDesk)
    }
    visited = {id_: state.the(Device, id_) for id_ in at}
    return sorted((owned | visited).values(), key=lambda device: (device_title(device), device.id))
