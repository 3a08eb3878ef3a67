"""What is known of Yealink's firmware: what the keys beside the display do, and hot desking by one of them."""

from __future__ import annotations

from device_emulator.firmware.yealink_facts import WAZO, row

TYPES = row(
    "key.types",
    "linekey.X.type is one of these numbers.",
    "source code",
    "FusionPBX's vendor functions; 57 is unverified",
    (
        *("0 none", "1 conference", "2 forward", "3 transfer", "4 hold", "5 dnd", "6 redial", "7 callreturn", "8 sms"),
        *("9 directedpickup", "10 park", "11 dtmf", "12 voicemail", "13 speeddial", "14 intercom", "15 line", "16 blf"),
        *("17 url", "19 publichold", "20 privatehold", "21 sharedline", "22 xmlgroup", "23 grouppickup", "24 paging"),
        *("25 record", "27 xml", "28 history", "29 directory", "30 menu", "32 newsms", "33 status", "34 hotdesk"),
        *("35 urlrecord", "38 ldap", "39 blflist", "40 prefix", "41 zerotouch", "42 acd", "43 localphonebook"),
        *("44 bsftphonebook", "45 localgroup", "46 bsftgroup", "47 xmlphonebook", "48 accountup", "49 accountdown"),
        *("50 keypadlock", "57 hoteling", "66 paginglist", "73 custom", "77 mobileline"),
    ),
    ("0 none",),
)
LINE_INDEX = row(
    "key.first-line",
    "linekey.X.line counts accounts from this; on the T32 and T38 from 0.",
    "source code",
    WAZO,
    1,
    0,
)
HOT_CLEARS = row(
    "hotdesk.clears",
    "The Hot Desking key clears the registration of every account before it asks who is there.",
    "vendor guide",
    "T2 series administrator guide, hot desking",
    True,
    False,
)
HOT_LINE = row(
    "hotdesk.line",
    "Whoever answers is registered on this account.",
    "vendor guide",
    "T2 series administrator guide, hot desking",
    1,
    2,
)
HOT_FIELDS = row(
    "hotdesk.fields",
    "It asks for these, in this order, each if hotdesking.dsskey_<name>_enable is 1.",
    "vendor guide",
    "T2 series administrator guide, hot desking",
    ("register_name", "username", "password", "sip_server", "outbound"),
    ("username", "register_name", "password", "sip_server", "outbound"),
)
HOT_ASKED = row(
    "hotdesk.asked",
    "These are asked for unless their setting is 0, the others only if it is 1.",
    "unverified",
    "the keys are published, their defaults are not",
    ("register_name", "username", "password"),
    ("username", "password"),
)
HOT_STARTUP = row(
    "hotdesk.startup",
    "hotdesking.startup_<name>_enable is this by default; where one is 1 the phone asks at each boot.",
    "unverified",
    "the keys are published, their defaults are not",
    "0",
    "1",
)
REGISTER_MAC = row(
    "register-mac",
    "account.X.register_mac is this by default; with 1 a REGISTER has the phone's MAC in a header of its own.",
    "unverified",
    "FusionPBX's Yealink templates name the key; its default, and how the header is written, is not published",
    "0",
    "1",
)
