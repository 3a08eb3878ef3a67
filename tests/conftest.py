"""What all tests share: where the shared data is, and the roads that a scenario is driven on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pbxsim import World

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; tests skip where it is absent."""
    path = Path(os.environ.get("PBXSIM_SHARED", ROOT.parent / "shared"))
    if not (path / "data").is_dir():
        pytest.skip("the shared data is not here (set PBXSIM_SHARED)")
    return path


@pytest.fixture
def world() -> World:
    """A world in process."""
    return World(seed=1)
