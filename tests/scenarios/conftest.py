"""Every scenario is driven on each road; the articles are too (see `tests/articles/conftest.py`)."""

from tests.roads.fixtures import http_server, world

__all__ = ["http_server", "world"]
