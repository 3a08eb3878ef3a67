"""The whole world as one value: the PBX, the files, the phones, what is under way, and what is due.

Immutable, so a fork is a copied reference. The agenda is an index, no truth: every deadline stands in a phone or in a
binding, and an entry whose time is not the present deadline of its target is dropped when it comes up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from immutables import Map
from msgspec import Struct, structs

from device_emulator.phone import Phone
from pbxsim.core.entities import Account, Device, User
from pbxsim.core.faults import AnyFault
from pbxsim.core.platform import Platform
from pbxsim.core.sorted import Sorted
from pbxsim.core.state import EMPTY, NOTHING, State
from pbxsim.world.log import NO_HISTORY, Log, Record
from provisioning.plan import Plan

__all__ = ["Download", "Files", "InFlight", "Nature", "Record", "WorldState"]

SYSTEM = "system"  # who did what nobody asked for: expiry, a phone by itself

# (due in ms, sequence, kind, mac, message): kind says who gets it, see `_DELIVER` in run.py.
InFlight = tuple[int, int, str, str, Any]


class Made(Struct, frozen=True, gc=False):
    """The very things that a device's files were made of: whoever asks whether they are up to date compares these with
    the present ones. `pointing` are the ids of what refers to the device, `named` those things and the users they name:
    BLF keys and whom they watch, a log-in and who is there."""

    device: Device
    owner: User | None
    account: Account
    offset: int  # minutes east of UTC
    pointing: tuple[str, ...] = ()
    named: tuple[Any, ...] = ()

    def current(self, pbx: State) -> bool:
        """Are all of them still the very same? (Of the time of day its device's time zone alone can tell.)"""
        entities, device, owner = pbx.entities, self.device, self.owner
        if entities.get(device.id) is not device or (owner is not None and entities.get(owner.id) is not owner):
            return False
        if pbx.accounts.get(device.account) is not self.account or pbx.references.get(device.id, ()) != self.pointing:
            return False
        for one in self.named:
            if entities.get(one.id) is not one:
                return False
        return True


UNTOLD = Made(Device("", "", "", ""), None, Account("", "", "", ""), 0)
"""What a device was told that has fetched nothing."""


class Download(Struct, frozen=True, gc=False):
    """The last time a device fetched a file: when (ms), 200 or 304, and which (its ETag)."""

    time: int
    status: int
    etag: str


class Redirect(Struct, frozen=True, gc=False):
    """What the vendor's redirect service says of a phone: the server of a device, or a URL."""

    device: str = ""
    url: str = ""


class Network(Struct, frozen=True, gc=False):
    """What is around the phones: `offers` is what the network tells those that ask, `redirects` what the vendors'
    redirect services know, by MAC."""

    offers: tuple[tuple[str, str], ...] = ()
    redirects: Map[str, Redirect] = NOTHING


class InForce(Struct, frozen=True, gc=False):
    """A fault that is in force, and what it remembers of the instant at which it began, or of what it has done."""

    fault: AnyFault
    memory: Any = None


class WorldState(Struct, frozen=True, gc=False):
    """`armed` is the earliest agenda entry of each target (p<mac>, b<device> or c<call>); `busy` counts the busy phones
    and calls; `sequence` numbers the messages; `last_id` is the highest number an id has taken."""

    now: int
    pbx: State = State()
    files: Map[str, Map[str, bytes]] = NOTHING  # device -> name -> what is frozen or uploaded
    downloads: Map[tuple[str, str], Download] = NOTHING
    rendered: Map[str, Made] = NOTHING  # device -> what its own file was made of, where that is frozen
    told: Map[str, Made] = NOTHING  # device -> what its own file was made of when it was last fetched
    misses: Map[tuple[str, str], Any] = NOTHING  # failed authentications, see `scans.py`
    phones: Map[str, Phone] = NOTHING
    armed: Map[str, int] = NOTHING
    agenda: Sorted = EMPTY
    in_flight: tuple[InFlight, ...] = ()
    busy: int = 0
    sequence: int = 0
    last_id: int = 0
    history: Log = NO_HISTORY
    network: Network = Network()
    faults: tuple[InForce, ...] = ()

    @property
    def recorded(self) -> int:
        """The number of the last record."""
        return self.history.last

    def alone(self, device: Device) -> WorldState:
        """The same state with this device's phone and nobody else's, for trying things on."""
        mac, phone = device.mac, self.phones[device.mac]
        armed = {key: at for key in (f"p{mac}", f"b{device.id}") if (at := self.armed.get(key)) is not None}
        return structs.replace(
            self,
            phones=Map({mac: phone}),
            armed=Map(armed),
            agenda=Sorted.of((at, key) for key, at in armed.items()),
            in_flight=tuple(message for message in self.in_flight if message[3] == mac),
            busy=int(phone.busy),
        )

    @property
    def busy_with(self) -> dict[str, str]:
        """Who is busy with what, for people."""
        who: dict[str, str] = {mac: phone.phase for mac, phone in self.phones.items() if phone.busy}
        who |= {f"call {call.id} to {call.to}": call.phase for call in self.pbx.calls.values() if call.busy}
        for _, _, kind, mac, _ in self.in_flight:
            who.setdefault(mac, f"{kind} under way")
        return dict(sorted(who.items()))


class Planned(Struct, frozen=True, gc=False):
    """A plan that was made, and the very things it was made of; `at` is where it was asked for, and which quarter of an
    hour (a time zone's offset changes on these); `own` is the name of the device's own file."""

    made: Made
    at: tuple[str, int]
    plan: Plan
    own: str


class Nature(Struct, frozen=True, eq=False):
    """What does not change in a world: its platforms and knobs, and the keys that sign its nonces.

    `salt(last_id)` gives the text that a command's secrets are drawn from; `offset(zone, now)` a time zone's minutes
    east of UTC (time-zone data is loaded at the edge); `draw` a one-time code, from chance or from the given text;
    `conceal` and `verify` make and check verifiers of PINs and passwords."""

    platforms: Mapping[str, Platform]
    key: bytes
    conceal: Callable[[str], str]
    verify: Callable[[str, str], bool]
    salt: Callable[[int], str]
    offset: Callable[[str, int], int]
    draw: Callable[[str], str]
    origin: str = "http://provisioning.pbx.example"
    prefix: str = "/provision/"
    latency: int = 1  # ms on the wire, each way
    history_limit: int = 100_000
    planned: dict[str, Planned] = {}  # by device: a memory of `plans.answer`, and no part of what a world is
    listed: dict[str, tuple[Sorted, tuple[str, ...]]] = {}  # by account: one of `observe.suspects`


class Files(Mapping[tuple[str, str], bytes]):
    """The files as provisioning sees them: (device, name) -> body."""

    __slots__ = ("_files",)

    def __init__(self, files: Map[str, Map[str, bytes]]) -> None:
        self._files = files

    def __getitem__(self, key: tuple[str, str]) -> bytes:
        return self._files[key[0]][key[1]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((device, name) for device in sorted(self._files) for name in sorted(self._files[device]))

    def __len__(self) -> int:
        return sum(map(len, self._files.values()))
