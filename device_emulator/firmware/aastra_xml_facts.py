"""What is known of the XML objects of Aastra and Mitel phones, and of the ways by which one reaches a phone."""

from __future__ import annotations

from device_emulator.facts import Fact

XML_GUIDE = "Aastra XML development guide PA-001011-03"

TIMEOUT = Fact(
    "aastra.xml.timeout",
    "aastra",
    "A page leaves the screen after this many seconds, until its `Timeout` says otherwise; 0 is never.",
    "vendor guide",
    f"{XML_GUIDE}, 4.10.2",
    45,
    0,
)
TIMEOUT_AGAIN = Fact(
    "aastra.xml.timeout-again",
    "aastra",
    "A key that is pressed meanwhile starts that time anew.",
    "vendor guide",
    f"{XML_GUIDE}, 4.10.2",
    True,
    False,
)
LOCKED_IN = Fact(
    "aastra.xml.lock-in",
    "aastra",
    "A page with `LockIn` is left by its own keys only, and stays without a time unless it names one.",
    "vendor guide",
    f"{XML_GUIDE}, 4.10.3",
    True,
    False,
)
DESTROY = Fact(
    "aastra.xml.destroy",
    "aastra",
    "An answer that is no page leaves the page that it answers on the screen, unless it has `triggerDestroyOnExit` and "
    "the page `destroyOnExit`.",
    "vendor guide",
    f"{XML_GUIDE}, 4.10.4",
    True,
    False,
)
SET_TYPES = Fact(
    "aastra.xml.set-types",
    "aastra",
    "A Configuration object says by `setType`, for all or for one item, how long a key is kept; before 2.4 everything "
    "is `remote`.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11.1; administrator guide 2.4, F-66",
    True,
    False,
    since=(2, 4),
    otherwise=False,
)
REMOTE = Fact(
    "aastra.xml.remote",
    "aastra",
    "`remote` counts as what the server's files say, and is gone at the next boot.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11.1",
    True,
    False,
)
LOCAL = Fact(
    "aastra.xml.local",
    "aastra",
    "`local` counts as what was set at the phone, and is kept.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11.1",
    True,
    False,
)
ONE_BOOT = Fact(
    "aastra.xml.one-boot",
    "aastra",
    "`oneBoot` makes the phone reboot, counts more than the server's files until the boot after, and is gone then.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11.1",
    True,
    False,
)
OVERRIDE = Fact(
    "aastra.xml.override",
    "aastra",
    "`override` takes the place of what was set at the phone: at the next boot the server's value counts.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11.1",
    True,
    False,
)
DYNAMIC_SIP = Fact(
    "aastra.xml.dynamic-sip",
    "aastra",
    "With `dynamic sip: 1` the keys of lines count at once; before 2.5 they never do.",
    "source code",
    "the public Aastra XML scripts reboot phones of older firmware",
    True,
    False,
    since=(2, 5),
    otherwise=False,
)
RANGE = Fact(
    "aastra.xml.range",
    "aastra",
    "`firstItem` and `lastItem` set a key for each number between: it stands for `#` in the name.",
    "vendor guide",
    f"{XML_GUIDE}, 3.11, example 6",
    True,
    False,
)
LOCKED = Fact(
    "aastra.xml.locked",
    "aastra",
    "A key that a file has locked is changed by no object.",
    "vendor guide",
    "41-001343-02 (release 3.3), 2-15",
    True,
    False,
)
SESSIONS = Fact(
    "aastra.xml.status",
    "aastra",
    "A Status object's messages stand on the idle screen; each takes the place of the one with its index that the same "
    "session put there, and an empty one takes it away.",
    "vendor guide",
    f"{XML_GUIDE}, 3.10",
    True,
    False,
)
NUMBERS = Fact(
    "aastra.xml.numbers",
    "aastra",
    "Into a field of type `number` only digits, `*` and `#` can be entered, into one of type `IP` digits and dots.",
    "vendor guide",
    f"{XML_GUIDE}, InputScreen (which characters exactly is decided)",
    True,
    False,
)
ENTITIES = Fact(
    "aastra.xml.document-types",
    "aastra",
    "An object that declares a document type or an entity is not read.",
    "decided",
    "a phone's small parser is not documented to know any; reading them is how such parsers are attacked",
    True,
    False,
)
PUSH = Fact(
    "aastra.xml.push",
    "aastra",
    "An object that is posted to the phone's own web server, as `xml=…`, is read if the sender is on `xml application "
    "post list`.",
    "vendor guide",
    f"{XML_GUIDE}, XML push",
    True,
    False,
)
NOTIFY = Fact(
    "aastra.xml.notify",
    "aastra",
    "NOTIFY `aastra-xml` counts with `sip xml notify event: 1` only: the object in it is read, and without one the "
    "phone fetches `action uri xml sip notify`.",
    "vendor guide",
    f"{XML_GUIDE}, 6.2.11",
    True,
    False,
)
COMMANDS = Fact(
    "aastra.xml.commands",
    "aastra",
    "An Execute object's `Command:` does `Reset`, `FastReboot`, `ClearLocal`, `ClearCallersList`, `ClearRedialList`, "
    "`Lock` and `Unlock`.",
    "source code",
    "the public Aastra XML scripts 2.3.1",
    True,
    False,
)
