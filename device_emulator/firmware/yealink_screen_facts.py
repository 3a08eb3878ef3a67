"""What is known of what a Yealink lights and says: rows of the table of facts.

A lamp's value is a colour, with `fast` or `slow` where it flashes; '' is dark. A text is what stands on the display.
"""

from __future__ import annotations

from device_emulator.facts import Fact

# ---- BLF keys

WATCH_SECONDS = Fact(
    "yealink.blf.period",
    "yealink",
    "Without `account.1.blf.subscribe_period` a BLF key subscribes for this many seconds.",
    "unverified",
    "the key is in many public templates, its default in none",
    1_800,
    3_600,
)
BLF_IDLE = Fact(
    "yealink.blf.idle",
    "yealink",
    "The lamp of a BLF key whose extension has no call.",
    "vendor guide",
    "auto provisioning guides V80 and later, BLF LED mode 0, which is the default; administrator guide of the T5 "
    "series",
    "green",
    "",
)
BLF_RINGING = Fact(
    "yealink.blf.ringing",
    "yealink",
    "The lamp of a BLF key whose extension rings: every 200 ms.",
    "vendor guide",
    "auto provisioning guides V80 and later, BLF LED mode 0, which is the default; administrator guide of the T5 "
    "series",
    "red fast",
    "red",
)
BLF_BUSY = Fact(
    "yealink.blf.busy",
    "yealink",
    "The lamp of a BLF key whose extension dials or talks.",
    "vendor guide",
    "auto provisioning guides V80 and later, BLF LED mode 0, which is the default; administrator guide of the T5 "
    "series",
    "red",
    "green",
)
BLF_NOBODY = Fact(
    "yealink.blf.nobody",
    "yealink",
    "The lamp of a BLF key whose extension does not exist, or of which nothing is known.",
    "vendor guide",
    "auto provisioning guides V80 and later, BLF LED mode 0, which is the default; administrator guide of the T5 "
    "series",
    "",
    "green",
)
BLF_QUIET = Fact(
    "yealink.blf.quiet-modes",
    "yealink",
    "Where `features.blf_led_mode` is one of these, a BLF key is dark while its extension has no call.",
    "vendor guide",
    "auto provisioning guides V80 and later, BLF LED modes 1, 2 and 3",
    "123",
    "0",
)

# ---- Lines

LINE_IDLE = Fact(
    "yealink.line-key.idle",
    "yealink",
    "The lamp of a line key without a call, registered or not.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "",
    "green",
)
LINE_RINGING = Fact(
    "yealink.line-key.ringing",
    "yealink",
    "The lamp of a line key whose line is called.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "green fast",
    "green",
)
LINE_BUSY = Fact(
    "yealink.line-key.busy",
    "yealink",
    "The lamp of a line key whose line dials or talks.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "green",
    "red",
)

# ---- The lamp at the top

LAMP_BOOTING = Fact(
    "yealink.power-lamp.booting",
    "yealink",
    "The power indicator while the phone starts.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "red",
    "",
)
LAMP_RINGING = Fact(
    "yealink.power-lamp.ringing",
    "yealink",
    "The power indicator while the phone rings.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "red fast",
    "red slow",
)
LAMP_MESSAGES = Fact(
    "yealink.power-lamp.messages",
    "yealink",
    "The power indicator while a voice mail waits.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions",
    "red slow",
    "red fast",
)
LAMP_DND = Fact(
    "yealink.power-lamp.dnd",
    "yealink",
    "The power indicator while the phone is told not to ring.",
    "vendor guide",
    "user guide of the SIP-T46G, LED instructions: none of its rows speaks of it",
    "",
    "red",
)

# ---- Words

BOOTING = Fact(
    "yealink.says.booting",
    "yealink",
    "On the display while the phone starts.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Initializing",
    "Welcome",
)
LOOKING = Fact(
    "yealink.says.looking",
    "yealink",
    "On the display while the phone asks the vendor's redirect service.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Looking for a server",
    "Connecting",
)
FETCHING = Fact(
    "yealink.says.fetching",
    "yealink",
    "On the display while files are fetched.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Updating configuration",
    "Updating",
)
WRITING = Fact(
    "yealink.says.writing",
    "yealink",
    "On the display while a configuration is written to flash.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Saving configuration",
    "Updating configuration",
)
NO_SERVER = Fact(
    "yealink.says.no-server",
    "yealink",
    "On the display of a phone that knows no server.",
    "unverified",
    "the words are general knowledge; they differ by release and language; a phone in use shows its idle screen",
    "No server",
    "No Service",
)
NO_SERVICE = Fact(
    "yealink.says.no-service",
    "yealink",
    "On the display while a line has no registrar that answers.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "No Service",
    "Network Unavailable",
)
DND = Fact(
    "yealink.says.dnd",
    "yealink",
    "On the display while the phone is told not to ring.",
    "unverified",
    "the words are general knowledge; they differ by release and language; most show an icon",
    "Do not disturb",
    "DND",
)
ONE_MESSAGE = Fact(
    "yealink.says.one-message",
    "yealink",
    "On the display while one new message waits.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "1 new voice mail",
    "Voice mail",
)
MESSAGES = Fact(
    "yealink.says.messages",
    "yealink",
    "On the display while several new messages wait; {} is how many.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "{} new voice mails",
    "Voice mail",
)
INCOMING = Fact(
    "yealink.says.incoming",
    "yealink",
    "At the head of the display while the phone rings.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Incoming call",
    "Call",
)
CALLING = Fact(
    "yealink.says.calling",
    "yealink",
    "At the head of the display while it calls.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Calling",
    "Dialling",
)
TALKING = Fact(
    "yealink.says.talking",
    "yealink",
    "At the head of the display during a call.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "In a call",
    "Talking",
)
