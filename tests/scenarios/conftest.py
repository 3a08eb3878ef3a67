"""Every scenario is driven on each road; the articles are too (see `tests/articles/conftest.py`). `acme`, `john` and
`mary` are the office of the stories about calls; others have an office of their own."""

from tests.roads.fixtures import http_server, world
from tests.scenarios.callers import acme, john, mary

__all__ = ["acme", "http_server", "john", "mary", "world"]
