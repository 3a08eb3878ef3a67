"""Each answer comes late."""

from __future__ import annotations

from pbxsim.core.faults import Slow
from pbxsim.world.faults.behaviour import Behaviour


def _delay(fault: Slow) -> int:
    return fault.milliseconds


BEHAVIOUR = Behaviour(delay=_delay)
