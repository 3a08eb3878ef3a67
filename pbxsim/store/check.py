"""Is a world sound? Asked of a file (`pbxsim db check`) and of every snapshot that is to be restored.

The laws are those of `core/invariants.py`, by name, over a state whose indexes were made anew; besides, what only rows
can get wrong: counters that lag behind, a history with gaps, files of nobody. Each finding says what to do.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pbxsim.core.invariants import LAWS, indexes_are_true
from pbxsim.platforms import PLATFORMS
from pbxsim.store.schema import Header
from pbxsim.world.state import WorldState

RESTORE = "Restore a back-up from before (`pbxsim db backup` makes them); if there is none, tell the makers of pbxsim."
_ID = re.compile(r"[a-z]+([0-9]+)(?:\.[0-9]+)?")


class Finding(Struct, frozen=True):
    """One thing that is wrong: the `law` that it breaks, what, and what to do about it."""

    law: str
    what: str
    do: str = RESTORE


def findings(header: Header, state: WorldState) -> list[Finding]:
    """Everything that is wrong with a world as it was read; [] if it is sound."""
    strange = sorted({account.platform for account in state.pbx.accounts.values()} - PLATFORMS.keys())
    if strange:
        do = "Use a pbxsim that has this platform."
        return [Finding("platforms_are_known", f"there is no platform {name}", do) for name in strange]
    homeless = [
        Finding("entities_have_accounts", f"{id_} is in account {entity.account}, which is not there")  # type: ignore[union-attr]
        for id_, entity in state.pbx.entities.items()
        if entity.account not in state.pbx.accounts  # type: ignore[union-attr]
    ]
    if homeless:
        return sorted(homeless, key=lambda finding: finding.what)  # the laws take this for granted
    laws = [law for law in LAWS if law is not indexes_are_true]  # which were made just now, by whoever read the rows
    found = [Finding(law.__name__, what) for law in laws for what in law(state.pbx, PLATFORMS)]
    return [*found, *_counters(header, state), *_orphans(state)]


def _counters(header: Header, state: WorldState) -> list[Finding]:
    found = []
    highest = max((int(m[1]) for id_ in state.pbx.entities if (m := _ID.fullmatch(id_))), default=0)
    if header.last_id < highest:
        found.append(Finding("ids_are_given_once", f"the last id is {header.last_id}, and there is one of {highest}"))
    if header.recorded != state.recorded:
        what = f"{header.recorded} events were recorded, and the last one is {state.recorded}"
        found.append(Finding("history_has_no_gaps", what))
    elif any(record.number != number for number, record in state.history.items()):
        found.append(Finding("history_has_no_gaps", "an event is missing"))
    return found


def _orphans(state: WorldState) -> list[Finding]:
    """What belongs to somebody who is gone; harmless, and goes with the next thing that is done to its place."""
    do = "It does no harm: nobody is served it. Tell the makers of pbxsim."
    return [
        Finding("files_belong_to_devices", f"there are files of {device}, which is gone", do)
        for device in sorted(state.files)
        if device not in state.pbx.entities
    ]
