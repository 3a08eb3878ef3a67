"""pbxsim: a hosted PBX, its provisioning server and its desk phones, simulated.

    from pbxsim import Refused, World

A `World` is the whole of it in process: no socket, no event loop, no file. `pbxsim serve` puts one behind HTTP.
"""

from __future__ import annotations

from pbxsim.core.commands import OPERATOR, SERVICE_DESK
from pbxsim.core.refusals import (
    Blocker,
    Fault,
    Forbidden,
    ForeignHandle,
    Gone,
    Invalid,
    NotFound,
    NotReady,
    NotSettled,
    PbxsimError,
    Refused,
)
from pbxsim.world import World

__version__ = "0.1.0"

__all__ = [
    "OPERATOR",
    "SERVICE_DESK",
    "Blocker",
    "Fault",
    "Forbidden",
    "ForeignHandle",
    "Gone",
    "Invalid",
    "NotFound",
    "NotReady",
    "NotSettled",
    "PbxsimError",
    "Refused",
    "World",
]
