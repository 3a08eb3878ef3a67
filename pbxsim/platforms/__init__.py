"""The hosted PBXs: one file each, filled from its help article and public sources."""

from __future__ import annotations

from collections.abc import Mapping

from pbxsim.core.platform import Platform, Rule
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.jet import JET
from pbxsim.platforms.piston import PISTON

PLATFORMS: Mapping[str, Platform] = {platform.name: platform for platform in (JET, PISTON)}


def all_rules() -> tuple[Rule, ...]:
    """Every rule: the general ones, then each platform's."""
    return (*GENERAL, *(rule for platform in PLATFORMS.values() for rule in platform.rules))


__all__ = ["GENERAL", "PLATFORMS", "all_rules"]
