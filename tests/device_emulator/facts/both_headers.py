"""Both brands: what their requests say."""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware import headers
from tests.device_emulator.desk import aastra, yealink
from tests.device_emulator.facts.proofs import proves

MAKE = {"yealink": yealink, "aastra": aastra}


def prove(brand: str, accept: Fact[str]) -> None:
    """The story that is told of either brand."""

    @proves(accept)
    def it_takes_anything() -> None:
        desk = MAKE[brand]()
        desk.plug_in()
        assert {dict(request.headers).get("Accept") for request in desk.http} == {"*/*"}


prove("yealink", headers.YEALINK_ACCEPT)
prove("aastra", headers.AASTRA_ACCEPT)
