"""kill -9 at random moments, under load and while it starts: nothing that was acknowledged is lost, nothing is half
done, and the next server starts. Five times here, 300 times in `make prove`."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import pytest

from pbxsim.store import examine
from tests.law import FACTOR, tell
from tests.store.served import Served, Writer

KILLS = 5
WRITERS = 6


@pytest.fixture
def path(tmp_path):
    yield tmp_path / "main.sqlite3"
    Served.end_all()


def begun(path) -> None:
    """A file with an account in it."""
    served = Served(path)
    served.ready()
    status, said = served.ask("POST", "/api/v1/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    assert status == 201, said
    served.stop()


@pytest.mark.timeout(120 * FACTOR)
def test_a_server_that_is_killed_has_kept_what_it_acknowledged(path: Any) -> None:
    chance = random.Random(None if FACTOR > 1 else 5)
    begun(path)
    writers = [Writer(number, chance.randrange(1 << 30)) for number in range(WRITERS)]
    counted = {"kills": 0, "while starting": 0, "acknowledged": 0, "in doubt": 0, "lost": 0, "half applied": 0}
    served = Served(path)
    for _ in range(KILLS * FACTOR):
        if chance.random() < 0.15:
            served.kill()
            served = Served(path)
            time.sleep(chance.uniform(0, 1.0))
            served.kill()
            counted["while starting"] += 1
        else:
            served.ready()
            _under_load(served, writers, chance.uniform(0.005, 0.4))
        counted["kills"] += 1
        counted["in doubt"] += sum(bool(writer.doubt) for writer in writers)
        assert examine.check(path) == [], "every law holds in what the disk has"
        served = Served(path)
        served.ready()  # it starts every time
        found = {user["extension"]: user["first_name"] for user in served.listed("users")}
        boxes = {box["number"] for box in served.listed("mailboxes")}
        assert boxes == set(found), "a user and his mailbox come and go together"
        for writer in writers:
            lost, half = writer.compare(found)
            counted["lost"] += lost
            counted["half applied"] += half
            assert not writer.wrong
    served.kill()
    counted["acknowledged"] = sum(writer.acknowledged for writer in writers)
    tell("kill", counted)
    assert counted["acknowledged"] > 20 * (KILLS * FACTOR) // 10, counted
    assert (counted["lost"], counted["half applied"]) == (0, 0), counted


def _under_load(served: Served, writers: list[Writer], seconds: float) -> None:
    """Everybody writes; then the server is gone."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.run, args=(served, stop)) for writer in writers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    served.kill()
    stop.set()
    for thread in threads:
        thread.join()
