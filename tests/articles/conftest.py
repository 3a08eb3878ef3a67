"""Every article is followed on each road, as the scenarios are."""

from tests.roads.fixtures import http_server, world

__all__ = ["http_server", "world"]
