"""The tick list: whatever may be asked is reachable, whatever is reachable is documented, whatever is refused explains
itself; and the document says of each value what its parser takes.
"""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import Annotated, Any

import jsonschema_rs
import pytest
from msgspec import Struct

from pbxsim.core import commands, fields, values
from pbxsim.core.commands import Command
from pbxsim.core.refusals import Invalid
from pbxsim.core.values import Parser
from pbxsim.platforms import PLATFORMS, all_rules
from pbxsim.server import problems, routes
from pbxsim.server.openapi import document, encoded
from pbxsim.server.openapi.operations import operations, undescribed
from pbxsim.server.openapi.rows import CHOICES, ROWS
from pbxsim.server.openapi.shared import CODES_OF
from tests.api import conforming
from tests.api.conftest import Api

BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

# command -> why nobody asks for it by HTTP
NOT_BY_HTTP = {
    "LogInAtDevice": "a person types it into the phone, or the phone asks by its XML page: POST /phones/{phone}/login",
    "LogOutAtDevice": "a key of the phone: POST /phones/{phone}/logout",
    "RecordDelivery": "the server says it of a mail that it has sent",
    "StepJob": "the server carries a job out",
    "SetAtPhone": "somebody at the phone's own menu or web page: POST /phones/{phone}/web",
}


def test_every_command_is_reachable() -> None:
    """Or is named here, with the reason; and none is named that is."""
    known = {one.__name__ for one in vars(commands).values() if isinstance(one, type) and issubclass(one, Command)}
    known -= {"Command"}
    reachable = {route.command.__name__ for route in routes.routes() if route.command is not None}
    assert known - reachable == NOT_BY_HTTP.keys()


def test_every_route_is_described() -> None:
    assert undescribed() == []
    assert ROWS.keys() <= {one.key for one in operations()}
    paths = document()["paths"]
    there = {(route.method.lower(), route.path) for route in routes.routes()}
    assert there == {(method, path) for path in paths for method in paths[path] if method != "parameters"}


def test_operations_have_names_of_their_own() -> None:
    ids = [one.id for one in operations()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[a-z][A-Za-z]+", id_) for id_ in ids)


def test_the_document_is_an_openapi_document() -> None:
    """Every schema compiles, every reference leads somewhere, every example is what its schema says."""
    found = document()
    assert found["openapi"] == "3.1.0"
    for schema in found["components"]["schemas"].values():
        conforming.validator(schema)
    for reference in set(re.findall(rb'"\$ref":"#/([^"]+)"', encoded()[0])):
        place: Any = found
        for part in reference.decode().split("/"):
            place = place[part]
    examples = 0
    for place in found["paths"].values():
        for method, operation in place.items():
            for content in (
                operation.get("requestBody", {}).get("content", {}).values() if method != "parameters" else ()
            ):
                if "example" in content:
                    examples += 1
                    conforming.validator(content["schema"]).validate(content["example"])
    assert examples > 5


def test_links_lead_to_what_was_made() -> None:
    links = document()["paths"]["/api/v1/accounts/{account}/users"]["post"]["responses"]["201"]["links"]
    assert {"getUser", "updateUser", "deleteUser"} <= links.keys()
    assert links["getUser"]["parameters"] == {"account": "$request.path.account", "user": "$response.body#/id"}


def test_no_secret_is_shown() -> None:
    """What may only be written is in no schema of an answer."""
    hidden = {"password", "pin", "voicemail_pin", "new_pin", "code"}
    for name, schema in document()["components"]["schemas"].items():
        if not name.endswith("Input") and name not in ("Staging", "Problem"):
            assert not hidden & schema.get("properties", {}).keys(), name
    body = document()["paths"]["/api/v1/accounts/{account}/users"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["properties"]["password"]["writeOnly"]
    assert body["schema"]["properties"]["voicemail_pin"]["writeOnly"]


def test_choices_are_those_of_the_platforms() -> None:
    assert CHOICES[commands.AddAccount]["platform"] == tuple(sorted(PLATFORMS))


def test_every_code_is_in_the_document() -> None:
    folder = Path(__file__).parents[2] / "pbxsim" / "server"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    found = {(int(status), code) for status, code in re.findall(r'(?:Problem|_plain)\(\s*(\d+),\s*"([a-z-]+)"', source)}
    assert len(found) > 10
    assert not [(status, code) for status, code in found if code not in CODES_OF[status]]
    assert set(CODES_OF) <= set(problems.TITLES)


# --- Every refusal leads to its rule ---------------------------------------------------------------------------------


async def test_every_rule_has_a_page_and_is_data_too(bare: Api) -> None:
    """`type` in an answer is a path of this server: whoever holds the answer may look it up, token or none."""
    for rule in all_rules():
        shown = await bare.get(f"//rules/{rule.id}", Authorization=None)
        assert (shown, shown["id"]) == (200, rule.id)
        page = await bare.get(f"//rules/{rule.id}", Authorization=None, Accept=BROWSER)
        assert page == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert rule.id in page.body.decode()


async def test_a_refusal_leads_to_its_rule(api: Api) -> None:
    await api.made("/accounts/acme/queues", {"name": "Demo", "members": ["1002"]})
    refused = await api.delete("/accounts/acme/users/1002")
    assert refused == 409
    assert refused["type"] == f"/rules/{refused['rule']}"
    assert (await api.get(f"/{refused['type']}"))["id"] == refused["rule"]


async def test_the_list_of_rules(bare: Api) -> None:
    assert len((await bare.get("//rules"))["items"]) == len(all_rules())
    page = await bare.get("//rules", Accept=BROWSER)
    assert all(rule.id in page.body.decode() for rule in all_rules())
    assert await bare.get("//rules/nothing") == 404
    first = await bare.get("/rules?limit=2")
    assert [one["id"] for one in first["items"]] == [rule.id for rule in all_rules()[:2]]
    second = await bare.get(f"/rules?limit=2&after={first['next']}")
    assert [one["id"] for one in second["items"]] == [rule.id for rule in all_rules()[2:4]]


# --- What is read ----------------------------------------------------------------------------------------------------


async def test_the_document_is_served_to_whoever_asks(bare: Api) -> None:
    answer = await bare.get("/openapi.json", Authorization=None)
    assert answer == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json == document()
    again = await bare.get("/openapi.json", If_None_Match=answer.headers["ETag"])
    assert (again, again.body) == (304, b"")


async def test_the_page_needs_nothing_from_elsewhere(bare: Api) -> None:
    """Its style and script are files of this server, and its policy lets nothing else in; every operation is on it."""
    page = await bare.get("//api/docs", Authorization=None)
    text = page.body.decode()
    assert page == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert all(f'id="{one.id}"' in text for one in operations())
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert "<script>" not in text
    assert " style=" not in text
    files = re.findall(r'(?:src|href)="(/api/docs/[^"]+)"', text)
    assert len(files) == 2
    for file in files:
        found = await bare.get(f"/{file}", Authorization=None)
        assert found == 200
        assert "immutable" in found.headers["Cache-Control"]
    assert await bare.get("//api/docs/other.css", Authorization=None) == 404


async def test_it_is_for_this_host_alone(bare: Api) -> None:
    for path in ("/openapi.json", "//api/docs", "//rules"):
        assert await bare.get(path, Host="evil.example") == 421


# --- A schema says what its parser takes -----------------------------------------------------------------------------

PARSERS: dict[str, Parser] = {
    name: next(extra for extra in typing.get_args(hint) if isinstance(extra, Parser))
    for module in (values, fields)
    for name, hint in vars(module).items()
    if typing.get_origin(hint) is Annotated
}
VALUES: list[Any] = [
    *("", " ", "a", "A b", "x" * 128, "x" * 129, "1", "12", "1002", "1234567", "80:5e:c0:11:22:33", "805EC0112233"),
    *("01:5e:c0:11:22:33", "80-5e.c0 11", "ann@example.com", "a@b", "a@b.c", "@b.c", "a b@c.d", "a@b..c", "a@-b.c"),
    *("AU", "au", "AUS", "acme", "Acme", "a", "-a", "a-b", "a\u0007b", "\u2028", "4 rings", "0 rings", "601 rings"),
    *("4711", "47110815", "secret", "09:30", "24:00", "25:00", "9:30", "2025-12-25", "2025-13-01", "#", "*", "+61 2"),
    *("+", "pnp", "Straße", "名前", "x" * 4096, "x" * 4097, "UTC"),
    *(None, True, False, 0, 1, -1, 20, 3600, 3601, 999_999_999, 1_000_000_000, 1.5, [], ["x"], {}),
    *({"yealink": {"a": "b"}}, {"yealink": {"a": 1}}, {"snom": {}}, {"66": "http://x/"}, {"0": "x"}, {"254": "x"}),
    *({"255": "x"}, {"pnp": ""}, {"rule": True}, {"rule": 0}, {"rule": 5}, {"rule": None}, {"rule": [1]}),
    *({"knob": "x"}, {"knob": 20000}, {"knob": None}),
]


@pytest.mark.parametrize("name", PARSERS)
def test_a_schema_takes_what_its_parser_takes(name: str) -> None:
    """Nothing that the parser takes is wrong by the schema: a document must not forbid what is allowed."""
    parser = PARSERS[name]
    assert parser.schema, f"{name} says no schema"
    schema = jsonschema_rs.Draft202012Validator(dict(parser.schema), validate_formats=True)
    agreed = 0
    for value in VALUES:
        taken = _takes(parser, value)
        if taken:
            assert schema.is_valid(value), f"{name} takes {value!r}, and its schema does not"
        agreed += taken == schema.is_valid(value)
    assert any(_takes(parser, value) for value in VALUES)
    if name not in SAYS_LESS:
        assert agreed == len(VALUES), [v for v in VALUES if schema.is_valid(v) and not _takes(parser, v)]


# Parsers that know more than a schema can say: which countries, zones and time there are; what a JSON text holds.
SAYS_LESS = {"Country", "TimeZone", "WantedField", "Date", "Email", "SettingsField"}


def _takes(parser: Parser, value: Any) -> bool:
    try:
        parser.parse(value)
    except (ValueError, Invalid):
        return False
    return True


def test_every_field_of_a_command_has_a_schema() -> None:
    """Each parser in an annotation of a command or of a struct within one."""
    for route in routes.routes():
        if route.command is not None:
            for parser in _parsers(route.command, set()):
                assert parser.schema, route.command


def _parsers(type_: Any, seen: set[Any]) -> typing.Iterator[Parser]:
    if isinstance(type_, type) and issubclass(type_, Struct):
        if type_ in seen:
            return
        seen.add(type_)
        for hint in typing.get_type_hints(type_, include_extras=True).values():
            yield from _parsers(hint, seen)
    elif typing.get_origin(type_) is Annotated:
        yield from (extra for extra in type_.__metadata__ if isinstance(extra, Parser))
    else:
        for member in typing.get_args(type_):
            yield from _parsers(member, seen)
