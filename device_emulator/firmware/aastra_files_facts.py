"""What is known of the files of Aastra and Mitel phones: which, in what order, and what counts when they disagree."""

from __future__ import annotations

from device_emulator.facts import Fact

GUIDE_33 = "Aastra 67xxi administrator guide 41-001343"
GUIDE_42 = "Mitel 6800 administrator guide, release 4.2"
PUBLIC = "provisioning templates of FusionPBX and wazo-provd"

FIRMWARE_FIRST = Fact(
    "aastra.files.firmware-first",
    "aastra",
    "At a boot it asks for its firmware, `<model>.st`, before any configuration.",
    "vendor guide",
    f"{GUIDE_33}, firmware update at a boot",
    True,
    False,
)
FIRMWARE_DIFFERENT = Fact(
    "aastra.files.firmware-different",
    "aastra",
    "It takes the firmware that the server has only if it is another than its own, older or newer.",
    "vendor guide",
    f"{GUIDE_33}: new firmware is accepted only if it is different",
    True,
    False,
)
STARTUP = Fact(
    "aastra.files.startup",
    "aastra",
    "The file of all phones is `startup.cfg`; before 4.0 it was `aastra.cfg`.",
    "vendor guide",
    f"{GUIDE_42}: startup.cfg, <model>.cfg, <mac>.cfg",
    "startup.cfg",
    "common.cfg",
    since=(4, 0),
    otherwise="aastra.cfg",
)
FALLBACK = Fact(
    "aastra.files.fallback",
    "aastra",
    "Without a `startup.cfg` it takes an `aastra.cfg`.",
    "source code",
    "wazo-provd serves phones of firmware 4 to 8 nothing but aastra.cfg and the MAC file",
    True,
    False,
)
MODEL_FILE = Fact(
    "aastra.files.model",
    "aastra",
    "Between the file of all phones and its own it asks for that of its model, `<model>.cfg`.",
    "vendor guide",
    f"{GUIDE_33}; the guides of release 2 know two files only",
    True,
    False,
    since=(3, 3),
    otherwise=False,
)
UPPER_MAC = Fact(
    "aastra.files.upper-mac",
    "aastra",
    "Its own file is named by the MAC in upper case, without separators.",
    "source code",
    PUBLIC,
    True,
    False,
)
EMPTY_STOPS = Fact(
    "aastra.files.empty-stops",
    "aastra",
    "With an empty file of all phones it asks for no other.",
    "source code",
    "note in FusionPBX's aastra templates: the file must have something in it, or the MAC file is not fetched",
    True,
    False,
)
SECURITY = Fact(
    "aastra.files.security",
    "aastra",
    "Before the configurations it asks for `security.tuz`, which holds the password of encrypted files.",
    "unverified",
    "the administrator guides say that it is downloaded if present, not by which releases nor when",
    True,
    False,
    before=(3, 3),
    otherwise=False,
)
ENCRYPTED = Fact(
    "aastra.files.encrypted",
    "aastra",
    "Before each `.cfg` it asks for the encrypted `.tuz` of that name.",
    "unverified",
    "the administrator guides name the files, not the requests",
    False,
    True,
)
REFUSED = Fact(
    "aastra.files.refused",
    "aastra",
    "An encrypted file is recognised and refused: the plain one of that name is asked for instead.",
    "decided",
    "the vendor's encryption is not public",
    True,
    False,
)
CACHED = Fact(
    "aastra.files.cached",
    "aastra",
    "When the server is away, a boot goes by what was downloaded last.",
    "vendor guide",
    "administrator guides, configuration file precedence: most recently downloaded or cached",
    True,
    False,
)
REMOVED = Fact(
    "aastra.files.removed",
    "aastra",
    "A key that is in none of the files any more is at its default after the next boot.",
    "inferred",
    "administrator guides: the configuration is what was most recently downloaded, all of it",
    True,
    False,
)
LATER_WINS = Fact(
    "aastra.files.later-wins",
    "aastra",
    "Of several values the one read last counts, within a file and from file to file.",
    "vendor guide",
    "Mitel 6800 administrator guide 4.2, configuration file precedence",
    True,
    False,
)
LOCAL_WINS = Fact(
    "aastra.files.local-wins",
    "aastra",
    "What was set at the phone counts more than what any file says.",
    "vendor guide",
    "administrator guides 2.3 to 4.2, configuration file precedence",
    True,
    False,
)
CARET = Fact(
    "aastra.files.caret",
    "aastra",
    "`^` before a name discards what was set at the phone.",
    "vendor guide",
    "41-001343-02 (release 3.3), 2-15: overwriting parameters with defaults",
    True,
    False,
    since=(3, 3),
    otherwise=False,
)
LOCK = Fact(
    "aastra.files.lock",
    "aastra",
    "`!` before a name locks the key: nobody changes it at the phone, and no XML object does.",
    "vendor guide",
    "41-001343-01 (release 3.2.2), 2-17: applies to release 2.4 and up",
    True,
    False,
    since=(2, 4),
    otherwise=False,
)
LATER_LOCK = Fact(
    "aastra.files.later-lock",
    "aastra",
    "A later file that has the key again takes the lock's place with its value and its own mark, or none.",
    "vendor guide",
    "41-001343-01 (release 3.2.2), 2-17, note 2",
    True,
    False,
)
DIGEST_KEYS = Fact(
    "aastra.files.digest-keys",
    "aastra",
    "`http digest username` and `http digest password` are what it says it is from the next boot on.",
    "vendor guide",
    f"{GUIDE_33}, A-81: the phone must be rebooted after they are set",
    True,
    False,
)
DEFAULT_LOGIN = Fact(
    "aastra.files.default-login",
    "aastra",
    "To a server that asks who it is, a phone that was told nothing sends this name, and this password.",
    "vendor guide",
    f"{GUIDE_33}, A-81 and 5-273",
    "aastra",
    "mitel",
)
SCOPE = Fact(
    "aastra.visitor.scope",
    "aastra",
    "A visitor's settings count more than anything of the phone's, and are gone when he is.",
    "vendor guide",
    "MX-ONE installation instruction 26/1531-ANF 901 14, 7.3.3: user scope",
    True,
    False,
)
MOVES = Fact(
    "aastra.files.moves",
    "aastra",
    "`download protocol`, with the server, port and path of that protocol, says where its files are from the next boot "
    "on.",
    "source code",
    "wazo-provd's aastra templates write these keys to keep a phone at its server",
    True,
    False,
)
