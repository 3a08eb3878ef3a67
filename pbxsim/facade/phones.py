"""The emulated phones: cables, keys and screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pbxsim.core import commands as c
from pbxsim.core.faults import ClonedMac
from pbxsim.core.refusals import Blocker, Forbidden, Gone, NotFound
from pbxsim.core.values import mac as parse_mac
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle

if TYPE_CHECKING:
    from device_emulator.messages import HttpReply
    from pbxsim.facade.devices import Device


class Phone(Handle):
    """An emulated phone: the hardware. Its id is its MAC address; every attribute is the phone's own."""

    __slots__ = ()

    def snapshot(self) -> Any:
        """The phone as a value."""
        phone = self._view.world.state.phones.get(self.id)
        if phone is None:
            raise Gone("phone", self.id)
        return phone

    @property
    def exists(self) -> bool:
        """Is it still there?"""
        return self.id in self._view.world.state.phones

    def _shown(self) -> str:
        phone = self.snapshot()
        return f"{phone.model.name}, {phone.phase}"

    def power_on(self) -> None:
        """Plug the cable in: the phone boots."""
        self._do(c.PowerPhone, on=True)

    def power_off(self) -> None:
        """Pull the cable: nothing is sent, and the PBX learns nothing until the registration expires."""
        self._do(c.PowerPhone, on=False)

    def power_cycle(self) -> None:
        """Pull the cable and plug it in again."""
        self.power_off()
        self.power_on()

    def network_off(self) -> None:
        """Pull the network cable: the phone has power and shows what it can, and nothing that is sent arrives."""
        self._do(c.CablePhone, on=False)

    def network_on(self) -> None:
        """Plug the network cable in again."""
        self._do(c.CablePhone, on=True)

    def log_in(self, extension: str, pin: str, *more: str) -> None:
        """Type both into the log-in prompt; `more` is for one that asks for more, field by field, as a hot desk's does.
        Raises NotReady, with the screen's text, when no prompt is up; a wrong PIN raises nothing: the screen says so.
        """
        self._do(c.TypeAtPhone, fields=(extension, pin, *more))

    def log_out(self) -> None:
        """Press the key that a log-in has put there. Raises NotReady where nobody is logged in."""
        self._do(c.PressKey, key=c.LOG_OUT)

    def press(self, key: str) -> None:
        """A key by its name, its label, a soft key's text, or a digit in the middle of a call. Raises NotReady for one
        that nothing asks for now."""
        self._do(c.PressKey, key=key)

    def dial(self, number: str) -> None:
        """Call a number: an extension, a feature code, a number as people write it. Raises NotReady while no line is
        registered or there is a call already; that nobody answers is no error: the screen says so."""
        self._do(c.DialAtPhone, number=number)

    def answer(self) -> None:
        """Take the call that rings. Raises NotReady when none does."""
        self._do(c.PressKey, key=c.ANSWER)

    def reject(self) -> None:
        """Send the call away that rings: its caller hears busy. Raises NotReady when none does."""
        self._do(c.PressKey, key=c.REJECT)

    def hang_up(self) -> None:
        """End the call, or stop calling. Raises NotReady when there is neither."""
        self._do(c.PressKey, key=c.END_CALL)

    def set_locally(self, key: str, value: str) -> None:
        """Change a configuration key in the phone's own menu."""
        self._do(c.SetAtPhone, key=key, value=value)

    def factory_reset(self) -> None:
        """Jet's "reset any Yealink phone": it un-registers every account and forgets its server."""
        self._do(c.FactoryResetPhone)

    def stage(self, device: Device | str | None = None, **where: str) -> None:
        """Enter a provisioning server, as an installer does: that of a device, or `url=`, `username=`, `password=`."""
        self._do(c.StagePhone, **({"device": device} if device is not None else where))

    def connect(self, offers: Mapping[str, str] | None = None) -> None:
        """Take it to another network, which tells it this at its next boot, such as `{"66": URL}`; without offers, back
        to the world's."""
        self._do(c.ConnectPhone, offers=offers)

    def visit(self, path: str, source: str = "127.0.0.1", body: str = "") -> HttpReply:
        """Ask its own web server, as somebody at `source` does: `visit("/servlet?key=AutoP", "10.0.0.5")`. With a body
        it is a POST. Status 0 where nobody answers. The operator's alone, as all that no platform has a role for."""
        actor = self._view.actor
        if actor != c.OPERATOR:
            blocker = Blocker("role", str(actor), str(actor), "Ask the operator.")
            raise Forbidden("pbx.role", f"{actor} may not do this", "a phone's own pages are the operator's", [blocker])
        return self._view.world.visit(self.id, path, source, body.encode(errors="replace"))

    def _do(self, command: type[Any], **values: Any) -> None:
        self._view.ask(command, {"phone": self.id, **values})


class Phones(Collection[Phone]):
    """`phones.add(device)` stages a phone as an installer does; `phones.add(model=..., mac=...)` is a bare one."""

    handle, adds, deletes = Phone, c.AddPhone, c.RemovePhone
    positional = ("device",)

    def _find(self, key: str) -> str | None:
        try:
            canonical = parse_mac(key)
        except ValueError:
            return None
        return canonical if canonical in self._view.world.state.phones else None

    def __getitem__(self, key: str) -> Phone:
        found = self.get(key)
        if found is None:
            raise NotFound("phone", key, "Put one on a desk first: phones.add(device).")
        return found

    def __iter__(self) -> Iterator[Phone]:
        """By MAC address; without the second phone of a cloned one, which has none of its own: it is the fault's."""
        state = self._view.world.state
        return (self._handle(mac) for mac in sorted(state.phones) if mac == state.phones[mac].mac)

    def __len__(self) -> int:
        state = self._view.world.state
        clones = sum(type(one.fault) is ClonedMac and one.memory in state.phones for one in state.faults)
        return len(state.phones) - clones
