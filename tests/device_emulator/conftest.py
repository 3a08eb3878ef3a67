"""What tests of the phones start from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.device_emulator.desk import World, aastra, aastra_file, world, yealink, yealink_file


@pytest.fixture
def make_world() -> Callable[[str], World]:
    return world


@pytest.fixture
def t46s() -> World:
    return yealink()


@pytest.fixture
def m6731i() -> World:
    return aastra()


@pytest.fixture
def make_yealink_file() -> Callable[..., str]:
    return yealink_file


@pytest.fixture
def make_aastra_file() -> Callable[..., str]:
    return aastra_file


@pytest.fixture
def real_configs() -> Path:
    """The real files that are not part of this repository."""
    default = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("PBXSIM_SHARED", default)) / "data" / "configs"
    if not folder.is_dir():
        pytest.skip(f"no real configurations at {folder} (set PBXSIM_SHARED)")
    return folder
