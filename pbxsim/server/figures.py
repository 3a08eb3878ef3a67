"""What the tally says, and what is there now, as families of the text that Prometheus reads.

Nobody needs a token for it, as for `/healthz`: it says how much, never who or what. Values are read when they are
asked for, so that counting costs a request next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as MEDIA
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from pbxsim import __version__
from pbxsim.server.tally import Spread, Tally

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine


class Figures(Collector):
    """One engine's, at the moment when they are collected."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """Every family; the names are documented in docs/server.md."""
        tally, engine = self._engine.tally, self._engine
        yield _gauge("pbxsim_info", "Which pbxsim this is.", {(__version__,): 1}, "version")
        yield _gauge("pbxsim_ready", "1 once the seed is loaded and while commits succeed.", {(): int(engine.ready)})
        yield from self._requests(tally)
        yield _counter("pbxsim_commands", "Commands, by what became of them.", tally.commands, "command", "outcome")
        commits = {(outcome,): count for outcome, count in tally.commits.items()}
        yield _counter("pbxsim_commits", "Groups of changes written to main's file.", commits, "outcome")
        yield _histogram("pbxsim_commit_seconds", "How long a commit takes.", {(): tally.commit_seconds})
        yield _histogram("pbxsim_commit_rows", "Rows in one commit.", {(): tally.commit_rows})
        yield _gauge("pbxsim_worlds", "Worlds alive, main included.", {(): len(engine.worlds)})
        phones = engine.main.world.state.phones
        yield _gauge("pbxsim_phones", "Emulated phones in main.", {(): len(phones)})
        yield _counter("pbxsim_provisioning_misses", "Failed authentications under /provision/.", {(): tally.misses})
        yield _counter("pbxsim_provisioning_slowed", "Of these, answered late on purpose.", {(): tally.slowed})
        yield _gauge("pbxsim_event_readers", "Listeners to events, of all worlds.", {(): engine.hub.readers})
        yield _counter("pbxsim_event_readers_dropped", "Who read too slowly.", {(): tally.dropped_readers})
        hooks = {(outcome,): count for outcome, count in tally.webhooks.items()}
        yield _counter("pbxsim_webhook_deliveries", "Attempts to deliver to a webhook.", hooks, "outcome")
        yield _histogram("pbxsim_loop_lag_seconds", "How late the event loop is.", {(): tally.lag})

    def _requests(self, tally: Tally) -> Iterator[Metric]:
        requests = {(method, route, str(status)): count for (method, route, status), count in tally.requests.items()}
        yield _counter("pbxsim_http_requests", "Requests answered.", requests, "method", "route", "status")
        latency = {(route,): spread for route, spread in tally.latency.items()}
        yield _histogram("pbxsim_http_request_seconds", "From request to answer.", latency, "route")
        yield _gauge("pbxsim_http_requests_under_way", "Requests not answered yet.", {(): tally.under_way})


def _gauge(name: str, help_: str, values: Mapping[Any, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family


def _counter(name: str, help_: str, values: Mapping[Any, int], *labels: str) -> Metric:
    family = CounterMetricFamily(name, help_, labels=labels)
    for label, value in sorted(values.items()):
        family.add_metric(label, value)
    return family


def _histogram(name: str, help_: str, values: Mapping[Any, Spread], *labels: str) -> Metric:
    family = HistogramMetricFamily(name, help_, labels=labels)
    for label, spread in sorted(values.items(), key=lambda item: item[0]):
        family.add_metric(label, spread.buckets(), sum_value=spread.total)
    return family


def registry(engine: Engine) -> CollectorRegistry:
    """One engine's figures, and those of the process."""
    made = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=made)
    made.register(Figures(engine))
    return made


def text(registry: CollectorRegistry) -> tuple[bytes, str]:
    """Everything, as it is now, and its type."""
    return generate_latest(registry), MEDIA
