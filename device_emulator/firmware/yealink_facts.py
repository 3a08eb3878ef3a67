"""What is known of Yealink's firmware: its rows of the table of facts.

A row stands where its behaviour can be found by name: `known.TRIES.of(model)`.
"""

from __future__ import annotations

from device_emulator.facts import Fact

BOOT_MS = Fact(
    "yealink.boot-ms",
    "yealink",
    "From power to the first request it takes this many milliseconds.",
    "unverified",
    "no vendor publishes it; about what a desk phone of that size takes",
    10_000,
    20_000,
)
FLASH_MS = Fact(
    "yealink.flash-ms",
    "yealink",
    "A configuration that differs from the old one takes this many milliseconds to write; a power cut meanwhile leaves "
    "the old one.",
    "unverified",
    "no vendor publishes it",
    1_000,
    3_000,
)
TRIES = Fact(
    "yealink.404.tries",
    "yealink",
    "A file that is not there is asked for this many times before the phone goes on without it.",
    "public page",
    "vendor support text on auto provisioning: three requests make sure that a file really does not exist",
    3,
    1,
)
RETRY_MS = Fact(
    "yealink.404.retry-ms",
    "yealink",
    "Between two such requests it waits this many milliseconds.",
    "unverified",
    "the key retry_delay_after_file_transfer_failed is published, its default is not",
    5_000,
    1_000,
)
