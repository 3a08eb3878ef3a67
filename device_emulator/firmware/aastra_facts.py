"""What is known of Aastra's and Mitel's firmware: its rows of the table of facts.

A row stands where its behaviour can be found by name: `known.TRIES.of(model)`.
"""

from __future__ import annotations

from device_emulator.facts import Fact

BOOT_MS = Fact(
    "aastra.boot-ms",
    "aastra",
    "From power to the first request it takes this many milliseconds.",
    "unverified",
    "no vendor publishes it; about what a desk phone of that size takes",
    15_000,
    20_000,
)
FLASH_MS = Fact(
    "aastra.flash-ms",
    "aastra",
    "A configuration that differs from the old one takes this many milliseconds to write; a power cut meanwhile leaves "
    "the old one.",
    "unverified",
    "no vendor publishes it",
    1_000,
    3_000,
)
TRIES = Fact(
    "aastra.404.tries",
    "aastra",
    "A file that is not there is asked for this many times before the phone goes on without it.",
    "decided",
    "no document speaks of a second request",
    1,
    2,
)
ANSWER_MS = Fact(
    "aastra.files.answer-ms",
    "aastra",
    "At a boot it waits this many milliseconds for a file.",
    "unverified",
    "no vendor publishes it; what is said of XML answers stands for it",
    30_000,
    10_000,
)
REDIRECTS = Fact(
    "aastra.redirects",
    "aastra",
    "It follows this many redirects, one after the other.",
    "unverified",
    "no vendor publishes it",
    5,
    0,
)
SCHEMES = Fact(
    "aastra.auth.schemes",
    "aastra",
    "A server that asks for credentials is answered in one of these ways; the stronger one if it offers both.",
    "source code",
    "the administrator guide 41-001343 speaks of digest; a fork of FusionPBX gives these phones Basic",
    ("digest", "basic"),
    ("basic",),
)
SIP_AGENT = Fact(
    "aastra.agent.sip",
    "aastra",
    "So it names itself in SIP requests.",
    "unverified",
    "put together from what it says by HTTP",
    "{brand} {product}/{version}",
    "{brand} {product} {version}",
)
