"""docs/http-api.md is run, not quoted: every path stands in it, and every example answers what it says.

In an example's answer `"…"` stands for any value, and a member `"…": "…"` for any further members.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pbxsim.server.routes import BASE, routes
from tests.api.conftest import TOKEN, Api

DOCUMENT = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text(encoding="utf-8")
ANY = "…"


def examples() -> list[tuple[str, str]]:
    """(request, answer) of each example, in order."""
    blocks = re.findall(r"```http\n(.*?)```", DOCUMENT, re.DOTALL)
    return [(request, f"HTTP/1.1 {answer}") for request, answer in (block.split("HTTP/1.1 ", 1) for block in blocks)]


def message(text: str) -> tuple[str, dict[str, str], str]:
    """First line, headers, body."""
    head, _, body = text.strip().partition("\n\n")
    first, *headers = head.split("\n")
    return first, dict(header.split(": ", 1) for header in headers), body


def agrees(expected: Any, found: Any) -> bool:
    """Is this what the document says?"""
    if expected == ANY:
        return True
    if isinstance(expected, dict) and isinstance(found, dict):
        known = expected.keys() - {ANY}
        more_allowed = ANY in expected
        return (known <= found.keys() if more_allowed else known == found.keys()) and all(
            agrees(expected[name], found[name]) for name in known
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(agrees, expected, found))
    return bool(expected == found)


async def test_the_examples_one_after_the_other(bare: Api) -> None:
    assert len(examples()) > 20
    for request, answer in examples():
        line, headers, body = message(request)
        method, path = line.split(" ")
        sent = {name: value.replace("<token>", TOKEN) for name, value in headers.items()}
        found = await bare(method, f"/{path}", data=body.encode() or None, **sent)
        status, shown, wanted = message(answer)
        assert found == int(status.split(" ")[1]), (line, found)
        assert {name: found.headers[name] for name in shown} == shown, line
        if wanted:
            assert agrees(json.loads(wanted), found.json), (line, found)


def test_every_path_is_in_the_document_and_nothing_else() -> None:
    rows = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|", DOCUMENT, re.MULTILINE)
    documented = {(method, path) for path, methods in rows for method in methods.split(", ")}
    assert documented == {(route.method, route.path.removeprefix(BASE)) for route in routes()}


def test_every_path_is_handled_once() -> None:
    rows = [(route.method, route.path) for route in routes()]
    assert len(rows) == len(set(rows))


async def test_every_path_is_reached(bare: Api) -> None:
    """Whatever it answers, it is not that there is nothing at this path."""
    for route in routes():
        path = re.sub(r"\{\w+\}", "x", route.path)
        answer = await bare("HEAD" if route.path.endswith("/events") else route.method, f"/{path}")
        assert answer.status != 405, route
        assert b"There is nothing at this path." not in answer.body, route


def test_every_code_of_a_problem_is_in_the_document() -> None:
    folder = Path(__file__).parents[2] / "pbxsim" / "server"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    codes = set(re.findall(r'(?:Problem|_plain)\(\s*\d+,\s*"([a-z-]+)"', source)) | {"forbidden", "blocked", "refused"}
    assert len(codes) > 10
    assert not [code for code in codes if f"`{code}`" not in DOCUMENT]
