"""Yealink: which changes reboot it, and that one reboot is enough."""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware import yealink_reboot as known
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import common, runs, there


def reboots(*lines: str) -> bool:
    """Does a phone reboot when these come to its files? It looks twice then, and a third time finds nothing new."""
    desk = there()
    common(desk, *lines)
    found = runs(desk, desk.check_sync)
    assert runs(desk, desk.check_sync) == 1
    return found == 2


GROUPS: tuple[tuple[Fact[tuple[str, ...]], tuple[str, ...]], ...] = (
    (known.FEATURES, ("acd.enable", "call_list.url", "features.conference_enable", "features.hoteling.enable")),
    (known.SIP, ("sip.trust_ctrl", "sip.reg_surge_prevention")),
    (known.VOICE, ("voice.handfree_send", "voice.headset_send")),
    (known.NETWORK, ("network.internet_port.type", "network.primary_dns", "network.vpn_enable", "network.pppoe.user")),
    (known.ETHERNET, ("network.802_1x.mode", "network.lldp.enable", "network.pc_port.enable")),
    (known.VLAN, ("network.vlan.internet_port_vid", "network.vlan.pc_port_priority")),
    (known.PORTS, ("network.port.http", "network.port.max_rtpport", "network.qos.rtptos", "network.snmp.enable")),
    (known.WEB, ("wui.https_enable", "trusted_certificates.url")),
    (known.SCREEN, ("phone_setting.softkey_enable", "phone_setting.account_show_enable")),
    (known.SECURITY, ("security.trust_certificates", "security.var_enable")),
    (known.SYSLOG, ("syslog.mode", "syslog.server")),
    (known.WHOLE, ("managementserver.url", "lcd_logo.mode")),
    (known.ACCOUNT, ("account.1.dns_srv_type", "account.12.srv_ttl_timer_enable", "account.3.music_server_uri")),
)


def _story(fact: Fact[tuple[str, ...]], keys: tuple[str, ...]) -> None:
    def each_of_them_reboots_the_phone() -> None:
        for key in keys:
            assert reboots(f"{key} = 7"), key

    proves(fact)(each_of_them_reboots_the_phone)


for group in GROUPS:
    _story(*group)


@proves(known.ONCE)
def other_changes_hold_at_once() -> None:
    hot = ("account.1.label = Ann", "linekey.1.label = x", "local_time.time_zone = +1", "static.auto_provision.x = 1")
    assert not reboots(*hot)
    assert reboots(*hot, "network.vpn_enable = 1", "network.vlan.dhcp_enable = 0")


@proves(known.STATIC)
def static_before_the_key_makes_no_difference() -> None:
    assert reboots("static.network.vpn_enable = 1")
