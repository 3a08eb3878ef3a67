"""What may be asked of what is around the PBX and its phones: the network they stand in, and what goes wrong there."""

from __future__ import annotations

from pbxsim.core.commands.base import Command
from pbxsim.core.faults import AnyFault
from pbxsim.core.fields import Line, OffersField
from pbxsim.core.values import Mac


class SetFaults(Command, frozen=True):
    """From now on these are in force, and no others."""

    faults: tuple[AnyFault, ...] = ()


class SetNetwork(Command, frozen=True):
    """What the network tells every phone that asks where its configuration is: DHCP options by number, or `pnp`."""

    offers: OffersField


class ConnectPhone(Command, frozen=True):
    """Take a phone to another network, which tells it this; None takes it back to the one of all phones."""

    phone: Mac
    offers: OffersField | None = None


class SetRedirect(Command, frozen=True):
    """The vendor's redirect service tells that phone where its configuration is: at a device's server, or at a URL,
    which may carry credentials."""

    mac: Mac
    device: str | None = None
    url: Line = ""


class RemoveRedirect(Command, frozen=True):
    mac: Mac
