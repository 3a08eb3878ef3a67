"""Every phone of a large office loses its power and comes back, in process, over MAC files of 150 lines and more that
are rendered anew for each; against a bare loop that renders and parses the same files. Bars: 1.5 times, and 8 KB of
memory a phone.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Effort, Figure, at_most, figure
from benchmarks.worlds import mac
from device_emulator.firmware import yealink
from device_emulator.firmware.textfile import decode
from pbxsim import World
from pbxsim.core.entities import Device
from pbxsim.world import plans
from provisioning.render import render_afresh

LINES = 150
ROUNDS = 2
WEIGHED = 20_000  # phones whose memory is counted object by object: many enough that what is shared does not matter


def measure(effort: Effort) -> list[Figure]:
    """The phones boot once to get there. No render is remembered: there are far more phones than the memory holds."""
    held = _held(min(WEIGHED, effort.fleet))
    world = _office(effort.fleet)
    before = _resident()
    _plug_in(world)
    grown = max(1.0, _resident() - before)  # a fleet of a few phones fits into what the process has free
    resident = grown / effort.fleet / 1024
    devices = [world.pbx.the(Device, device.id) for device in world.accounts["acme"].devices]
    asked = [plans.plan(world.nature, world.pbx, world.state.now, device) for device in devices]
    assert render_afresh(asked[0], "mac").body.count(b"\n") >= LINES

    ratios, booted, bare = [], [], []
    for _ in range(min(ROUNDS, effort.pairs)):
        began = perf_counter()
        for plan in asked:
            yealink.parse(decode(render_afresh(plan, "mac").body))
        bare.append((perf_counter() - began) / effort.fleet * 1e6)
        for phone in world.phones:
            phone.power_off()
        began = perf_counter()
        for phone in world.phones:
            phone.power_on()
        world.advance(minutes=10)
        booted.append((perf_counter() - began) / effort.fleet * 1e6)
        ratios.append(booted[-1] / bare[-1])
        assert all(phone.registered for phone in world.phones)
    return [
        figure(f"{effort.fleet:,} phones come back / render and parse", "×", at_most(1.5), ratios),
        figure("... one phone", "µs", None, booted),
        figure("... render and parse its file", "µs", None, bare),
        figure("... what a phone and the world's knowledge of it hold", "KB", at_most(8), [held, held]),
        figure("... resident memory a phone", "KB", None, [resident, resident], "with room that the boots needed"),
    ]


def _plug_in(world: World) -> None:
    for device in world.accounts["acme"].devices:
        world.phones.add(device).power_on()
    world.advance(minutes=10)


def _held(phones: int) -> float:
    """KB of live objects that a phone's first boot leaves behind."""
    world = _office(phones)
    tracemalloc.start()
    try:
        _plug_in(world)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / phones / 1024
    finally:
        tracemalloc.stop()


def _office(phones: int) -> World:
    """Users and their devices' records; each device has keys of its own, and boot files spare the phones two waits."""
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="jet", policy={"jet.provisioning.boot-files": True})
    keys = {"yealink": {f"directory_setting.entry.{number}": f"entry {number}" for number in range(LINES)}}
    for number in range(phones):
        owner = acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:05}")
        acme.devices.add(model="yealink-t46s", mac=mac(number), owner=owner, settings=keys)
    return world


def _resident() -> float:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
