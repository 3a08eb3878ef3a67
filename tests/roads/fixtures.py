"""The fixture `world`, once for each road."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pbxsim import World
from tests.roads.server import Server


@pytest.fixture(scope="session")
def http_server() -> Iterator[Server]:
    """One server a run; every test has a private world on it."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["in process", "http"])
def world(request: pytest.FixtureRequest) -> Any:
    """An empty world, on this road."""
    if request.param == "in process":
        return World(seed=1)
    return request.getfixturevalue("http_server").world()
