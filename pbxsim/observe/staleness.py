"""Who still shows the old name (X2)? Each name on each device, followed from the PBX to the screen.

Each download keeps the very things that its file was made of. Asking compares them with the present ones and looks
closer only where they differ: there is no bookkeeping, and nothing is marked as old when somebody is renamed. Of a
phone that is not emulated nobody knows what it has applied and what it shows.

A name is `stale` where restarting the phone, and logging in at it again, would change what it shows. One that differs
from the PBX's without being stale waits for a save, or the phone will not take it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct, structs

from pbxsim.core.directory import is_old, name_of
from pbxsim.core.entities import Account, BlfKey, Device, DirectoryEntry, Mailbox, User
from pbxsim.core.logins import device_title
from pbxsim.observe.changes import Changes
from pbxsim.observe.fields import Field, WaitsFor, differs
from pbxsim.observe.look import Look
from pbxsim.observe.suspects import Kinds, suspects
from pbxsim.world.state import Nature, Record, WorldState


class Shown(Struct, frozen=True, gc=False):
    """A device and its names. Of one that is not `emulated`, what was applied and what is on the screen is unknown."""

    device: str
    title: str
    emulated: bool
    fields: tuple[Field, ...]


class Kept(Struct, frozen=True, gc=False):
    """A name, or an address, that was stored and is somebody else's by now. `kind` is directory, blf or voicemail; `id`
    the entry's, key's or mailbox's; `where` it stands; `says` what stands there; `now` what its user is called."""

    kind: Literal["directory", "blf", "voicemail"]
    id: str
    where: str
    says: str
    user: str
    now: str
    change: Record | None = None


_NEEDS: Mapping[WaitsFor, str] = {
    "": "it is on its way",
    "fetch": "a fetch brings it",
    "log-in": "another log-in brings it",
    "save": "a save has to render it first",
    "phone": "the phone does not take it",
}


def _said(field: Field) -> str:
    """The nearest to the screen that is known."""
    known = (field.screen, field.applied, field.downloaded, field.rendered)
    said = next((text for text in known if text is not None), None)
    return "nothing that is known" if said is None else repr(said)


class Staleness:
    """What an account still shows of old names, as a world was when it was asked."""

    def __init__(self, nature: Nature, state: WorldState, account: Account) -> None:
        self._nature, self._state, self._account = nature, state, account
        self._changes = Changes(state.history)

    @cached_property
    def devices(self) -> tuple[Shown, ...]:
        """The devices with a name that is not the PBX's present one, and those names; in the order of the devices."""
        found, kinds = [], Kinds(self._nature, self._account)
        for device in suspects(self._nature, self._state, self._account, kinds):
            look = Look(self._nature, self._state, device, kinds[device.model])
            fields = tuple(field for field in look.fields if differs(field))
            if fields:
                found.append((look, fields))
        return tuple(self._shown(found))

    def __str__(self) -> str:
        """For people, a line a name: where it stands, what it says, what it should say, and what it waits for."""
        lines = [
            f"  {shown.title}: {field.name} says {_said(field)}, the PBX {field.pbx!r}; {_NEEDS[field.waits_for]}"
            for shown in self.devices
            for field in shown.fields
        ]
        kept = (*self.directory, *self.blf_keys, *self.mailboxes)
        lines += [f"  {one.where} says {one.says!r}, the user is called {one.now!r} now" for one in kept]
        return "\n".join(["What shows an old name:", *(lines or ["  nothing"])])

    def _shown(self, found: list[tuple[Look, tuple[Field, ...]]]) -> Iterator[Shown]:
        for look, _ in found:
            self._changes.expect(look.made, look.present)
        for look, fields in found:
            told = tuple(structs.replace(one, change=self._change(look, one)) for one in fields)
            yield Shown(look.device.id, device_title(look.device), look.phone is not None, told)

    def _change(self, look: Look, field: Field) -> Record | None:
        return self._changes.first(look.involved(field.name)) if field.waits_for else None

    def of(self, device: Device) -> Shown:
        """One device with all its names, old or not."""
        look = Look(self._nature, self._state, device)
        return next(iter(self._shown([(look, look.fields)])))

    @cached_property
    def directory(self) -> tuple[Kept, ...]:
        """The directory's entries that keep an old name (C7)."""
        return tuple(
            Kept("directory", entry.id, "directory", entry.name, user.id, name_of(user), self._renamed(user))
            for entry, user in self._old(DirectoryEntry)
        )

    @cached_property
    def blf_keys(self) -> tuple[Kept, ...]:
        """The keys that keep an old name (C7)."""
        pbx = self._state.pbx
        return tuple(
            Kept(
                "blf",
                key.id,
                f"key {key.position} of {device_title(pbx.the(Device, key.device))}",
                key.label,
                user.id,
                name_of(user),
                self._renamed(user),
            )
            for key, user in self._old(BlfKey)
        )

    def _old(self, type_: type[Any]) -> Iterator[tuple[Any, User]]:
        pbx = self._state.pbx
        for thing in pbx.listed(self._account.id, type_):
            if is_old(pbx, thing):
                yield thing, pbx.the(User, thing.user)

    @cached_property
    def mailboxes(self) -> tuple[Kept, ...]:
        """The mailboxes whose messages go to another person's address (C5): not the user's own, or one that was there
        before he got his name."""
        pbx, found = self._state.pbx, []
        for box in pbx.listed(self._account.id, Mailbox):
            owner = pbx.get(User, box.owner) if box.email else None
            if owner is not None and (box.email.casefold() != owner.email.casefold() or self._came_before(box, owner)):
                where = f"mailbox {box.number}"
                found.append(
                    Kept("voicemail", box.id, where, box.email, owner.id, name_of(owner), self._renamed(owner))
                )
        return tuple(found)

    def _came_before(self, box: Mailbox, owner: User) -> bool:
        """Has the user been renamed since he, or his mailbox, got the address?"""
        if owner.revision == 1:
            return False
        renamed = self._changes.last(owner.id, "first_name", "last_name", "portal_name")
        if renamed is None:
            return False
        given = [self._changes.last(owner.id, "email"), self._changes.last(box.id, "email")]
        return all(record is None or record.number < renamed.number for record in given)

    def _renamed(self, user: User) -> Record | None:
        return self._changes.last(user.id, "first_name", "last_name") if user.revision > 1 else None
