"""What is around the phones: the network that they stand in, and what goes wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from pbxsim.core import commands as c
from pbxsim.core.faults import AnyFault
from pbxsim.facade.handles import Handle

if TYPE_CHECKING:
    from pbxsim.facade import View
    from pbxsim.facade.devices import Device
    from pbxsim.facade.phones import Phone


class Faults:
    """What is wrong at present: `world.faults.add("server-error", status=503, phones=[phone])`. A fault without phones
    concerns all. The kinds and their fields stand in `pbxsim.core.faults`."""

    def __init__(self, view: View) -> None:
        self._view = view

    def add(self, kind: str, **values: Any) -> AnyFault:
        """Put one more in force; the fault as a value."""
        self._set([*map(to_builtins, self), {"kind": kind, **values}])
        return list(self)[-1]

    def remove(self, fault: AnyFault) -> None:
        """It is over."""
        self._set([to_builtins(one) for one in self if one != fault])

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._set([])

    def _set(self, faults: list[Any]) -> None:
        self._view.ask(c.SetFaults, {"faults": faults})

    def __iter__(self) -> Iterator[AnyFault]:
        return (one.fault for one in self._view.world.state.faults)

    def __len__(self) -> int:
        return len(self._view.world.state.faults)

    def __repr__(self) -> str:
        return f"<Faults: {', '.join(map(repr, self)) or 'none'}>"


class Network:
    """The network of all phones that stand in none of their own, and the vendors' redirect services."""

    def __init__(self, view: View) -> None:
        self._view = view

    @property
    def offers(self) -> dict[str, str]:
        """What it tells a phone that asks where its configuration is: DHCP options by number, or `pnp`."""
        return dict(self._view.world.state.network.offers)

    def offer(self, offers: Mapping[str, str]) -> None:
        """Tell phones that from now on: `offer({"66": "http://pbx.example/provision/acme/"})`. They ask at a boot."""
        self._view.ask(c.SetNetwork, {"offers": offers})

    @property
    def redirects(self) -> dict[str, str]:
        """What the redirect services know: device id or URL, by MAC address."""
        redirects = self._view.world.state.network.redirects
        return {mac: redirects[mac].device or redirects[mac].url for mac in sorted(redirects)}

    def redirect(self, phone: Phone | Device | str, *, to: Device | str | None = None, url: str = "") -> None:
        """Let the vendor's redirect service send a phone to a device's server, which is its own device's if nothing is
        said, or to a URL, which may carry credentials."""
        mac = _mac(phone)
        where: dict[str, Any] = {"url": url} if url else {"device": to or self._view.world.pbx.find("mac", "", mac)}
        self._view.ask(c.SetRedirect, {"mac": mac, **where})

    def forget(self, phone: Phone | Device | str) -> None:
        """The redirect service knows nothing of that phone any more."""
        self._view.ask(c.RemoveRedirect, {"mac": _mac(phone)})


def _mac(phone: Any) -> str:
    return str(phone.mac) if isinstance(phone, Handle) else phone
