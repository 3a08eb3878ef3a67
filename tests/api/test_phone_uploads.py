"""What somebody sets at a phone goes to the server over real HTTP, and is read back in the next run."""

from __future__ import annotations

from device_emulator import models
from device_emulator.messages import (
    HttpReply,
    HttpRequest,
    Input,
    KeyPressed,
    LocallySet,
    Output,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Wake,
)
from device_emulator.phone import new, step
from tests.api.conftest import Api
from tests.api.test_provisioning import MAC, staged

LOCAL = f"{MAC}-local.cfg"


class Desk:
    """A phone whose HTTP is real: its registrar grants everything, its own waits are skipped."""

    def __init__(self, api: Api) -> None:
        self.api, self.now, self.seen = api, 1_735_689_600_000, list[tuple[str, str, int]]()
        self.phone = new(models.find("yealink-t46s"), MAC)

    async def give(self, input: Input) -> None:
        """One input, and everything that follows until the phone is at rest."""
        self.phone, waiting = step(self.phone, input, self.now)
        while waiting or self.phone.busy:
            if waiting:
                reply: Input | None = await self._answer(waiting[0])
                waiting = waiting[1:]
            else:
                assert self.phone.due is not None
                self.now = max(self.now, self.phone.due)
                reply = Wake()
            if reply is not None:
                self.phone, more = step(self.phone, reply, self.now)
                waiting += more

    async def _answer(self, output: Output) -> Input | None:
        if isinstance(output, SipRequest):
            return SipReply(output.id, 200, expires=output.expires)
        if not isinstance(output, HttpRequest):
            return None
        headers = dict(output.headers)
        async with self.api.client.session.request(
            output.method, output.url, headers=headers, data=output.body or None, allow_redirects=False
        ) as response:
            body = await response.read()
        self.seen.append((output.method, output.url.rpartition("/")[2], response.status))
        return HttpReply(output.id, response.status, tuple(response.headers.items()), body)


async def test_a_change_at_the_phone_is_stored_and_read_back(api: Api) -> None:
    desk = Desk(api)
    await desk.give(Staged(*staged(api)))
    await desk.give(PowerOn())
    assert desk.phone.screen.label == "John Smith"
    for key in ("protect", "sync"):
        await desk.give(LocallySet(f"static.auto_provision.custom.{key}", "1"))
    await desk.give(LocallySet("account.1.label", "Réception"))
    assert desk.seen[-1] == ("PUT", LOCAL, 201)
    await desk.give(LocallySet("account.1.display_name", "Front desk"))
    assert desk.seen[-1] == ("PUT", LOCAL, 204)
    device = api.engine.main.world.accounts["acme"].devices[MAC].id
    stored = api.engine.main.world.state.files[device][LOCAL].decode()
    assert stored == "#!version:1.0.0.1\naccount.1.label = Réception\naccount.1.display_name = Front desk\n"
    await desk.give(KeyPressed("Auto Provision Now"))
    assert desk.seen[-1] == ("GET", LOCAL, 200)
    assert desk.phone.screen.label == "Réception"
