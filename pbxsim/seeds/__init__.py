"""Seed files: YAML that says what a world begins with.

Every entry becomes the command that a person would give, through the same door (`build`), so a seed file can say just
what the API can. All faults are found in one go, each with its line; a file with faults changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.refusals import Fault, Invalid, NotFound, PbxsimError, Refused
from pbxsim.facade import Account
from pbxsim.facade.users import User
from pbxsim.world import World

if TYPE_CHECKING:
    from pbxsim.seeds.document import Document

DEMO = Path(__file__).with_name("demo.yaml")


class SeedFault(Struct, frozen=True, gc=False):
    """One thing that is wrong in a seed file: its line (from 1), where (a JSON pointer), and what."""

    line: int
    pointer: str
    message: str


class BadSeed(PbxsimError):
    """A seed file cannot be used; `faults` are all that is wrong with it, by line."""

    def __init__(self, name: str, faults: list[SeedFault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line, fault.pointer))
        told = "".join(f"\n  line {f.line}: {f.pointer or '/'} {f.message}" for f in self.faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{name} cannot be used, {count}; nothing was changed:{told}")


# The sections of an account, in the order in which they may name one another; but a user's caller ID names a number.
SECTIONS = ("users", "mailboxes", "devices", "blf_keys", "queues", "callflows", "numbers")
CALLER_ID = "caller_id"
PHONE = "phone"  # of a device: on, off or none (no phone stands there)
PHONES = ("on", "off", "none")


def load(world: World, path: Path) -> None:
    """Play a seed file into a world. Raises BadSeed with every fault, and then nothing has changed; OSError if it
    cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadSeed(path.name, [SeedFault(line, "", "is not UTF-8 text")]) from None
    plant(world, text, path.name)


def plant(world: World, text: str, name: str = "the seed file") -> None:
    """As `load`, from a text."""
    from pbxsim.seeds.document import read  # YAML is loaded by whoever has some

    document = read(text)
    trial = world.fork()
    planting = _Planting(trial, document)
    if not document.faults:
        planting.world()
    faults = [SeedFault(document.line(pointer), pointer, message) for pointer, message in planting.faults]
    if faults:
        raise BadSeed(name, faults)
    again = _Planting(world, document)  # what went well on the fork goes well here: a world is a value
    again.world()


class _Planting:
    """One pass over a document: goes on after a fault, to find them all."""

    def __init__(self, world: World, document: Document) -> None:
        self._world = world
        self._document = document
        self.faults: list[tuple[str, str]] = list(document.faults)

    def world(self) -> None:
        root = self._document.value
        if not isinstance(root, Mapping):
            self.fault("", "must be a mapping with the key accounts")
            return
        for key in root:
            if key != "accounts":
                self.fault(f"/{key}", "is not known here; known is accounts")
        for pointer, entry in self.entries("/accounts", root.get("accounts", [])):
            self.account(pointer, entry)

    def account(self, pointer: str, entry: Mapping[str, Any]) -> None:
        fields = {key: value for key, value in entry.items() if key not in SECTIONS}
        done = self.attempt(pointer, lambda: self._world.ask(c.AddAccount, fields))
        if done is None:
            return  # what stands below it would only repeat the fault
        account = self._world.accounts[done]
        for section in SECTIONS:
            for below, item in self.entries(f"{pointer}/{section}", entry.get(section, [])):
                self.attempt(below, self.adding(account, section, item, below))
        for below, item in self.entries(f"{pointer}/users", entry.get("users", [])):
            user = account.users.get(str(item.get("extension")))
            if user is not None and CALLER_ID in item:
                self.attempt(below, self.identifying(user, item[CALLER_ID]))

    def identifying(self, user: User, number: Any) -> Callable[[], str]:
        """What those outside see of a user: it can be said once the account has its numbers."""
        return lambda: self._world.ask(c.UpdateUser, {"user": user.id, CALLER_ID: number})

    def adding(self, account: Account, section: str, item: Mapping[str, Any], pointer: str) -> Callable[[], str]:
        fields = {name: value for name, value in item.items() if (section, name) != ("users", CALLER_ID)}
        if section == "devices":
            return lambda: self.device(account, fields, pointer)
        if section == "blf_keys":
            there = account.devices.get(str(fields.get("device")))
            fields |= {"device": there.id} if there is not None else {}
            return lambda: self._world.ask(c.AddBlfKey, fields)
        collection: Any = getattr(account, section)
        return lambda: str(collection.add(**fields).id)

    def device(self, account: Account, fields: dict[str, Any], pointer: str) -> str:
        phone = fields.pop(PHONE, "on")
        if phone not in PHONES:
            self.fault(f"{pointer}/{PHONE}", f"must be one of {', '.join(PHONES)}, not {phone!r}")
        device = account.devices.add(**fields)
        if phone in ("on", "off"):
            emulated = self._world.phones.add(device)
            if phone == "on":
                emulated.power_on()
        return device.id

    def entries(self, pointer: str, value: Any) -> list[tuple[str, Mapping[str, Any]]]:
        if not isinstance(value, list):
            self.fault(pointer, "must be a list")
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                found.append((f"{pointer}/{index}", item))
            else:
                self.fault(f"{pointer}/{index}", "must be a mapping")
        return found

    def attempt(self, pointer: str, work: Callable[[], str]) -> str | None:
        """The id that it was about; None if it failed, and then the faults are noted."""
        try:
            return work()
        except Invalid as error:
            below = error.faults
        except (Refused, NotFound) as error:
            below = (Fault("", str(error).partition("\n")[0]),)
        for fault in below:
            self.fault(f"{pointer}{fault.pointer}", fault.message)
        return None

    def fault(self, pointer: str, message: str) -> None:
        self.faults.append((pointer, message))


__all__ = ["DEMO", "BadSeed", "SeedFault", "load", "plant"]
