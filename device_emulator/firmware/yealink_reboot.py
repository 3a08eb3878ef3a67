"""Yealink's reboot set: the keys that the vendor's own template comments mark "Require reboot".

Read from the comments of FusionPBX's template files and the vendor's guides. The names here are without `static.`,
which firmware V81 put before many of them: either form counts (inferred: the names are otherwise equal).
"""

from __future__ import annotations

from functools import lru_cache

_BY_GROUP = {
    "": "acd.enable bw.calllog_and_dir bw.behave_bw_dir bw.behave_calllog call_list.url dialing_shortcut.url"
    " base.pin_code trusted_certificates.url web_item_level.url wui.http_enable wui.https_enable sip.trust_ctrl"
    " sip.reg_surge_prevention voice.handfree_send voice.handset_send voice.headset_send",
    "features.": "conference_enable direct_ip_call_enable hoteling.enable",
    "network.": "bridge_mode primary_dns secondary_dns static_dns_enable span_to_pc_port vpn_enable web_server_type",
    "network.802_1x.": "client_cert_url identity md5_password mode root_cert_url",
    "network.internet_port.": "gateway ip mask type",
    "network.lldp.": "enable packet_interval",
    "network.pc_port.": "dhcp_server enable ip mask",
    "network.port.": "http https max_rtpport min_rtpport",
    "network.pppoe.": "password user",
    "network.qos.": "rtptos signaltos",
    "network.snmp.": "enable port trust_ip",
    "network.vlan.": "dhcp_enable dhcp_option internet_port_enable internet_port_priority internet_port_vid"
    " pc_port_enable pc_port_mode pc_port_priority pc_port_vid",
    "phone_setting.": "account_show_enable dsskey_hide_enable softkey_enable",
    "security.": "ca_cert cn_validation dev_cert tls_cipher_list trust_certificates var_enable",
    "syslog.": "log_level mode server",
}
_NAMES = frozenset(group + name for group, names in _BY_GROUP.items() for name in names.split())
_OF_ACCOUNT = frozenset(("dns_srv_type", "music_on_hold_type", "music_server_uri", "srv_ttl_timer_enable"))
_GROUPS = ("managementserver.", "lcd_logo.")  # every key of theirs


@lru_cache(maxsize=8192)
def needs_reboot(key: str) -> bool:
    """Whether a change of this key reboots the phone."""
    name = key.removeprefix("static.")
    if name.startswith("account."):
        return name.partition(".")[2].partition(".")[2] in _OF_ACCOUNT
    return name in _NAMES or name.startswith(_GROUPS)
