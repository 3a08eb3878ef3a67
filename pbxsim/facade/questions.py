"""Questions about a whole world: who still shows an old name (X2)?

The one place of the façade that looks up: `observe` answers by trying things on worlds of its own. Nothing imports this
file before the first question is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbxsim.core.entities import Account, Device
from pbxsim.observe.staleness import Staleness
from pbxsim.observe.suggest import Suggestion, suggest

if TYPE_CHECKING:
    from pbxsim.world import World


def staleness(world: World, account: Account) -> Staleness:
    """Who shows what, device by device and field by field."""
    return Staleness(world.nature, world.state, account)


def suggestion(world: World, device: Device) -> Suggestion:
    """The cheapest thing that brings a device up to date, tried on a fork."""
    return suggest(world.nature, world.state, device)
