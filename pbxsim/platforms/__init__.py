"""The hosted PBXs: one file each, filled from its help article and public sources."""

from __future__ import annotations

from collections.abc import Mapping

from pbxsim.core.platform import Platform, Rule
from pbxsim.platforms.customer_portal import CUSTOMER_PORTAL
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.jet import JET
from pbxsim.platforms.netsapiens import NETSAPIENS
from pbxsim.platforms.piston import PISTON
from pbxsim.platforms.users_page import USERS_PAGE

_ALL = (PISTON, JET, NETSAPIENS, CUSTOMER_PORTAL, USERS_PAGE)
PLATFORMS: Mapping[str, Platform] = {platform.name: platform for platform in _ALL}


def all_rules() -> tuple[Rule, ...]:
    """Every rule once: the general ones, then each platform's."""
    rules = {rule.id: rule for rule in GENERAL}
    for platform in PLATFORMS.values():
        rules |= {rule.id: rule for rule in platform.rules}
    return tuple(rules.values())


__all__ = ["GENERAL", "PLATFORMS", "all_rules"]
