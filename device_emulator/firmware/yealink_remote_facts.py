"""What is known of Yealink's firmware: who may control it from afar, by what, and what it tells others."""

from __future__ import annotations

from device_emulator.firmware.yealink_facts import FUSIONPBX, WAZO, row

# ---- told by SIP

CHECK_SYNC = row(
    "check-sync.mode",
    "sip.notify_reboot_enable is this by default: any check-sync reboots the phone. 0 reboots only if the event says "
    "reboot=true and else starts a run, 2 ignores it.",
    "vendor guide",
    "administrator guides of the CP969 and the T2 series",
    "1",
    "0",
)
CHECK_SYNC_EVENT = row(
    "check-sync.event",
    "The NOTIFY's event is called so.",
    "source code",
    "FusionPBX's event_notify",
    "check-sync",
    "resync",
)
TRUST = row(
    "trust.control",
    "sip.trust_ctrl, and account.X.sip_trust_ctrl, are this by default; with 1 a NOTIFY from a server that the phone "
    "is not registered at is refused.",
    "vendor guide",
    "administrator guides",
    "0",
    "1",
)
URI_EVENT = row(
    "action-uri.event",
    "A NOTIFY of this event, with key=AutoP or key=Reboot in its body (message/sipfrag), is an Action URI by SIP.",
    "vendor guide",
    "administrator guides: Action URI by SIP NOTIFY",
    "action-uri",
    "action-url",
)
URI_ENABLE = row(
    "action-uri.enable",
    "features.action_uri.enable is this by default: such a NOTIFY is obeyed.",
    "vendor guide",
    "administrator guides",
    "1",
    "0",
)

# ---- asked by HTTP

URI_PATHS = row(
    "action-uri.paths",
    "The phone's web server takes an Action URI at these paths.",
    "vendor guide",
    "administrator guides, and the older ones",
    ("/servlet", "/cgi-bin/ConfigManApp.com", "/cgi-bin/cgiServer.exx"),
    ("/servlet",),
)
URI_LIMIT = row(
    "action-uri.limit",
    "features.action_uri_limit_ip is this by default, and an empty list rejects everybody.",
    "vendor guide",
    "administrator guides",
    "",
    "any",
)
URI_ANY = row(
    "action-uri.any",
    "This word in the list admits everybody.",
    "vendor guide",
    "administrator guides",
    "any",
    "all",
)
URI_STAR = row(
    "action-uri.pattern",
    "This character in the list stands for any part of an address: 10.10.*.*.",
    "vendor guide",
    "administrator guides",
    "*",
    "x",
)
URI_ASKS = row(
    "action-uri.asks",
    "features.show_action_uri_option is this by default: the first time that somebody controls it the phone asks "
    "whether he may; with 0 it does not ask.",
    "vendor guide",
    "administrator guides: Allow Remote Control?",
    "1",
    "0",
)
URI_SEPARATOR = row(
    "action-uri.several",
    "Several keys of one Action URI have this between them: key=ASW;MUTE.",
    "vendor guide",
    "administrator guides",
    ";",
    "|",
)
URI_RUN = row(
    "action-uri.run",
    "This key starts a run.",
    "vendor guide",
    "administrator guides: key=AutoP",
    "AutoP",
    "AutoProvision",
)
URI_REBOOT = row(
    "action-uri.reboot",
    "This key reboots the phone.",
    "vendor guide",
    "administrator guides: key=Reboot",
    "Reboot",
    "Restart",
)
URI_RESET = row(
    "action-uri.reset",
    "This key resets the phone to the factory's state.",
    "vendor guide",
    "administrator guides: key=Reset",
    "Reset",
    "FactoryReset",
)
URI_STATUS = row(
    "action-uri.status",
    "With this parameter, and accounts=1, dnd=1 or fw=1, the phone tells its state instead; its form is decided.",
    "vendor guide",
    "administrator guides: phonecfg=get",
    "phonecfg",
    "status",
)

# ---- what it tells others

URL_EVENTS = row(
    "action-url.events",
    "For these events the phone fetches the address that action_url.<event> holds.",
    "source code",
    f"{FUSIONPBX}, {WAZO}: the keys",
    (
        "setup_completed",
        "setup_autop_finish",
        "registered",
        "unregistered",
        "register_failed",
        "incoming_call",
        "outgoing_call",
        "call_established",
        "call_terminated",
        "off_hook",
        "on_hook",
        "dnd_on",
        "dnd_off",
    ),
    (),
)
URL_VARIABLES = row(
    "action-url.variables",
    "In such an address these words stand for what the phone knows.",
    "vendor guide",
    "administrator guides: Action URL",
    (
        "$mac",
        "$ip",
        "$model",
        "$firmware",
        "$active_user",
        "$active_url",
        "$active_host",
        "$local",
        "$remote",
        "$display_local",
        "$display_remote",
        "$call_id",
    ),
    (),
)
