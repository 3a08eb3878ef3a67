"""How an Aastra or Mitel finds its configuration server, and what it demands of it.

What the network's DHCP offers counts before what somebody entered, unless the phone is told to leave it; the vendor's
redirect service is asked by a phone that is as it left the factory and is offered nothing.
"""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware.contract import Flash, Offers
from device_emulator.firmware.textfile import Settings
from device_emulator.models import Model

ORDER = Fact(
    "aastra.discovery.order",
    "aastra",
    "The configuration server is read from DHCP options 43, 66, 159 and 160, in this order.",
    "vendor guide",
    "vendor's administrator guide 6730i, chapter on DHCP download options (the order is inferred from the list)",
    ("43", "66", "159", "160"),
    ("160", "159", "66", "43"),
)
OVERRIDE = Fact(
    "aastra.discovery.override",
    "aastra",
    "With `dhcp config option override: -1` the phone leaves DHCP's server alone; another number is the one option "
    "that it reads.",
    "vendor guide",
    "vendor's administrator guide 6730i: DHCP download options",
    "-1",
    "-2",
)
CONTACT_RCS = Fact(
    "aastra.discovery.contact-rcs",
    "aastra",
    "The redirection server is contacted until `contact rcs: 0`.",
    "source code",
    "wazo-provd's templates for Aastra set contact rcs: 0 to switch it off",
    "1",
    "0",
)
RCS_WITHOUT_SERVER = Fact(
    "aastra.discovery.rcs-without-server",
    "aastra",
    "It is contacted only at the first boot, and only where no configuration server is known.",
    "unverified",
    "no public document says what happens where both are there",
    True,
    False,
)
REDIRECTOR = Fact(
    "aastra.discovery.redirect-service",
    "aastra",
    "The redirection server answers this URL, with the MAC after it, by a redirect to the customer's server.",
    "unverified",
    "what travels between phone and service is not published; a plain redirect stands for it",
    "https://rcs.aastra.example/",
    "https://other.example/",
)
VALIDATE = Fact(
    "aastra.tls.validate",
    "aastra",
    "Certificates are verified until `https validate certificates: 0`, their dates until `https validate expires: 0`.",
    "unverified",
    "the keys stand in public templates; their defaults are not published",
    "1",
    "0",
)


def offered(model: Model, flash: Flash, offers: Offers) -> str:
    """The first of the options that are read; an address without a scheme means TFTP."""
    override = flash.settings.get("dhcp config option override")
    if override and override == OVERRIDE.of(model):
        return ""
    found = dict(reversed(offers))
    read = (override,) if override.isdecimal() else ORDER.of(model)
    url = next((found[option] for option in read if found.get(option)), "")
    return url if "://" in url or not url else f"tftp://{url}"


def redirector(model: Model, mac: str, flash: Flash, offers: Offers) -> str:
    """A phone that was staged is told nothing by anybody else."""
    if (flash.settings.get("contact rcs") or CONTACT_RCS.of(model)) == "0":
        return ""
    known = bool(flash.url or flash.digests or offered(model, flash, offers))
    return "" if known and RCS_WITHOUT_SERVER.of(model) else f"{REDIRECTOR.of(model)}{mac.upper()}"


def checks_certificates(model: Model, settings: Settings) -> bool:
    """Whether an expired one ends the fetch: both keys must be on."""
    keys = ("https validate certificates", "https validate expires")
    return all((settings.get(key) or VALIDATE.of(model)) != "0" for key in keys)
