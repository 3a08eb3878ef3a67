"""What is known of what an Aastra or Mitel lights and says: rows of the table of facts.

A lamp's value is a colour, with `fast` or `slow` where it flashes; '' is dark. A text is what stands on the display.
"""

from __future__ import annotations

from device_emulator.facts import Fact

# ---- BLF keys

WATCH_SECONDS = Fact(
    "aastra.blf.period",
    "aastra",
    "Without `sip blf subscription period` a BLF key subscribes for this many seconds.",
    "unverified",
    "public templates write 3600; no default is published",
    3_600,
    1_800,
)
BLF_IDLE = Fact(
    "aastra.blf.idle",
    "aastra",
    "The lamp of a BLF key whose extension has no call.",
    "vendor guide",
    "user guide of the 6867i and user guide of the 6865i, BLF key",
    "",
    "green",
)
BLF_RINGING = Fact(
    "aastra.blf.ringing",
    "aastra",
    "The lamp of a BLF key whose extension rings.",
    "unverified",
    "the guides speak of ringing for keys of type blf/list only, where it flashes",
    "red fast",
    "red",
)
BLF_BUSY = Fact(
    "aastra.blf.busy",
    "aastra",
    "The lamp of a BLF key whose extension dials or talks.",
    "vendor guide",
    "user guide of the 6867i and user guide of the 6865i, BLF key",
    "red",
    "red slow",
)
BLF_NOBODY = Fact(
    "aastra.blf.nobody",
    "aastra",
    "The lamp of a BLF key of whose extension nothing is known.",
    "unverified",
    "the guides speak of steady light for an unregistered extension, which a dialog state does not tell",
    "",
    "red",
)

# ---- Lines

LINE_IDLE = Fact(
    "aastra.line-key.idle",
    "aastra",
    "The lamp of a line key without a call.",
    "vendor guide",
    "user guide of the 9133i, status lamps for line and call appearances",
    "",
    "red",
)
LINE_RINGING = Fact(
    "aastra.line-key.ringing",
    "aastra",
    "The lamp of a line key whose line is called.",
    "vendor guide",
    "user guide of the 9133i, status lamps for line and call appearances",
    "red fast",
    "red",
)
LINE_BUSY = Fact(
    "aastra.line-key.busy",
    "aastra",
    "The lamp of a line key whose line dials or talks.",
    "vendor guide",
    "user guide of the 9133i, status lamps for line and call appearances",
    "red",
    "red slow",
)
KEY_DND = Fact(
    "aastra.dnd-key",
    "aastra",
    "The lamp of a key of type dnd while the phone is told not to ring.",
    "vendor guide",
    "user guides of the 6755i and 6869i, LED behaviour of do not disturb",
    "red",
    "",
)

# ---- The lamp at the top

LAMP_BOOTING = Fact(
    "aastra.message-lamp.booting",
    "aastra",
    "The message lamp while the phone starts.",
    "unverified",
    "no guide speaks of it",
    "",
    "red",
)
LAMP_RINGING = Fact(
    "aastra.message-lamp.ringing",
    "aastra",
    "The message lamp while the phone rings.",
    "unverified",
    "the guides say that it shows incoming calls, not how",
    "red fast",
    "red",
)
LAMP_MESSAGES = Fact(
    "aastra.message-lamp.messages",
    "aastra",
    "The message lamp while new messages wait.",
    "unverified",
    "the guides say that it shows new messages, not how",
    "red slow",
    "red",
)
LAMP_DND = Fact(
    "aastra.message-lamp.dnd",
    "aastra",
    "The message lamp while the phone is told not to ring.",
    "vendor guide",
    "user guides of the 6755i and 6869i, LED behaviour of do not disturb",
    "red",
    "",
)

# ---- Words

BOOTING = Fact(
    "aastra.says.booting",
    "aastra",
    "On the display while the phone starts.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Initializing",
    "Welcome",
)
LOOKING = Fact(
    "aastra.says.looking",
    "aastra",
    "On the display while the phone asks the vendor's redirection service.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Looking for a server",
    "Contacting RCS",
)
FETCHING = Fact(
    "aastra.says.fetching",
    "aastra",
    "On the display while files are fetched.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Updating config",
    "Updating",
)
WRITING = Fact(
    "aastra.says.writing",
    "aastra",
    "On the display while a configuration is written to flash.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Writing config",
    "Updating config",
)
NO_SERVER = Fact(
    "aastra.says.no-server",
    "aastra",
    "On the display of a phone that knows no server.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "No server",
    "Skipping HTTP",
)
NO_SERVICE = Fact(
    "aastra.says.no-service",
    "aastra",
    "On the display while a line has no registrar that answers.",
    "vendor guide",
    "user guide of the 6867i, troubleshooting: the No Service message",
    "No Service",
    "Network Disconnected",
)
DND = Fact(
    "aastra.says.dnd",
    "aastra",
    "On the display while the phone is told not to ring.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Do not disturb",
    "DND On",
)
ONE_MESSAGE = Fact(
    "aastra.says.one-message",
    "aastra",
    "On the display while one new message waits.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "1 new message",
    "Messages",
)
MESSAGES = Fact(
    "aastra.says.messages",
    "aastra",
    "On the display while several new messages wait; {} is how many.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "{} new messages",
    "Messages",
)
INCOMING = Fact(
    "aastra.says.incoming",
    "aastra",
    "At the head of the display while the phone rings.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Incoming call",
    "Ringing",
)
CALLING = Fact(
    "aastra.says.calling",
    "aastra",
    "At the head of the display while it calls.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Calling",
    "Dialling",
)
TALKING = Fact(
    "aastra.says.talking",
    "aastra",
    "At the head of the display during a call.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "In a call",
    "Connected",
)
