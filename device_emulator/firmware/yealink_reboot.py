"""Yealink's reboot set: the keys that the vendor's own template comments mark "Require reboot", as rows of facts.

Read from the comments of FusionPBX's template files and the vendor's guides. The names here are without `static.`,
which firmware V81 put before many of them: either form counts (inferred: the names are otherwise equal). Every other
key is in force as soon as a run is over.
"""

from __future__ import annotations

from functools import lru_cache

from device_emulator.facts import Fact
from device_emulator.firmware.yealink_facts import row

MARKS = 'the marks "Require reboot" in the comments of FusionPBX\'s Yealink templates'


def _group(name: str, prefix: str, names: str, text: str, source: str = MARKS) -> Fact[tuple[str, ...]]:
    keys = tuple(prefix + one for one in names.split())
    return row(f"reboot.{name}", f"A change of these reboots the phone: {text}.", "source code", source, keys, ())


FEATURES = _group(
    "features",
    "",
    "acd.enable bw.calllog_and_dir bw.behave_bw_dir bw.behave_calllog call_list.url dialing_shortcut.url base.pin_code"
    " features.conference_enable features.direct_ip_call_enable features.hoteling.enable",
    "distribution of calls, BroadWorks, conferences, hoteling",
)
SIP = _group("sip", "", "sip.trust_ctrl sip.reg_surge_prevention", "whom SIP trusts, how registrations are spread")
VOICE = _group("voice", "voice.", "handfree_send handset_send headset_send", "how loud it sends")
NETWORK = _group(
    "network",
    "network.",
    "bridge_mode primary_dns secondary_dns static_dns_enable span_to_pc_port vpn_enable web_server_type"
    " internet_port.gateway internet_port.ip internet_port.mask internet_port.type pppoe.password pppoe.user",
    "how it gets an address",
)
ETHERNET = _group(
    "ethernet",
    "network.",
    "802_1x.client_cert_url 802_1x.identity 802_1x.md5_password 802_1x.mode 802_1x.root_cert_url lldp.enable"
    " lldp.packet_interval pc_port.dhcp_server pc_port.enable pc_port.ip pc_port.mask",
    "802.1x, LLDP, the PC's port",
)
VLAN = _group(
    "vlan",
    "network.vlan.",
    "dhcp_enable dhcp_option internet_port_enable internet_port_priority internet_port_vid pc_port_enable pc_port_mode"
    " pc_port_priority pc_port_vid",
    "virtual networks",
)
PORTS = _group(
    "ports",
    "network.",
    "port.http port.https port.max_rtpport port.min_rtpport qos.rtptos qos.signaltos snmp.enable snmp.port"
    " snmp.trust_ip",
    "ports, quality of service, SNMP",
)
WEB = _group(
    "web",
    "",
    "trusted_certificates.url web_item_level.url wui.http_enable wui.https_enable",
    "its web page, and whose certificates it trusts",
)
SCREEN = _group(
    "screen",
    "phone_setting.",
    "account_show_enable dsskey_hide_enable softkey_enable",
    "what the idle screen is made of",
)
SECURITY = _group(
    "security",
    "security.",
    "ca_cert cn_validation dev_cert tls_cipher_list trust_certificates var_enable",
    "certificates and access levels",
)
SYSLOG = _group("syslog", "syslog.", "log_level mode server", "its log")
WHOLE = row(
    "reboot.groups",
    "A change of any key of these groups reboots the phone: management by TR-069, the logo.",
    "vendor guide",
    f"administrator guides on TR-069: all settings require a reboot; {MARKS}",
    ("managementserver.", "lcd_logo."),
    (),
)
ACCOUNT = row(
    "reboot.account",
    "Of an account's keys, account.X.…, only these reboot the phone.",
    "source code",
    MARKS,
    ("dns_srv_type", "music_on_hold_type", "music_server_uri", "srv_ttl_timer_enable"),
    ("label",),
)
ONCE = row(
    "reboot.once",
    "A run reboots the phone, once and at its end, only if a key of the reboot set has changed.",
    "vendor guide",
    "T2 series auto provisioning guide: only with a configuration that requires a reboot",
    True,
    False,
)
STATIC = row(
    "reboot.static",
    "A key of the reboot set counts with `static.` before it as well.",
    "inferred",
    "the marked names and those with static. are otherwise equal",
    True,
    False,
)

_GROUPS = (FEATURES, SIP, VOICE, NETWORK, ETHERNET, VLAN, PORTS, WEB, SCREEN, SECURITY, SYSLOG)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset([name for group in _GROUPS for name in group.value])


@lru_cache(maxsize=8192)
def needs_reboot(key: str) -> bool:
    """Whether a change of this key reboots the phone."""
    name = key.removeprefix("static.") if STATIC.value else key
    if name.startswith("account."):
        return name.partition(".")[2].partition(".")[2] in ACCOUNT.value
    return name in _names() or name.startswith(WHOLE.value)
