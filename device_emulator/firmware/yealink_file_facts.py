"""What is known of Yealink's firmware: which files it asks for, and what stands in them."""

from __future__ import annotations

from device_emulator.firmware.yealink_facts import FUSIONPBX, GUIDE, WAZO, row

# ---- which files

BOOT_NAMES = row(
    "boot.names",
    "Boot files are asked for first: the phone's own, then the one of all models.",
    "vendor guide",
    f"{GUIDE}; FusionPBX's boot templates",
    ("{mac}.boot", "y000000000000.boot"),
    ("y000000000000.boot", "{mac}.boot"),
)
BOOT_FILES = row(
    "boot.files",
    "From V81 on there are boot files; before, the phone asks for none.",
    "vendor guide",
    GUIDE,
    True,
    False,
    since=(81,),
    otherwise=False,
)
OLD_NAMES = row(
    "files.order",
    "Without a boot file it asks for the model's common file, then for its own.",
    "vendor guide",
    GUIDE,
    ("y000000000{code}.cfg", "{mac}.cfg"),
    ("{mac}.cfg", "y000000000{code}.cfg"),
)
BOOT_REPLACES = row(
    "boot.replaces",
    "With a boot file it asks for what that includes, in that order, and for no other configuration.",
    "issue",
    "FusionPBX pull request 2926, quoting the vendor",
    True,
    False,
)
BOOT_HEADER = row(
    "boot.header",
    "A boot file that does not begin with the version line is as good as none.",
    "decided",
    "the line cannot be edited or deleted, say the guides; what happens without it they do not",
    True,
    False,
)
BOOT_QUOTES = row(
    "boot.quotes",
    "The name of an included file may stand in double quotes.",
    "vendor guide",
    "SIP-T5 series auto provisioning guide; FusionPBX's boot templates",
    True,
    False,
)
BOOT_FILTERS = row(
    "boot.filters",
    "A list of products in brackets before an include makes it theirs alone: [T46S, T23G]include:config.",
    "vendor guide",
    "SIP-T5 series auto provisioning guide; FusionPBX's boot templates",
    True,
    False,
)
EXCLUDED = row(
    "boot.excluded-mode",
    "static.specific_model.excluded_mode is this by default: products with includes of their own read the common ones "
    "as well; 1 spares them those.",
    "vendor guide",
    "SIP-T5 series auto provisioning guide",
    "0",
    "1",
)
OVERWRITE = row(
    "boot.overwrite-mode",
    "overwrite_mode is this by default: what the files leave out stays; with 1 it falls back to the factory's value.",
    "vendor guide",
    "SIP-T5 series auto provisioning guide; FusionPBX's boot templates",
    "0",
    "1",
)
OVERWRITE_BLANK = row(
    "boot.overwrite-blank",
    "With overwrite_mode 1 an empty value resets its key, whatever an earlier file said.",
    "vendor guide",
    "SIP-T5 series auto provisioning guide",
    True,
    False,
)
BOOT_PARAMETERS = row(
    "boot.parameters",
    "Configuration keys in a boot file are ignored.",
    "inferred",
    "the guides name the few words of a boot file; files with keys in them do nothing (public configurations)",
    True,
    False,
)
NESTED = row(
    "include.not-in-cfg",
    "An include in a .cfg file is not followed.",
    "issue",
    "FusionPBX issue 6319: it stops the phone from provisioning",
    True,
    False,
)
INCLUDES = row(
    "boot.most",
    "It follows this many includes of one boot file.",
    "decided",
    "a hostile file must not keep a phone busy for ever",
    32,
    2,
)
MD5 = row(
    "md5.unchanged",
    "Files that are those of the last run are not applied again, so what was changed at the phone survives.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
MD5_REBOOTS = row(
    "md5.changed-reboots",
    "Before V70 files that have changed make the phone reboot, whatever is in them.",
    "vendor guide",
    "T2xP auto provisioning guide of V61, against the T2 series guide of V7x",
    True,
    False,
    before=(70,),
    otherwise=False,
)

# ---- what stands in them

HEADER = row(
    "cfg.header",
    "A file whose first line does not begin so is ignored, an empty one too.",
    "vendor guide",
    GUIDE,
    "#!version:",
    "#",
)
HEADER_NEEDED = row(
    "cfg.header-needed",
    "Without that line nothing of the file is applied.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
BOM = row(
    "cfg.bom",
    "A byte order mark before it hides the version line.",
    "unverified",
    "known of phones in use; no vendor says so",
    True,
    False,
)
COMMENT = row(
    "cfg.comment",
    "A line that begins so is a comment; the character in a value is a part of the value.",
    "vendor guide",
    GUIDE,
    "#",
    ";",
)
BLANKS = row(
    "cfg.blanks",
    "Blanks around key and value do not count, nor before the key.",
    "source code",
    "files of FusionPBX and fspbx, which indent every line",
    True,
    False,
)
CRLF = row(
    "cfg.crlf",
    "A carriage return before the line feed belongs to the line's end.",
    "source code",
    "98 of the 234 Yealink files in FusionPBX have such line ends",
    True,
    False,
)
CASE = row(
    "cfg.case",
    "Capital and small letters in a key are different.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
LAST = row(
    "cfg.last-wins",
    "Of two lines for one key, in one file or in two, the later counts.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
LIST_KEYS = row(
    "cfg.lists",
    "These keys are repeated, once for each log-in; with `static.` before them as well.",
    "source code",
    f"{FUSIONPBX}: security.user_password = admin:…, = user:…",
    ("security.user_password",),
    (),
)
BLANK_LEAVES = row(
    "cfg.empty",
    "An empty value leaves what is there.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
NULL = row(
    "cfg.null",
    "This value resets its key to the factory's.",
    "source code",
    WAZO,
    "%NULL%",
    "%DEFAULT%",
)
EMPTY = row(
    "cfg.emptied",
    "This value, from V80 on, sets its key to an empty text; before, it is a text like any other.",
    "source code",
    WAZO,
    "%EMPTY%",
    "%BLANK%",
    since=(80,),
    otherwise="",
)
STATIC = row(
    "cfg.static",
    "Keys of provisioning and network are known with `static.` before them, and still without.",
    "source code",
    f"{FUSIONPBX} and {WAZO} write either",
    True,
    False,
)
