"""The keys of an Aastra that count from its next boot on, however they are set."""

from __future__ import annotations

from functools import lru_cache

from device_emulator.facts import Fact
from device_emulator.models import Model

AT_BOOT = Fact(
    "aastra.keys.at-boot",
    "aastra",
    "Network, VLAN, download server and `http digest` keys count from the next boot on, also when a person or an XML "
    "object sets them.",
    "vendor guide",
    "administrator guide 41-001343, appendix A: the phone must be rebooted after setting these",
    True,
    False,
)

_NAMES = frozenset(
    (
        "dhcp",
        "dhcp config option override",
        "ip",
        "subnet mask",
        "default gateway",
        "dns1",
        "dns2",
        "tagging enabled",
        "priority non-ip",
        "lldp",
        "upnp manager",
        "download protocol",
        "tftp server",
        "tftp path",
        "alternate tftp server",
        "use alternate tftp server",
        "https validate certificates",
        "contact rcs",
        "admin password",
    )
)
_GROUPS = ("vlan id", "ftp ", "http ", "https ", "ethernet port")


@lru_cache(maxsize=4096)
def needs_reboot(model: Model, key: str) -> bool:
    """Whether the key counts from the next boot on only."""
    return (key in _NAMES or key.startswith(_GROUPS)) and AT_BOOT.of(model)
