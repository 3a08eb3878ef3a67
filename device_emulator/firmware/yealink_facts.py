"""What is known of Yealink's firmware, first part: how long it waits, how it asks, who it says it is, what it shows.

A row stands where its behaviour can be found by name: `known.TRIES.of(model)`. The other parts lie beside this one:
files and their syntax, personal settings and encryption, triggers and remote control, keys and hot desking, reboots.
"""

from __future__ import annotations

from typing import TypeVar

from device_emulator.facts import Evidence, Fact, Release

T = TypeVar("T", bool, int, str, tuple[str, ...])

GUIDE = "vendor's auto provisioning guides, V81 to V86"
FUSIONPBX = "FusionPBX's Yealink templates"
WAZO = "wazo-provd's Yealink plugins"


def row(
    id: str,
    text: str,
    evidence: Evidence,
    source: str,
    value: T,
    other: T,
    since: Release = (),
    before: Release = (),
    otherwise: T | None = None,
) -> Fact[T]:
    """A fact of Yealink's."""
    return Fact(f"yealink.{id}", "yealink", text, evidence, source, value, other, since, before, otherwise)


# ---- time

BOOT_MS = row(
    "boot-ms",
    "From power to the first request it takes this many milliseconds.",
    "unverified",
    "no vendor publishes it; about what a desk phone of that size takes",
    10_000,
    20_000,
)
FLASH_MS = row(
    "flash-ms",
    "A configuration that differs from the old one takes this many milliseconds to write; a power cut meanwhile leaves "
    "the old one.",
    "unverified",
    "no vendor publishes it",
    1_000,
    3_000,
)
FIRMWARE_MS = row(
    "firmware.flash-ms",
    "New firmware takes this many milliseconds more to write; a power cut meanwhile leaves the old one.",
    "unverified",
    "no vendor publishes it",
    60_000,
    120_000,
)

# ---- requests

TRIES = row(
    "404.tries",
    "A file that is not there is asked for this many times before the phone goes on without it.",
    "public page",
    "vendor support text on auto provisioning: three requests make sure that a file really does not exist",
    3,
    1,
)
TRIES_KEY = row(
    "404.tries-key",
    "This setting, from 1 to 10, says how many times.",
    "source code",
    f"{FUSIONPBX}; range and default in the {GUIDE}",
    "auto_provision.attempt_before_failed",
    "auto_provision.attempts",
)
RETRY_MS = row(
    "404.retry-ms",
    "Between two such requests it waits this many milliseconds.",
    "unverified",
    "the key retry_delay_after_file_transfer_failed is published, its default is not",
    5_000,
    1_000,
)
RETRY_KEY = row(
    "404.retry-key",
    "This setting says how many seconds it waits between two such requests.",
    "source code",
    FUSIONPBX,
    "auto_provision.retry_delay_after_file_transfer_failed",
    "auto_provision.retry_delay",
)
ABSENT = row(
    "404.not-fatal",
    "A file that is not there (404) is left out, and the run goes on with the others.",
    "issue",
    "FusionPBX issue 1914: a common file that was missing cost the remote phone book's settings, and nothing else",
    True,
    False,
)
ERROR_ENDS = row(
    "error.ends-run",
    "Any other failure (no answer, 5xx, 401) ends the run; the old configuration stays whole, until the next trigger.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
ANSWER_MS = row(
    "answer-ms",
    "In a run it waits this many milliseconds for an answer.",
    "unverified",
    "the key attempt_expired_time is published, its default is not; examples set 5",
    5_000,
    20_000,
)
ANSWER_KEY = row(
    "answer-key",
    "This setting says how many seconds it waits for an answer.",
    "source code",
    FUSIONPBX,
    "auto_provision.attempt_expired_time",
    "auto_provision.timeout",
)
REDIRECTS = row(
    "redirects",
    "It follows this many redirects, one after the other.",
    "unverified",
    "no vendor publishes it",
    5,
    0,
)
WILDCARDS = row(
    "url.wildcards",
    "In the server's URL and in firmware's, these words stand for the product's name and the MAC.",
    "source code",
    f"{WAZO} (url_wildcard.pn), FusionPBX's firmware addresses",
    ("$PN", "$MAC"),
    (),
)

# ---- who it says it is

MAC_BY_HTTP = row(
    "agent.http-mac",
    "auto_provision.user_agent_mac.enable is this by default: the User-Agent of HTTP requests ends with the MAC.",
    "source code",
    f"captured User-Agents in {WAZO}; FusionPBX knows a phone by it when it asks for a common file",
    "1",
    "0",
)
MAC_BY_SIP = row(
    "agent.sip-mac",
    "sip.mac_in_ua is this by default: the User-Agent of SIP requests does not tell the MAC.",
    "source code",
    f"{WAZO} and FusionPBX's templates set the key; how the MAC is written then is unverified",
    "0",
    "1",
)
SCHEMES = row(
    "auth.schemes",
    "A server that asks for credentials is answered in one of these ways; the stronger one if it offers both.",
    "source code",
    "FusionPBX challenges Yealinks with either",
    ("digest", "basic"),
    ("basic",),
)
PROMPT = row(
    "auth.prompt",
    "auto_provision.prompt.enable is this by default: without credentials, or with wrong ones, the phone asks for some "
    "on its screen; what is typed is kept, and the run starts again.",
    "unverified",
    "known of phones in use; the guides name the key, neither its default nor what is shown",
    "1",
    "0",
)

# ---- firmware

FIRMWARE_KEYS = row(
    "firmware.keys",
    "These settings name the firmware to run.",
    "source code",
    f"{FUSIONPBX}, {WAZO}",
    ("static.firmware.url", "firmware.url"),
    (),
)
UPGRADE = row(
    "firmware.upgrade",
    "A firmware URL that names another version than the phone runs makes it download, install and reboot.",
    "vendor guide",
    "T2 series auto provisioning guide, the upgrade by the common file",
    True,
    False,
)
UPGRADE_AGAIN = row(
    "firmware.run-again",
    "After an upgrade the phone does the run from the start: files that have not changed are applied again.",
    "vendor guide",
    "T2 series auto provisioning guide, the upgrade by the common file",
    True,
    False,
)
FIRMWARE_LAST = row(
    "firmware.last",
    "Settings come first and firmware last: settings hold even if the firmware cannot be fetched.",
    "public page",
    "vendor support text on auto provisioning",
    True,
    False,
)
FAMILY = row(
    "firmware.family",
    "Firmware whose first number is not that of the phone's own is of another family, and is not installed.",
    "inferred",
    f"{WAZO}: models of a family share the first number, and no model runs another's",
    True,
    False,
)

# ---- the idle screen

LABEL = row(
    "label",
    "The idle screen shows the first of these account settings that there is.",
    "issue",
    "FusionPBX pull request 6582 and issue 4043: with a label, the display name goes into SIP From only",
    ("label", "display_name", "user_name"),
    ("display_name", "label", "user_name"),
)
UNREGISTER = row(
    "unregister-on-reboot",
    "Without account.X.unregister_on_reboot a phone that reboots leaves its registration where it is.",
    "vendor guide",
    "administrator guides: account.X.unregister_on_reboot, 0 by default",
    "0",
    "1",
)
EXPIRES = row(
    "expires",
    "A registration is asked for so many seconds, if account.X.sip_server.Y.expires does not say otherwise.",
    "vendor guide",
    "administrator guides: account.X.sip_server.Y.expires",
    3_600,
    1_800,
)
