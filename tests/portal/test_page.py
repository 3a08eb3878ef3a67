"""What the page shows, what its buttons call, and what it must never do: load from elsewhere, trust a name."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from pbxsim import World, portal
from pbxsim.callflows import dial
from pbxsim.core.state import Event
from pbxsim.platforms import PLATFORMS
from pbxsim.portal import office, words
from pbxsim.portal.office import without
from pbxsim.portal.past import Past

PORTAL = Path(portal.__file__).parent
CORE = PORTAL.parent / "core"
STATIC = PORTAL / "static"

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "</li></ul></div>",
    "W" * 128,
    "\u202eevil",
    "مرحبا بالعالم",
]


class Parsed(HTMLParser):
    """The elements of a page, each with its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, attribute: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if attribute in attributes]


async def drawn(site, account: str) -> Parsed:
    await site.log_in()
    return Parsed(await site.page(account))


# --- What it shows ---------------------------------------------------------------------------------------------


async def test_an_office_at_a_glance(site):
    page = await drawn(site, "acme")
    text = " ".join(page.text.split())
    for shown in ("John Smith", "Yealink T46S", "soft phone", "Front desk", "+61 2 5550 1234", "ACTIVE", "DRAFT"):
        assert shown in text
    assert "in 1 queue, 2 callflows" in text
    assert "John direct v1, rings 2 phones" in text  # his desk phone and his app
    assert "Voxco" in text  # the other office is one step away
    assert "Anna" not in text


async def test_a_phone_shows_its_screen_its_lamp_and_what_it_asks(site):
    page = await drawn(site, "voxco")
    assert "Initial Startup" in page.text
    forms = [form for form in page.having("data-do") if form["data-do"].endswith("/phones/00085d112233/login")]
    assert len(forms) == 1
    assert [field["name"] for field in page.having("name") if field.get("id", "").endswith("00085d112233")] == [
        "extension",
        "pin",
    ]
    assert any(act["data-do"].endswith("/phones/00085d112234/logout") for act in page.having("data-do"))
    lamps = [lamp["data-lamp"] for lamp in page.having("title") if lamp.get("class") == "lamp"]
    assert sorted(lamps) == ["good", "wait"]


async def test_a_phone_without_power_is_dark(site):
    site.world.phones["80:5e:c0:11:22:33"].power_off()
    page = await drawn(site, "acme")
    assert not page.having("data-lit")
    assert "No power" in page.text


async def test_the_log_speaks_of_this_office_in_plain_words(site):
    site.world.accounts["acme"].users.update("1003", last_name="Brown")
    page = await drawn(site, "acme")
    said = page.text.replace("\u2068", "").replace("\u2069", "")
    assert "Mary Jones was renamed Mary Brown." in said
    assert "logged in with soft phone." in said
    assert "Anna Lee" not in said


async def test_a_world_with_nothing_in_it(opened):
    empty = await opened(None)
    page = await drawn(empty, "")
    assert "Nobody is here yet" in page.text
    assert "No phone stands here" in page.text


async def test_an_account_with_nothing_in_it(opened):
    bare = await opened(lambda world: world.accounts.add("Bare", platform="jet"))
    page = await drawn(bare, "no-such-account")
    for said in ("Nobody has an extension yet", "No phone stands here", "No call has anywhere to go", "has no number"):
        assert said in page.text


async def test_a_phone_of_no_account_is_shown_too(opened):
    site = await opened(lambda world: world.phones.add(model="aastra-6731i", mac="00:08:5d:99:99:98"))
    assert "Nobody’s phone" in (await drawn(site, "")).text


async def test_whoever_is_gone_is_shown_as_gone(site):
    site.world.accounts["voxco"].users.delete("204")
    page = await drawn(site, "voxco")
    assert "deleted user" in page.text


def elsewhere(world: World) -> None:
    snap = world.accounts.add("snap", platform="netsapiens")
    john = snap.users.add("1001", first_name="John", last_name="Smith", password="tr0ubador", voicemail_pin="4711")
    snap.users.add("8000", first_name="Attendant", system=True)
    snap.numbers.add("+12025550100", user=john)
    snap.numbers.add("+12025550101")
    snap.users.reset(john, clear=("name",))
    world.accounts.add("portal", platform="customer-portal").users.add("105")


async def test_the_page_speaks_the_platforms_words_and_shows_its_tags(opened, site):
    jet = await drawn(site, "acme")
    for said in ("Phone Users", "Phone Numbers", "Callflows", "Queues"):
        assert said in jet.text
    other = await opened(elsewhere)
    page = await drawn(other, "snap")
    for said in ("Setup Required", "User", "Available Number", "System user"):
        assert said in page.text, said
    assert "Extensions" in Parsed(await other.page("portal")).text


async def test_a_number_may_lead_straight_to_somebody(opened):
    page = " ".join((await drawn(await opened(elsewhere), "snap")).text.split())
    assert "leads to 1001, goes to voicemail User" in page
    assert "leads nowhere Available Number" in page
    assert "to-user" not in page
    assert "available-number" not in page


@pytest.mark.parametrize(
    ("platform", "spare"),
    [("jet", "AVAILABLE"), ("piston", "reserved"), ("netsapiens", "Available Number"), ("users-page", "AVAILABLE")],
)
async def test_the_log_says_where_a_number_leads_in_the_platforms_words(opened, platform, spare):
    """What was so when it happened: the number has moved on since."""
    straight = PLATFORMS[platform].numbers_to_users

    def moved(world: World) -> None:
        acme = world.accounts.add("acme", platform=platform)
        john = acme.users.add("1002", first_name="John", last_name="Smith")
        number = acme.numbers.add("+12025550100")
        if straight:
            acme.numbers.update(number, user=john)
        codes = {"numbers": ["300"]} if platform == "piston" else {}
        acme.numbers.update(number, callflow=acme.callflows.add("Sales", dial(john), **codes))
        acme.numbers.deactivate(number)

    site = await opened(moved)
    number = next(iter(site.world.accounts["acme"].numbers)).id
    said = [
        words.sentence(Past(site.world.pbx), record.event)
        for record in site.world.state.history.values()
        if record.event.subject == number
    ]
    plain = [text.replace("\u2068", "").replace("\u2069", "") for text in said if "was saved" not in text]
    led = ["+1 202-555-0100 now leads straight to John Smith (1002)."] * straight
    assert plain == [
        "+1 202-555-0100 joined the account.",
        *led,
        "+1 202-555-0100 now leads to version 1 of Sales.",
        f"+1 202-555-0100 was deactivated, and is {spare}.",
    ]


async def test_what_goes_along_with_a_user_is_said_as_the_account_has_it(opened, site):
    def warned(page: Parsed) -> set[str]:
        return {act["data-then"] for act in page.having("data-then") if act.get("data-what", "").startswith("user ")}

    other = await opened(elsewhere)
    assert warned(await drawn(other, "snap")) == {"Devices and mailboxes go too. App log-ins go."}
    assert warned(await drawn(site, "acme")) == {
        "The devices stay and belong to nobody; mailboxes go too. App log-ins go."
    }
    assert "asks nothing" in warned(Parsed(await site.page("voxco"))).pop()


# --- What comes from the world is text -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_are_text_and_nothing_else(opened, name):
    def seed(world):
        account = world.accounts.add(name, platform="jet", account="evil")
        user = account.users.add("100", first_name=name, last_name=name, password="tr0ubador")
        account.queues.add(name, members=[user])
        account.numbers.add("+61255501234", name=name, callflow=account.callflows.add(name, dial(user)))
        world.phones.add(account.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=user, name=name))
        account.users.log_in_app(user, "tr0ubador", app=name)
        world.settle()

    hostile = await opened(seed)
    page = await drawn(hostile, "evil")
    assert page.text.count(name) >= 8
    assert [attributes for tag, attributes in page.elements if tag in ("script", "img")] == [
        {"src": next(a["src"] for tag, a in page.elements if tag == "script"), "type": "module"}
    ]
    assert not [a for _, attributes in page.elements for a in attributes if a.startswith("on")]
    assert any(name in attributes["data-what"] for attributes in page.having("data-what"))


def test_a_name_turns_round_nothing_but_itself(site):
    world = site.world
    id_ = world.accounts["acme"].users.add("1009", first_name="\u202eevil").id
    said = words.sentence(Past(world.pbx), Event("app.logged_in", "acme", id_, (("app", "x"), ("login", "l1"))))
    assert said.startswith("\u2068\u202eevil\u2069 (1009)")


# --- Every button is a call that the API has -----------------------------------------------------------------------


async def has(site, method: str, path: str) -> bool:
    match = await site.client.app.router.resolve(make_mocked_request(method, path.partition("?")[0]))
    resource = match.route.resource
    return match.http_exception is None and resource is not None and resource.canonical not in ("/{path}",)


async def test_every_button_and_form_calls_a_route(site):
    await site.log_in()
    site.world.phones["80:5e:c0:11:22:33"].power_off()
    calls = set()
    for account in ("acme", "voxco"):
        page = Parsed(await site.page(account))
        calls |= {tuple(one["data-do"].split(" ")) for one in page.having("data-do")}
        calls |= {("DELETE", one["data-delete"]) for one in page.having("data-delete")}
        for one in page.having("data-body"):
            json.loads(one["data-body"])
    assert len(calls) > 25
    for method, path in sorted(calls):
        assert await has(site, method, path), (method, path)


async def test_what_the_script_itself_calls_is_there(site):
    script = (STATIC / "page.js").read_text()
    said = set(re.findall(r"[\"`](?:(GET|POST|PUT|PATCH|DELETE) )?(/api/v1/[^\"`? ]*)", script))
    assert {("POST", "/api/v1/clock"), ("", "/api/v1/events")} <= said
    for method, path in said:
        assert await has(site, method or "GET", re.sub(r"\$\{.*?\}", "x", path)), (method, path)
    for method, path in (("GET", "callflows/c"), ("GET", "mailboxes"), ("POST", "callflows/c/versions")):
        assert await has(site, method, f"/api/v1/accounts/acme/{path}")
    assert await has(site, "POST", "/api/v1/accounts/acme/callflows/c/versions/1/make-available")


async def test_a_button_does_what_it_says(site):
    page = await drawn(site, "acme")
    button = next(one for one in page.having("data-do") if one.get("aria-label") == "Power of 1002 John Smith")
    method, path = button["data-do"].split(" ")
    response = await site.ask(method, path, await site.pressing(), json=json.loads(button["data-body"]))
    assert response.status == 200
    assert not site.world.phones["80:5e:c0:11:22:33"].powered


async def test_a_refusal_reaches_the_dialog_whole(site):
    """The page asks with a dry run; what it draws is the problem's blockers, and none is missing."""
    page = await drawn(site, "acme")
    path = next(one["data-delete"] for one in page.having("data-what") if one["data-what"] == "user 1002 John Smith")
    response = await site.ask("DELETE", f"{path}?dry_run=true", await site.pressing())
    problem = await response.json()
    assert response.status == 409
    assert [blocker["kind"] for blocker in problem["blockers"]] == ["login", "login", "queue", *["callflow"] * 3]
    assert all(blocker["do"] for blocker in problem["blockers"])
    for blocker in problem["blockers"]:
        if blocker["request"]:
            assert await has(site, blocker["request"]["method"], blocker["request"]["path"])
    registration = problem["blockers"][0]
    assert registration["id"] in [phone["data-device"] for phone in page.having("data-device")]  # the phone to reset


def test_taking_a_user_out_of_a_draft_leaves_the_rest():
    tree = dial("u1", "u2", then=dial("u1"))
    assert without(tree, "u1") == {
        "type": "dial",
        "users": ["u2"],
        "seconds": 20,
        "then": {"type": "dial", "users": [], "seconds": 20, "then": None},
    }


# --- It hears everything ---------------------------------------------------------------------------------------------


EVENT = re.compile(r"\.event\(\s*\"([a-z_.]+)\"|\}, \"([a-z]+\.[a-z_]+)\"\)")


def test_there_are_words_for_every_kind_of_event():
    found = {kind for path in CORE.rglob("*.py") for match in EVENT.findall(path.read_text()) for kind in match if kind}
    assert len(found) > 25
    found |= {f"{noun}.updated" for noun in ("account", "user", "device", "callflow", "number", "queue", "mailbox")}
    assert {kind for kind in found if kind not in words.KINDS} == set()


async def test_the_page_listens_for_every_kind(site):
    page = await drawn(site, "acme")
    heard = page.having("data-kinds")[0]["data-kinds"].split()
    assert {"user.updated", "phone.screen", "world.reset"} <= set(heard)
    assert list(words.KINDS) == heard


def test_every_event_of_a_lively_world_can_be_said(site):
    for record in site.world.state.history.values():
        said = words.sentence(Past(site.world.pbx), record.event)
        assert said.endswith(".")
        assert record.event.kind not in said


# --- Strictness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/login", "/static/page.css", "/static/nothing.css"])
async def test_every_answer_is_strict(site, path):
    await site.log_in()
    if path == "/static/page.css":
        path = re.search(r"/static/page\.[0-9a-f]+\.css", await site.page())[0]
    headers = (await site.ask("GET", path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


async def test_pages_are_not_kept_and_files_are(site):
    await site.log_in()
    assert (await site.ask("GET", "/")).headers["Cache-Control"] == "no-store"
    text = await site.page()
    files = re.findall(r"(?:href|src)=\"(/static/[^\"#]+)", text)
    assert len(set(files)) == 4
    for path in set(files):
        response = await site.ask("GET", path)
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]


async def test_nothing_is_inline_and_nothing_comes_from_elsewhere(site):
    page = await drawn(site, "acme")
    for tag, attributes in page.elements:
        assert tag != "style"
        assert "style" not in attributes
        assert tag != "script" or "src" in attributes
        for name in ("src", "href", "action"):
            assert attributes.get(name, "/").startswith(("/", "#")), (tag, attributes)
            assert not attributes.get(name, "/").startswith("//")
    for path in STATIC.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text


@pytest.mark.parametrize(("name", "limit"), [("page.js", 30), ("page.css", 40)])
def test_script_and_style_stay_small(name, limit):
    assert (STATIC / name).stat().st_size <= limit * 1024


def test_the_script_makes_no_markup_of_text():
    script = (STATIC / "page.js").read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in script


async def test_every_button_and_field_has_a_name(site):
    """Each is called by its text or its label: those with an icon alone have a hidden text."""
    page = await drawn(site, "acme")
    text = await site.page("acme")
    for inner in re.findall(r"<button[^>]*>(.*?)</button>", text, re.S):
        assert re.sub(r"<[^>]*>", "", inner).strip()
    labelled = {one["for"] for one in page.having("for")}
    for tag, attributes in page.elements:
        if tag in ("input", "select") and "maxlength" not in attributes:
            assert attributes["id"] in labelled


def test_the_log_calls_people_what_they_were_called_then():
    world = World()
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador")
    acme.users.log_in_app(john, "tr0ubador")
    acme.users.update(john, first_name="Unused", last_name="Phone")
    acme.users.log_out_app(john)
    lines = office._lines(world, acme.snapshot())
    assert [re.sub("[\u2068\u2069]", "", next(lines)["text"]) for _ in range(3)] == [
        "Unused Phone (1002) was logged out of soft phone.",
        "John Smith was renamed Unused Phone.",
        "John Smith (1002) logged in with soft phone.",
    ]


# --- Where there is nothing ------------------------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/nosuch", "/w/nowhere/nosuch", "/<script>alert(1)</script>"])
async def test_a_browser_gets_a_page_where_there_is_nothing(site, method, path):
    response = await site.ask(method, path, {"Accept": BROWSER})
    assert response.status == 404
    assert response.content_type == "text/html"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    page = Parsed(await response.text())
    for said in ("404 Not Found", "There is nothing at this path.", path, "To the Page"):
        assert said in page.text
    assert "script" not in [tag for tag, _ in page.elements]
    assert [attributes["action"] for tag, attributes in page.elements if tag == "form"] == ["/"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html", None])
async def test_a_program_gets_a_problem_where_there_is_nothing(site, accept):
    response = await site.ask("GET", "/nosuch", {"Accept": accept} if accept else {})
    assert (response.status, response.content_type) == (404, "application/problem+json")


async def test_a_wrong_method_is_told_on_a_page_as_well_and_the_api_has_none(site):
    response = await site.ask("DELETE", "/login", {"Accept": BROWSER})
    assert (response.status, response.content_type) == (405, "text/html")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    response = await site.ask("GET", "/api/v1/nosuch", {"Accept": BROWSER})
    assert response.content_type == "application/problem+json"
