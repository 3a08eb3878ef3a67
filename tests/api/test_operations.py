"""What an operator's tools see: health, readiness, figures, and a log that gives nothing away."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import encode_basic_auth
from prometheus_client.parser import text_string_to_metric_families

from pbxsim.server import logs, probe
from pbxsim.server.routes import routes
from tests.api.conftest import ACME, TOKEN, Api


async def figures(api: Api) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """name -> labels -> value, as Prometheus reads them."""
    answer = await api.get("//metrics", Authorization=None)
    assert answer == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def labelled(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


async def test_figures_say_what_was_done(api: Api) -> None:
    await api.get(f"{ACME}/users/1002")
    await api.get(f"{ACME}/users/nobody")
    await api.get("//w/main/api/v1/accounts")
    await api.delete(f"{ACME}/users/1002")  # his phone holds nothing yet: done
    await api.made("/worlds", {"id": "try"})
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.get("//provision/x/y", Authorization=encode_basic_auth("805ec0112233", "wrong"))
    found = await figures(api)
    requests = found["pbxsim_http_requests_total"]
    user = "/api/v1/accounts/{account}/users/{user}"
    assert requests[labelled(method="GET", route=user, status="200")] == 1
    assert requests[labelled(method="GET", route=user, status="404")] == 1
    assert requests[labelled(method="GET", route="/api/v1/accounts", status="200")] == 1, "whatever the world"
    assert requests[labelled(method="GET", route="/provision/{path}", status="401")] == 1
    assert found["pbxsim_http_request_seconds_count"][labelled(route=user)] == 3
    assert found["pbxsim_commands_total"][labelled(command="AddUser", outcome="done")] == 2
    assert found["pbxsim_commits_total"][labelled(outcome="written")] > 3
    assert found["pbxsim_commit_rows_count"][()] == found["pbxsim_commits_total"][labelled(outcome="written")]
    assert found["pbxsim_worlds"][()] == 2
    assert found["pbxsim_phones"][()] == 1
    assert found["pbxsim_provisioning_misses_total"][()] == 1
    assert found["pbxsim_ready"][()] == 1
    assert found["pbxsim_http_requests_under_way"][()] == 1, "this one"


async def test_what_clients_send_makes_no_labels(api: Api) -> None:
    """However many paths, methods and names somebody makes up: the series are those of the routes."""
    for number in range(50):
        await api(f"BREW{number}", f"//{number}/x", Authorization=None)
        await api.get(f"//api/v1/{number}")
        await api.get(f"//w/{number}/api/v1/accounts")
        await api.get(f"//provision/{number}/{number}.cfg", Authorization=None)
    found = await figures(api)
    known = {route.path for route in routes()} | {"/healthz", "/readyz", "/metrics", "/provision/{path}", "elsewhere"}
    labels = [dict(one) for one in found["pbxsim_http_requests_total"]]
    assert {one["route"] for one in labels} <= known
    assert {one["method"] for one in labels} <= {"GET", "POST", "other"}
    assert len(labels) < 20


async def test_figures_hold_no_secrets_and_no_names(api: Api) -> None:
    key = api.engine.main.world.accounts["acme"].key
    await api.get(f"//provision/{key}/805ec0112233.cfg")
    text = (await api.get("//metrics", Authorization=None)).body.decode()
    for said in (TOKEN, key, "acme", "John", "805ec0112233", "correct horse"):
        assert said not in text


async def test_ready_means_that_a_commit_would_succeed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await api.get("//readyz", Authorization=None) == 200

    async def full() -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(api.engine._journal, "probe", full)
    assert await api.get("//readyz", Authorization=None) == 200, "an answer holds for a second: asking costs a commit"
    monkeypatch.setattr(probe, "monotonic", lambda: 1e12)
    assert await api.get("//readyz", Authorization=None) == 503
    assert await api.get("//healthz", Authorization=None) == 200


@pytest.mark.parametrize(
    ("sent", "back"),
    [("abc-123.X:y", "abc-123.X:y"), ("x" * 65, None), ("a b", None), ('"}{', None), ("é", None), (None, None)],
)
async def test_a_request_id_comes_and_goes(api: Api, sent: str | None, back: str | None) -> None:
    for path in ("/accounts", "//healthz", "//nothing", "//provision/x/y"):
        found = (await api.get(path, X_Request_Id=sent)).headers["X-Request-Id"]
        assert found == back if back else re.fullmatch(r"[0-9a-f]{16}", found)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What `serve --log-format json --log-level info` would write."""
    written = io.StringIO()
    handler = logs.handler("json")
    handler.setStream(written)  # type: ignore[attr-defined]
    root, ours = logging.getLogger(), logging.getLogger("pbxsim")
    level = ours.level
    root.addHandler(handler)
    ours.setLevel("INFO")
    yield written
    root.removeHandler(handler)
    ours.setLevel(level)


def lines(log: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_line_for_every_request(api: Api, log: io.StringIO) -> None:
    await api.get(f"{ACME}/users/1002", X_Request_Id="mine")
    (line,) = lines(log)
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "pbxsim.access",
        "message": "GET /api/v1/accounts/acme/users/1002 200",
        "request_id": "mine",
        "method": "GET",
        "route": "/api/v1/accounts/{account}/users/{user}",
        "path": "/api/v1/accounts/acme/users/1002",
        "status": 200,
        "remote": "127.0.0.1",
        "world": "main",
    }


async def test_an_error_of_the_servers_own_can_be_found_by_its_id(
    api: Api, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(type(api.engine), "world", broken)
    answer = await api.get("/accounts")
    assert answer == 500
    told = [one for one in lines(log) if one["request_id"] == answer.headers["X-Request-Id"]]
    assert [one["level"] for one in told] == ["ERROR", "INFO"]
    assert "a bug" in told[0]["exc_info"]
    assert b"a bug" not in answer.body


async def test_the_log_gives_nothing_away(api: Api, log: io.StringIO) -> None:
    """No token, no password, no PIN typed at a phone, no account's key: whatever is asked, rightly or wrongly."""
    acme = api.engine.main.world.accounts["acme"]
    secret = api.engine.main.world.pbx.secrets[acme.devices["805ec0112233"].id, "provisioning"]
    for password in (secret, "canary-wrong"):
        auth = encode_basic_auth("805ec0112233", password)
        for file in ("805ec0112233.cfg", "xml/login?user=1002&password=canary-pin&%70assword=canary-two"):
            await api.get(f"//provision/{acme.key}/{file}", Authorization=auth)
            await api.get(f"//w/main/provision/{acme.key}/{file}", Authorization=auth)
    await api.made(f"{ACME}/users", {"extension": "1009", "password": "canary-password", "voicemail_pin": "90125"})
    await api.post(f"{ACME}/users", {"extension": "x", "password": "canary-refused"})
    await api.get("/accounts?token=canary-query", Authorization="Bearer canary-token")
    text = log.getvalue()
    assert len(text.splitlines()) > 10
    for said in ("canary", "90125", TOKEN, acme.key, secret, auth.partition(" ")[2], "password="):
        assert said not in text


def test_nobody_writes_lines_of_his_own() -> None:
    for format_ in ("text", "json"):
        written = io.StringIO()
        handler = logs.handler(format_)  # type: ignore[arg-type]
        handler.setStream(written)  # type: ignore[attr-defined]
        try:
            raise ValueError("first\n2026-01-01 ERROR evil")
        except ValueError:
            record = logging.LogRecord("x", 40, "", 0, "%s", ("a\nb\r\x1b[31m\u2028c",), __import__("sys").exc_info())
        handler.handle(record)
        whole = written.getvalue().splitlines()
        assert [line for line in whole if line and not line.startswith(" ")] == whole[:1]
        assert "\x1b" not in written.getvalue()
