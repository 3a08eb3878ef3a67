"""Captured User-Agents, brand by brand."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.user_agents import Agent, recognise
from tests.law import law

ROWS = [
    ("Yealink SIP-T46G 28.83.0.120 00:15:65:4a:a9:37", Agent("yealink", "T46G", "28.83.0.120", "0015654aa937")),
    ("yealink SIP-T28P 2.70.0.140 00:15:65:13:ae:0b", Agent("yealink", "T28P", "2.70.0.140", "00156513ae0b")),
    ("Yealink SIP-T38G  38.70.0.125 00:15:65:2f:c3:5e", Agent("yealink", "T38G", "38.70.0.125", "0015652fc35e")),
    ("Yealink SIP-T56A  58.80.0.25 001565f429a4", Agent("yealink", "T56A", "58.80.0.25", "001565f429a4")),
    ("Yealink SIP-T19P_E2 53.80.0.3 00:15:65:4c:4c:26", Agent("yealink", "T19P_E2", "53.80.0.3", "0015654c4c26")),
    ("Yealink SIP VP-T49G 51.80.0.10 00:15:65:9b:5a:44", Agent("yealink", "VP-T49G", "51.80.0.10", "0015659b5a44")),
    ("Yealink W60B 77.81.0.35 80:5e:c0:09:ab:dc", Agent("yealink", "W60B", "77.81.0.35", "805ec009abdc")),
    ("VP530P 23.70.0.40 00:15:65:31:4b:c0", Agent("yealink", "VP530P", "23.70.0.40", "001565314bc0")),
    ("W52P 25.30.0.2 00:15:65:40:ae:35", Agent("yealink", "W52P", "25.30.0.2", "00156540ae35")),
    ("Yealink SIP-T54W 96.85.0.5", Agent("yealink", "T54W", "96.85.0.5", None)),  # as in REGISTER
    ("Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0", Agent("yealink", "T46G", "28.71.0.81", None)),
    ("Yealink", Agent("yealink")),
    ("Aastra57i MAC:00-08-5D-1A-98-70 V:2.4.1.37-SIP", Agent("aastra", "57i", "2.4.1.37", "00085d1a9870")),
    (
        "Aastra57i MAC:00-08-5D-1A-98-70 V:2.0.1.1055-0035-00-A1",
        Agent("aastra", "57i", "2.0.1.1055-0035-00-A1", "00085d1a9870"),
    ),
    (
        "Aastra480i Cordless MAC:00-08-5D-1A-98-70 V:1.4.2.3000-SIP",
        Agent("aastra", "480i Cordless", "1.4.2.3000", "00085d1a9870"),
    ),
    ("Mitel6920 MAC:14-00-E9-1F-03-EA V:6.4.0.140-SIP", Agent("mitel", "6920", "6.4.0.140", "1400e91f03ea")),
    ("Cisco/SPA525G-7.4.4 (CBT141900G7)", Agent("cisco", "SPA525G", "7.4.4", None)),
    ("Panasonic_KX-UT670/01.022 (0080f0000000)", Agent("panasonic", "KX-UT670", "01.022", "0080f0000000")),
    ("Mozilla/5.0 (X11; Linux x86_64)", Agent("")),
    ("curl/8.5.0", Agent("")),
    ("", Agent("")),
]


@pytest.mark.parametrize(("text", "agent"), ROWS)
def test_captured(text, agent):
    assert recognise(text) == agent


def test_every_captured_header_is_of_a_known_brand(reference):
    rows = [row.split("\t")[0] for row in (reference / "user_agents.tsv").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 100
    for text in rows:
        agent = recognise(text)
        assert agent.brand, text
        if agent.brand in ("yealink", "aastra", "mitel"):
            assert re.fullmatch(r"[\w-]+", agent.model), text
            assert re.fullmatch(r"[\d.]+(-[\w-]+)?", agent.version), text
            assert agent.mac or text == "Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0"


@given(
    st.sampled_from(["", "Yealink ", "Yealink SIP-", "Aastra", "Mozilla/4.0 (compatible; snom", "Gigaset ", "Fanvil "]),
    st.text(st.characters(exclude_categories=()), max_size=60),
)
@law()
def test_any_text_is_answered(start, rest):
    agent = recognise(start + rest)
    assert agent.mac is None or re.fullmatch("[0-9a-f]{12}", agent.mac)


@pytest.mark.parametrize("filler", [" ", "a", "1", "1.", "a ", "-", "(", "MAC:"])
def test_the_longest_header_costs_its_length(filler):
    begun = time.perf_counter()
    for start in (text[:end] for text, _ in ROWS for end in (8, 14, 25)):
        recognise(start + filler * 20_000)
    assert time.perf_counter() - begun < 2
