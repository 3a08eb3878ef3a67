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
