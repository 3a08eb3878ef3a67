"""Who still shows the old name (X2)? Each name on each device, followed from the PBX to the screen.

Each download keeps the very things that its file was made of. Asking compares them with the present ones and looks
closer only where they differ: there is no bookkeeping, and nothing is marked as old when somebody is renamed. Of a
phone that is not emulated nobody knows what it has applied and what it shows.

A name is `stale` where restarting the phone, and logging in at it again, would change what it shows. One that differs
from the PBX's without being stale waits for a save, or the phone will not take it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import repeat
from typing import Any, Literal

from msgspec import Struct, structs

from device_emulator.phone import Phone
from pbxsim.core.directory import is_old, name_of
from pbxsim.core.entities import NOUNS, Account, BlfKey, Device, DirectoryEntry, HotDesk, Mailbox, User
from pbxsim.core.logins import device_title, mailbox_of
from pbxsim.core.state import EMPTY, NOTHING, State
from pbxsim.observe import bench
from pbxsim.observe.changes import Changes
from pbxsim.world import plans
from pbxsim.world.state import UNTOLD, Made, Nature, Record, WorldState
from provisioning import models
from provisioning.vendors import VENDORS

WaitsFor = Literal["", "fetch", "log-in", "save", "phone"]
Texts = Mapping[str, str]  # field -> what it says

LABEL, DISPLAY_NAME = "label", "display name"


class Field(Struct, frozen=True, gc=False):
    """One name on a device, and how far the present one has got.

    `pbx` is what a file would say if it were made now; `rendered` what the kept file says (None where none is kept);
    `downloaded` what the last fetched file said (None: it has fetched none that is known of); `applied` and `screen`
    what the phone has in force and shows (None: unknown, or not on the screen); `after` what it would show after a
    restart and another log-in. `waits_for`: a fetch brings the name; a log-in; a save makes the file anew; or the
    phone does not take it. `change` is what made the name old, None where history has forgotten it."""

    name: str
    pbx: str
    rendered: str | None
    downloaded: str | None
    applied: str | None
    screen: str | None
    after: str | None
    waits_for: WaitsFor
    change: Record | None = None

    @property
    def stale(self) -> bool:
        """Would a restart, and another log-in, change what it shows?"""
        return self.waits_for in ("fetch", "log-in")


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
        found, kinds = [], _Kinds(self._nature, self._account)
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


def differs(field: Field) -> bool:
    """Is it another name than the PBX's present one, or will it be another soon?"""
    return field.waits_for != ""


# --- Which devices to look at --------------------------------------------------------------------------------------


def suspects(nature: Nature, state: WorldState, account: Account, kinds: _Kinds) -> Iterator[Device]:
    """The devices that may show an old name, in their order. One that was told what is there now, and has no settings
    that touch its names, shows no old one: whatever it shows, another restart would not change it."""
    pbx, told, frozen = state.pbx, state.told.get, state.rendered.get
    entity: Callable[[str | None], Any] = state.pbx.entities.get  # type: ignore[assignment]
    offset, any_frozen = nature.offset(account.timezone, state.now), bool(state.rendered)
    plain = frozenset(model.name for model in models.MODELS if kinds[model.name].plain)
    # Nearly all end here. Table by table, not device by device: what three tables hold of one device lies far apart in
    # memory, and a table that is asked ten thousand times in a row stays in the processor's cache (half the time).
    ids = _ids(nature, pbx, account)
    mades = list(map(told, ids, repeat(UNTOLD)))
    devices = list(map(entity, ids))
    owners = list(map(entity, [device.owner for device in devices]))
    others = [
        device
        for made, device, owner in zip(mades, devices, owners, strict=True)
        if made.device is not device
        or made.owner is not owner
        or made.account is not account
        or (any_frozen and frozen(device.id, made) is not made)
        or made.named
        or made.offset != offset
        or device.settings
        or device.model not in plain
    ]
    for device in others:
        if _may_differ(state, kinds[device.model], device, told(device.id), offset):
            yield device


def _ids(nature: Nature, pbx: State, account: Account) -> tuple[str, ...]:
    """The account's devices in their order. Remembered as long as their list is the very same."""
    index = pbx.order.get((account.id, NOUNS[Device]), EMPTY)
    known = nature.listed.get(account.id)
    if known is None or known[0] is not index:
        ids = (item[item.rindex("\0") + 1 :] for item in index)
        known = nature.listed[account.id] = (index, tuple([pbx.entities[id_].id for id_ in ids]))
    return known[1]


def _may_differ(state: WorldState, kind: _Kind, device: Device, made: Made | None, offset: int) -> bool:
    phone = state.phones.get(device.mac)
    if kind.frozen:
        frozen = state.rendered.get(device.id)
        if kind.mode == "at_login":
            if frozen is None:  # nobody is logged in; or somebody was, and the phone has not been told
                return phone is not None and _label(phone) is not None
            made = frozen
        elif made is not frozen:
            return True
    if made is None:
        return phone is not None
    return kind.settings or kind.touched(device) or made.offset != offset or not made.current(state.pbx)


class _Kinds(dict[str, "_Kind"]):
    """By model."""

    def __init__(self, nature: Nature, account: Account) -> None:
        self._nature, self._account = nature, account

    def __missing__(self, model: str) -> _Kind:
        self[model] = kind = _Kind(self._nature, self._account, model)
        return kind


class _Kind:
    """What all devices of one model in an account have in common."""

    def __init__(self, nature: Nature, account: Account, model: str) -> None:
        self.model = models.find(model)
        self.vendor = VENDORS[self.model.vendor]
        self.mode = nature.platforms[account.platform].renders(account, self.model.vendor)
        self.frozen = self.mode != "live"
        self.own = self.vendor.own_file
        self.settings = _touches(dict(account.settings).get(self.model.vendor, ()))
        self.plain = self.mode != "at_login" and not self.settings

    def touched(self, device: Device) -> bool:
        """Do the device's own settings touch what it shows, or what it takes from the server?"""
        return _touches(dict(device.settings).get(self.model.vendor, ()))


_TOUCHING = ("label", "name", "provision", "protect", "digest", "server", "http", "type", "enable", "dynamic")


def _touches(pairs: tuple[tuple[str, str], ...]) -> bool:
    return any(word in key for key, _ in pairs for word in _TOUCHING)


# --- One device, closely -------------------------------------------------------------------------------------------


class Look:
    """Every name on one device, wherever it is on its way."""

    def __init__(self, nature: Nature, state: WorldState, device: Device, kind: _Kind | None = None) -> None:
        self.nature, self.state, self.device = nature, state, device
        account = state.pbx.accounts[device.account]
        self.kind = kind or _Kind(nature, account, device.model)
        self._said: dict[int, tuple[Texts, Texts]] = {}
        self.phone: Phone | None = state.phones.get(device.mac)
        self.present = plans.made_of(state.pbx, device, nature.offset(account.timezone, state.now))
        self.rendered = state.rendered.get(device.id) if self.kind.frozen else None
        # What its phone was told was made of. (At a log-in it is told by other means than a file.)
        self.made = self.rendered if self.kind.mode == "at_login" else state.told.get(device.id)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All its names: the label, the display name, each key's."""
        pbx = self.texts(self.present)
        if not pbx and (self.phone is None or self.shown is None):
            return ()  # nobody is logged in, and nothing shows
        rendered, downloaded = self._frozen(), None if self.made is None else self.texts(self.made)
        now, after = self.said, self._after()
        fields = []
        seen = [name for name, text in (now or {}).items() if text]
        for name in _in_order({*pbx, *(rendered or ()), *(downloaded or ()), *seen}):
            there = _At(
                self.wanted(self.present, name),
                pbx.get(name, ""),
                None if rendered is None else rendered.get(name, ""),
                None if downloaded is None else downloaded.get(name, ""),
                None if now is None else now.get(name),
                None if after is None else after.get(name),
            )
            fields.append(
                Field(
                    name,
                    there.pbx,
                    there.rendered,
                    there.downloaded,
                    self._applied(name),
                    None if name == DISPLAY_NAME else there.now,
                    there.after,
                    self._waits_for(there),
                )
            )
        return tuple(fields)

    def _frozen(self) -> Texts | None:
        """What the kept file says: read, where it is older than this process."""
        if not self.kind.frozen:
            return None
        if self.rendered is not None:
            return self.texts(self.rendered)
        body = self.state.files.get(self.device.id, NOTHING).get(self.kind.own(self.device.mac))
        if body is None:
            return None
        pairs = dict(self.kind.vendor.read(body))
        return {name: pairs.get(self._key(name), "") for name in self._base(self.present)}

    def _waits_for(self, there: _At) -> WaitsFor:
        if self.phone is None:
            told = there.rendered if self.kind.frozen else there.fresh
            if there.downloaded not in (None, told):
                return "fetch"
            if there.downloaded is None or told == there.fresh:
                return ""
            return "log-in" if self.kind.mode == "at_login" else "save"
        if (there.after or "") != (there.now or ""):
            return "log-in" if self.visitor else "fetch"
        if there.now in (None, there.pbx):
            return ""
        return "save" if self.kind.mode == "at_save" and there.rendered != there.fresh else "phone"

    # --- What files say ----------------------------------------------------------------------------------------

    def texts(self, made: Made) -> Texts:
        """field -> what a file made of these says; {} where there would be none."""
        return self._says(made)[0]

    def wanted(self, made: Made, name: str) -> str:
        """What one of them should be: a setting that says nothing leaves it to the PBX."""
        texts, base = self._says(made)
        return texts.get(name) or base.get(name, "")

    def _says(self, made: Made) -> tuple[Texts, Texts]:
        """With its settings, and without."""
        said = self._said.get(id(made))
        if said is None:
            base, settings = self._base(made), self._settings(made)
            texts = {name: settings.get(self._key(name), text) for name, text in base.items()} if settings else base
            said = self._said[id(made)] = (texts, base)
        return said

    def _base(self, made: Made) -> dict[str, str]:
        """What the templates say."""
        clean, model = self.kind.vendor.clean, self.kind.model
        if self.kind.mode == "at_login":
            visitor = visitor_of(made)
            if visitor is None:
                return {}
            label = plans.label(self.nature, made.account, made.device, visitor, visiting=True)
        else:
            label = plans.label(self.nature, made.account, made.device, made.owner)
        text = clean(label)
        texts = {LABEL: text, DISPLAY_NAME: text}
        if not made.named:
            return texts
        users = {one.id: one for one in made.named if type(one) is User}
        for key in made.named:
            if type(key) is BlfKey and key.position <= model.positions:
                user = users.get(key.user or "")
                text = "" if user is None else clean(key.label or name_of(user)) or clean(user.extension)
                texts[f"blf {key.position}"] = text
        return texts

    def _settings(self, made: Made) -> dict[str, str]:
        if not made.account.settings and not made.device.settings:
            return {}
        vendor, name = self.kind.vendor, self.kind.model.vendor
        pairs = (*dict(made.account.settings).get(name, ()), *dict(made.device.settings).get(name, ()))
        return {key: vendor.clean(value) for key, value in pairs}

    def _key(self, name: str) -> str:
        """The configuration key that a field stands in."""
        vendor = self.kind.vendor
        if name == LABEL:
            return vendor.LABEL
        return vendor.DISPLAY_NAME if name == DISPLAY_NAME else vendor.key_label(self.kind.model, _position(name))

    # --- What the phone says -----------------------------------------------------------------------------------

    @property
    def shown(self) -> str | None:
        """The label that is on the screen; None for a phone that shows none."""
        return None if self.phone is None else _label(self.phone)

    def _applied(self, name: str) -> str | None:
        return None if self.phone is None else self.phone.settings.get(self._key(name))

    @property
    def said(self) -> Mapping[str, str | None] | None:
        """field -> what the phone shows now; None for one that is not emulated."""
        return None if self.phone is None else self._said_by(self.phone)

    def _said_by(self, phone: Phone) -> dict[str, str | None]:
        """field -> what a phone shows, or (the display name) sends along with its calls."""
        label = _label(phone)
        if label is None:
            return {}
        said: dict[str, str | None] = {LABEL: label, DISPLAY_NAME: phone.settings.get(self._key(DISPLAY_NAME))}
        if self.present.device.last_key > 1:
            labels = {key.name: key.label for key in phone.keys}
            for position in range(2, self.kind.model.positions + 1):
                kind, number = self.kind.model.key_at(position)
                said[f"blf {position}"] = labels.get(f"{kind}{number}", "")
        return said

    def _after(self) -> Mapping[str, str | None] | None:
        """What the phone would show after a restart, and after whoever is logged in has logged in again."""
        if self.phone is None:
            return None
        served = self.present if not self.kind.frozen else self.rendered
        if served is not None and self._is_plain(self.phone, served):
            return self.texts(served)
        if self.phone.phase != "idle":
            return self.said
        world = bench.on_bench(self.nature, self.state, self.device)
        bench.restarted(world, self.device, self.visitor)
        return self._said_by(world.state.phones[self.device.mac])

    def _is_plain(self, phone: Phone, served: Made) -> bool:
        """Is it sure, without trying, that the phone would take what the file says? It is for a phone that has applied
        the last file it fetched, would fetch another one now, and of which nobody has changed anything."""
        device, flash, made = self.device, phone.flash, self.made
        if self.kind.mode == "at_login" or phone.phase != "idle" or flash.local.keys or self._settings(served):
            return False
        own = self.kind.own(device.mac)
        download = self.state.downloads.get((device.id, own))
        if made is None or download is None or self._settings(made):
            return False
        if (own, download.etag.strip('"')) not in flash.digests:
            return False
        staged = plans.staging(self.nature, self.state.pbx, device)
        if (flash.url, flash.username, flash.password) != staged:
            return False
        texts = self.texts(served)
        return bool(texts[LABEL]) and texts != self.texts(made)

    @property
    def visitor(self) -> str:
        """The extension of whoever is logged in at the phone and could log in again; '' for nobody."""
        user = visitor_of(self.present) if self.kind.mode == "at_login" else None
        box = mailbox_of(self.state.pbx, user) if user is not None else None
        return user.extension if user is not None and box and (box.id, "pin") in self.state.pbx.secrets else ""

    def involved(self, name: str) -> list[str]:
        """The ids of what a field's text comes from."""
        pbx = self.present
        if name in (LABEL, DISPLAY_NAME):
            person = visitor_of(pbx) if self.kind.mode == "at_login" else pbx.owner
            desks = [one.id for one in pbx.named if type(one) is HotDesk]
            return [self.device.id, self.device.account, *desks, *([person.id] if person else [])]
        keys = [one for one in pbx.named if type(one) is BlfKey and one.position == _position(name)]
        return [self.device.id, *(id_ for key in keys for id_ in (key.id, key.user) if id_)]


class _At(Struct, frozen=True, gc=False):
    """One name at each station of its way."""

    pbx: str
    fresh: str  # in a file that was made now: '' where a setting leaves the phone what it has
    rendered: str | None
    downloaded: str | None
    now: str | None
    after: str | None


def visitor_of(made: Made) -> User | None:
    """Whoever was logged in at the device."""
    desk = next((one for one in made.named if type(one) is HotDesk), None)
    return next((one for one in made.named if desk is not None and one.id == desk.user), None)


def _label(phone: Phone) -> str | None:
    """Line 1's label, where the phone has come up and nothing hides it for good."""
    if phone.phase != "idle" or not phone.lines or any(page.locked for page in phone.pages):
        return None
    return phone.lines[0].account.label


def _position(name: str) -> int:
    return int(name.rpartition(" ")[2])


def _in_order(names: set[str]) -> list[str]:
    keys = sorted(_position(name) for name in names - {LABEL, DISPLAY_NAME})
    return [name for name in (LABEL, DISPLAY_NAME) if name in names] + [f"blf {position}" for position in keys]
