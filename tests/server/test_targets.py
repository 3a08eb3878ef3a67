"""Where a webhook may lead: every writing of an address that means this machine or its network, and no other."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim.server.targets import Allowed, BadTarget, CheckedResolver, Rules, blocked
from tests.law import law

PUBLIC = [
    "http://example.com/x",
    "https://hooks.example.com:8443/a?b=c",
    "http://8.8.8.8/",
    "http://[2606:4700::1111]/",
    "http://[64:ff9b::808:808]/",
    "https://bücher.example/",
]
LOOPBACK = [
    "http://127.0.0.1/",
    "http://127.9.9.9:8080/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://ⓛocalhost/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::]/",
]
AROUND = [
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[ff02::1]/",
    "http://printer/",
    "http://pbx.internal/",
    "http://metadata.google.internal/",
    "http://nas.local/",
]
NONE = [
    "",
    "/x",
    "//example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "http://",
    "http:///x",
    "http://user:pass@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/#x",
    "http://example.com/\r\nX: y",
    "http://exa mple.com/",
    "http://x..com/",
    "http://-x.com/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://[::1/",
    "http://example.com/" + "x" * 3000,
]
PORTS = ["http://example.com:22/", "http://example.com:25/", "http://8.8.8.8:6379/", "http://example.com:3306/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_the_public_network_is_open(url: str) -> None:
    assert Rules().check_url(url).host


@pytest.mark.parametrize("url", [*LOOPBACK, *AROUND, *NONE, *PORTS])
def test_the_rest_is_not(url: str) -> None:
    with pytest.raises(BadTarget):
        Rules().check_url(url)


@pytest.mark.parametrize(
    ("allowed", "url", "open_"),
    [
        ("127.0.0.1:9000", "http://127.0.0.1:9000/", True),
        ("127.0.0.1:9000", "http://[::ffff:127.0.0.1]:9000/", True),
        ("127.0.0.1:9000", "http://127.0.0.1:9001/", False),
        ("127.0.0.1:9000", "http://127.0.0.2:9000/", False),
        ("127.0.0.1", "http://127.0.0.1:22/", True),
        ("::1", "http://[::1]:5/", True),
        ("[::1]:80", "http://[::1]/", True),
        ("[::1]:80", "http://[::1]:81/", False),
        ("10.0.0.0/8", "http://10.2.3.4:99/", True),
        ("10.0.0.0/8", "http://11.2.3.4:99/", False),
        ("hook.internal:9999", "http://hook.internal:9999/", True),
        ("hook.internal:9999", "http://HOOK.internal.:9999/", True),
        ("hook.internal:9999", "http://hook.internal/", False),
        ("hook.internal", "http://evil.hook.internal/", False),
        ("localhost", "http://localhost:1/", True),
        ("localhost", "http://127.0.0.1/", False),
    ],
)
def test_what_is_allowed_at_the_start_is_allowed_and_nothing_beside(allowed: str, url: str, open_: bool) -> None:
    rules = Rules.of([allowed])
    if open_:
        rules.check_url(url)
    else:
        with pytest.raises(BadTarget, match="--allow-webhook-target"):
            rules.check_url(url)


@pytest.mark.parametrize("text", ["", ":80", "a b", "x:0", "x:99999", "10.0.0.1/8", "http://x", "[::1", "a/b", "x:y"])
def test_what_can_be_no_target_is_told(text: str) -> None:
    with pytest.raises(BadTarget):
        Allowed.parse(text)


@law()
@given(st.ip_addresses(v=4))
def test_an_address_within_an_address_is_as_closed(address: Any) -> None:
    """However IPv6 wraps an IPv4 address, it is no way round."""
    number = int(address)
    wrapped = [0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]
    for one in wrapped:
        inner = ip_address(one.to_bytes(16, "big"))
        assert bool(blocked(inner)) == bool(blocked(address))


class Names:
    """A name server that may answer differently each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        found = self.answers.pop(0)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in found]


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"], ["169.254.169.254"]]
)
async def test_a_name_that_leads_inside_is_refused_whatever_else_it_says(addresses: list[str]) -> None:
    with pytest.raises(BadTarget, match=r"evil\.example leads to"):
        await CheckedResolver(Rules(), Names(addresses)).resolve("evil.example", 80)


async def test_a_name_is_asked_for_once_and_what_was_checked_is_what_is_used() -> None:
    names = Names(["8.8.8.8", "2606:4700::1111"], ["127.0.0.1"])
    found = await CheckedResolver(Rules(), names).resolve("example.com", 443)
    assert [(one["host"], one["port"]) for one in found] == [("8.8.8.8", 443), ("2606:4700::1111", 443)]
    assert names.asked == 1


async def test_an_allowed_name_may_lead_inside() -> None:
    rules = Rules.of(["hook.internal:9000"])
    found = await CheckedResolver(rules, Names(["10.0.0.9"])).resolve("hook.internal", 9000)
    assert found[0]["host"] == "10.0.0.9"
    with pytest.raises(BadTarget):
        await CheckedResolver(rules, Names(["10.0.0.9"])).resolve("other.internal", 9000)
