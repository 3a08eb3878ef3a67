"""One device, closely: every name on it, at each station of its way from the PBX to the screen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from device_emulator.phone import Phone
from pbxsim.core.directory import name_of
from pbxsim.core.entities import BlfKey, Device, HotDesk, User
from pbxsim.core.logins import mailbox_of
from pbxsim.core.state import NOTHING
from pbxsim.observe import bench
from pbxsim.observe.fields import DISPLAY_NAME, LABEL, Field, Texts, WaitsFor, label_of
from pbxsim.observe.suspects import Kind
from pbxsim.world import plans
from pbxsim.world.state import Made, Nature, WorldState


class Look:
    """Every name on one device, wherever it is on its way."""

    def __init__(self, nature: Nature, state: WorldState, device: Device, kind: Kind | None = None) -> None:
        self.nature, self.state, self.device = nature, state, device
        account = state.pbx.accounts[device.account]
        self.kind = kind or Kind(nature, account, device.model)
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
        return None if self.phone is None else label_of(self.phone)

    def _applied(self, name: str) -> str | None:
        return None if self.phone is None else self.phone.settings.get(self._key(name))

    @property
    def said(self) -> Mapping[str, str | None] | None:
        """field -> what the phone shows now; None for one that is not emulated."""
        return None if self.phone is None else self._said_by(self.phone)

    def _said_by(self, phone: Phone) -> dict[str, str | None]:
        """field -> what a phone shows, or (the display name) sends along with its calls."""
        label = label_of(phone)
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


def _position(name: str) -> int:
    return int(name.rpartition(" ")[2])


def _in_order(names: set[str]) -> list[str]:
    keys = sorted(_position(name) for name in names - {LABEL, DISPLAY_NAME})
    return [name for name in (LABEL, DISPLAY_NAME) if name in names] + [f"blf {position}" for position in keys]
