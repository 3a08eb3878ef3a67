"""Jobs on a server: carried out in the background, a commit a turn, others served between; on with it after a start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from pbxsim.core.commands import OPERATOR, Actor, CancelJob, ConfirmJob, DeleteUser, StartJob, UpdateUser
from pbxsim.core.entities import Job, JobRow, User
from pbxsim.server.engine import Engine, Hosted
from pbxsim.world import World

ORIGIN = "http://provisioning.pbx.example"
COUNT = 40


def furnish(world: World) -> None:
    acme = world.accounts.add("acme", platform="netsapiens")
    for serial in range(COUNT):
        acme.users.add(str(100 + serial), first_name=f"U{serial}", last_name="X", email=f"u{serial}@acme.example")
    acme.users.add("900", role="office-manager")


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    opened = await Engine.open(None, origin=ORIGIN, clock="virtual", seed=furnish)
    yield opened
    await opened.close()


def user(hosted: Hosted, extension: str) -> User:
    return hosted.world.accounts["acme"].users[extension].snapshot()


def everybody(hosted: Hosted) -> tuple[str, ...]:
    return tuple(str(100 + serial) for serial in range(COUNT))


async def begin(engine: Engine, hosted: Hosted, actor: Actor = OPERATOR) -> str:
    """A reset of everybody, confirmed; the job's id."""

    def start(world: World) -> str:
        id_ = world.execute(StartJob("acme", "reset", everybody(hosted)), actor)
        return world.execute(ConfirmJob(id_), actor)

    return await engine.write(hosted, start)


def job(hosted: Hosted, id_: str) -> Job:
    found = hosted.world.pbx.get(Job, id_)
    assert found is not None
    return found


async def until(what: Callable[[], Any], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0)


async def test_it_is_carried_out_and_others_are_served_between(engine: Engine) -> None:
    id_ = await begin(engine, engine.main)
    seen = set()
    while job(engine.main, id_).status == "running":
        at = job(engine.main, id_).at
        await engine.ask(
            engine.main, OPERATOR, UpdateUser, {"user": user(engine.main, "900").id, "first_name": f"{at}"}
        )
        seen.add(at)
    assert len(seen) > COUNT // 4, "somebody else's write found the job at many places"
    done = job(engine.main, id_)
    assert (done.at, done.failed, done.status) == (COUNT, 0, "done")
    assert {user(engine.main, extension).tag for extension in everybody(engine.main)} == {"setup-required"}


async def test_every_turn_is_a_commit_of_its_own(tmp_path: Path) -> None:
    engine = await Engine.open(tmp_path / "main.db", origin=ORIGIN, clock="virtual", seed=furnish)
    heard = []
    with engine.hub.subscribe("main") as subscription:

        async def listen() -> None:
            async for message in subscription:
                if message.kind == "job.stepped":
                    heard.append(len([one for one in engine.main.world.history if one.event.kind == "job.stepped"]))

        listening = asyncio.create_task(listen())
        id_ = await begin(engine, engine.main)
        await until(lambda: job(engine.main, id_).status == "done")
        await until(lambda: len(heard) == COUNT)
        listening.cancel()
    assert heard == list(range(1, COUNT + 1)), "each was told before the next was begun"
    await engine.close()


async def test_it_goes_on_after_a_start(tmp_path: Path) -> None:
    path = tmp_path / "main.db"
    engine = await Engine.open(path, origin=ORIGIN, clock="virtual", seed=furnish)
    id_ = await begin(engine, engine.main)
    await until(lambda: job(engine.main, id_).at >= 5)
    await engine.close()
    engine = await Engine.open(path, origin=ORIGIN, clock="virtual")
    stood = job(engine.main, id_).at
    assert 5 <= stood < COUNT
    await until(lambda: job(engine.main, id_).status == "done")
    rows = [engine.main.world.pbx.the(JobRow, f"{id_}.{place}") for place in range(1, COUNT + 1)]
    assert {row.status for row in rows} == {"done"}
    turns = [dict(one.event.detail)["user"] for one in engine.main.world.history if one.event.kind == "job.stepped"]
    assert len(turns) == len(set(turns)) == COUNT, "nobody has had two turns"
    await engine.close()


async def test_a_fork_carries_on_by_itself(engine: Engine) -> None:
    id_ = await begin(engine, engine.main)
    await until(lambda: job(engine.main, id_).at >= 3)
    fork = await engine.fork(engine.main)
    await engine.write(engine.main, lambda world: world.execute(CancelJob(id_)))
    await until(lambda: job(fork, id_).status == "done")
    assert job(engine.main, id_).status == "cancelled"
    assert job(engine.main, id_).at < COUNT


async def test_a_world_that_ends_takes_its_jobs_along(engine: Engine) -> None:
    fork = await engine.fork(engine.main)
    await begin(engine, fork)
    await engine.delete(fork.id)
    for _ in range(20):
        await asyncio.sleep(0)
    assert engine._workshop.under_way(fork) == []


async def test_a_reset_of_the_world_ends_it(engine: Engine) -> None:
    await begin(engine, engine.main)
    await engine.reset("main")
    await until(lambda: not engine._workshop.under_way(engine.main))
    assert not list(engine.main.world.pbx.listed("acme", Job))


async def test_a_world_that_is_restored_goes_on(engine: Engine) -> None:
    id_ = await begin(engine, engine.main)
    await until(lambda: job(engine.main, id_).at >= 3)
    state = engine.main.world.state
    await until(lambda: job(engine.main, id_).status == "done")
    await engine.replace(engine.main, state, "restored")
    assert job(engine.main, id_).status == "running"
    await until(lambda: job(engine.main, id_).status == "done")


async def test_turns_are_asked_in_the_name_of_who_began_it(engine: Engine) -> None:
    manager = user(engine.main, "900").id
    id_ = await begin(engine, engine.main, Actor("user", manager))
    await until(lambda: job(engine.main, id_).at >= 3)
    await engine.ask(engine.main, OPERATOR, DeleteUser, {"user": manager})
    await until(lambda: job(engine.main, id_).status == "done")
    actors = [one.actor for one in engine.main.world.history if one.event.kind == "job.stepped"]
    assert actors[0] == f"user {manager}"
    assert actors[-1] == "service-desk", "who began it is gone, and the users still have their turns"
    assert job(engine.main, id_).failed == 0


async def test_a_commit_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pbxsim.server import jobs, writer

    monkeypatch.setattr(jobs, "AGAIN", 0.0)
    monkeypatch.setattr(writer, "AGAIN", 0.0)
    engine = await Engine.open(tmp_path / "main.db", origin=ORIGIN, clock="virtual", seed=furnish)
    write, failures = engine._journal.write, [3, 7]

    async def failing(group: Any) -> None:
        if failures and any(one.at == failures[0] for one in group.state.pbx.listed("acme", Job)):
            failures.pop(0)
            raise OSError("the disk is full")
        await write(group)

    monkeypatch.setattr(engine._journal, "write", failing)
    id_ = await begin(engine, engine.main)
    await until(lambda: job(engine.main, id_).status == "done")
    turns = [dict(one.event.detail)["user"] for one in engine.main.world.history if one.event.kind == "job.stepped"]
    assert not failures
    assert len(turns) == len(set(turns)) == COUNT
    await engine.close()
