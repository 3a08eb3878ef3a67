"""Attackers' tests ask a server as `tests/api` does."""

from __future__ import annotations

from tests.api.conftest import api, bare, engine, serve

__all__ = ["api", "bare", "engine", "serve"]
