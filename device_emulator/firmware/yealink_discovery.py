"""How a Yealink finds its provisioning server, and what it demands of it.

First what the vendor's redirect service says, and that only to a phone that is as it left the factory; then what the
network offers, in the vendor's order; then what the phone remembers. The rows say so; the functions read them.
"""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware.contract import Flash, Offers
from device_emulator.firmware.textfile import Settings
from device_emulator.models import Model

GUIDE = "vendor's auto provisioning guide, V61 and later: how the server's address is obtained"

ORDER = Fact(
    "yealink.discovery.order",
    "yealink",
    "Of what the network offers, plug and play counts before a custom DHCP option, that before option 66, and that "
    "before option 43.",
    "vendor guide",
    GUIDE,
    ("pnp", "custom", "66", "43"),
    ("43", "66", "custom", "pnp"),
)
NETWORK_FIRST = Fact(
    "yealink.discovery.network-before-flash",
    "yealink",
    "What the network offers counts more than the server that the phone remembers.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
CUSTOM_OPTIONS = Fact(
    "yealink.discovery.custom-options",
    "yealink",
    "static.auto_provision.dhcp_option.list_user_options lists the custom DHCP options that the phone reads, as "
    "numbers and ranges (128-254); without the key it reads none.",
    "vendor guide",
    "vendor's auto provisioning guide: DHCP options; key list in public templates",
    "",
    "160",
)
PNP = Fact(
    "yealink.discovery.pnp-by-default",
    "yealink",
    "Plug and play is on until static.auto_provision.pnp_enable = 0.",
    "vendor guide",
    "vendor's auto provisioning guide: PnP server; key list in public templates",
    "1",
    "0",
)
DHCP = Fact(
    "yealink.discovery.dhcp-by-default",
    "yealink",
    "DHCP options are read until static.auto_provision.dhcp_option.enable = 0.",
    "vendor guide",
    "vendor's auto provisioning guide: DHCP options",
    "1",
    "0",
)
REDIRECT_ONCE = Fact(
    "yealink.discovery.redirect-as-from-factory",
    "yealink",
    "The redirect service is asked only by a phone that is as it left the factory, and by one with "
    "static.zero_touch.enable = 1.",
    "vendor guide",
    "vendor's auto provisioning guide: Zero Touch; redirect service documents of hosted PBXs",
    True,
    False,
)
REDIRECTOR = Fact(
    "yealink.discovery.redirect-service",
    "yealink",
    "The redirect service answers this URL, with the MAC after it, by a redirect to the customer's server.",
    "unverified",
    "what travels between phone and service is not published; a plain redirect stands for it",
    "https://rps.yealink.example/",
    "https://other.example/",
)
TRUST = Fact(
    "yealink.tls.trusted-only",
    "yealink",
    "Only certificates that it can verify are accepted until static.security.trust_certificates = 0.",
    "vendor guide",
    "vendor's administrator guide: trusted certificates; AstLinux wiki on self-signed servers",
    "1",
    "0",
)


def offered(model: Model, flash: Flash, offers: Offers) -> str:
    """Without a scheme an address means TFTP (vendor guide), which `boot.ask` says that this phone does not speak."""
    if flash.url and not NETWORK_FIRST.of(model):
        return ""
    settings = flash.settings
    pnp = _said(settings, "auto_provision.pnp_enable", PNP.of(model)) == "1"
    dhcp = _said(settings, "auto_provision.dhcp_option.enable", DHCP.of(model)) == "1"
    custom = _numbers(_said(settings, "auto_provision.dhcp_option.list_user_options", CUSTOM_OPTIONS.of(model)))
    found: dict[str, str] = {}
    for source, url in offers:
        if source == "pnp":
            kind = "pnp" if pnp else ""
        elif not dhcp:
            kind = ""
        else:
            kind = source if source in ("66", "43") else "custom" if _within(source, custom) else ""
        if kind and url:
            found.setdefault(kind, url)
    url = next((found[kind] for kind in ORDER.of(model) if kind in found), "")
    return url if "://" in url or not url else f"tftp://{url}"


def _said(settings: Settings, key: str, default: str) -> str:
    static, plain = settings.some((f"static.{key}", key))
    return static or plain or default


def _numbers(text: str) -> tuple[tuple[int, int], ...]:
    """`128-254,160`: ranges; what is no number is no option."""
    ranges = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdecimal() and len(first) < 4 and (not last or (last.isdecimal() and len(last) < 4)):
            ranges.append((int(first), int(last or first)))
    return tuple(ranges)


def _within(source: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return source.isdecimal() and any(first <= int(source) <= last for first, last in ranges)


def redirector(model: Model, mac: str, flash: Flash, offers: Offers) -> str:
    """A phone that has been staged, or has ever applied a configuration, is not as it left the factory."""
    fresh = not flash.url and not flash.digests
    asked = fresh or not REDIRECT_ONCE.of(model) or _said(flash.settings, "zero_touch.enable", "0") == "1"
    return f"{REDIRECTOR.of(model)}{mac}" if asked else ""


def checks_certificates(model: Model, settings: Settings) -> bool:
    """See the fact."""
    return _said(settings, "security.trust_certificates", TRUST.of(model)) != "0"
