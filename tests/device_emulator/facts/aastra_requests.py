"""Aastra: how it asks, and who it says it is."""

from __future__ import annotations

from itertools import pairwise

from device_emulator.firmware import aastra_facts as known
from device_emulator.messages import PowerOn
from tests.device_emulator.desk import URL, aastra
from tests.device_emulator.facts.proofs import proves


@proves(known.ANSWER_MS)
def it_waits_half_a_minute_for_a_file() -> None:
    desk = aastra()
    desk.silent = True
    desk.give(PowerOn())
    desk.advance(15 + 25)
    assert desk.phone.phase == "fetching"
    desk.advance(10)
    assert desk.phone.phase == "idle"


@proves(known.REDIRECTS)
def it_follows_five_redirects_and_no_sixth() -> None:
    def shown(hops: int) -> str:
        desk = aastra()
        desk.files["last"] = desk.files.pop("aastra.cfg")
        names = ["aastra.cfg", *(f"hop{number}" for number in range(1, hops)), "last"]
        desk.redirects = {name: URL + following for name, following in pairwise(names)}
        desk.plug_in()
        return desk.phone.screen.label

    assert [shown(5), shown(6)] == ["Bob", ""]


@proves(known.SCHEMES)
def it_answers_digest() -> None:
    desk = aastra()
    desk.stage("me", "word")
    desk.web_login = ("me", "word")
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"


@proves(known.SIP_AGENT)
def it_names_itself_to_registrars() -> None:
    desk = aastra()
    desk.plug_in()
    version = desk.phone.model.version
    assert desk.sip[-1].user_agent == f"Aastra 6731i/{version}"
