"""What an enemy, or a tired colleague, does to the network and the faults around the phones: nothing is left behind."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from pbxsim import Forbidden, Invalid, NotSettled, World

YEALINK, AASTRA, OTHER = "805ec0000000", "00085d000001", "805ec0000002"
HOUR, DAY = 3_600_000, 86_400


class Office:
    """Three phones that are up."""

    def __init__(self) -> None:
        self.world = World(seed=1)
        self.acme = self.world.accounts.add("acme", platform="jet")
        self.phones = []
        for number, (model, mac) in enumerate(
            (("yealink-t46s", YEALINK), ("aastra-6867i", AASTRA), ("yealink-t54w", OTHER))
        ):
            user = self.acme.users.add(f"100{number}", first_name=f"N{number}", last_name="Lee")
            self.phones.append(self.world.phones.add(self.acme.devices.add(model=model, mac=mac, owner=user)))
        for phone in self.phones:
            phone.power_on()
        self.world.settle()

    def cycle(self) -> None:
        for phone in self.phones:
            phone.power_cycle()

    @property
    def labels(self) -> list[str]:
        return [phone.screen.label for phone in self.phones]


@pytest.fixture
def office() -> Office:
    return Office()


def test_whom_a_fault_names_may_go_and_the_others_are_still_changed(office: Office) -> None:
    """A fault that was right when it began is not refused because its phone has left."""
    world = office.world
    slow = world.faults.add("slow", phones=[YEALINK])
    world.faults.add("wrong-mac", other=YEALINK, phones=[OTHER])
    world.faults.add("cloned-mac", phone=YEALINK)
    world.phones.delete(office.phones[0])
    world.faults.add("server-error", phones=[AASTRA])
    assert len(world.faults) == 4
    world.faults.remove(slow)
    assert [type(one).__name__ for one in world.faults] == ["WrongMac", "ClonedMac", "ServerError"]
    with pytest.raises(Invalid, match="is no emulated phone"):
        world.faults.add("slow", phones=[YEALINK])  # a new one is judged
    world.faults.clear()
    assert not world.faults


def test_the_phones_are_those_that_can_be_handled(office: Office) -> None:
    """A cloned phone's twin has no address of its own: who goes through all phones does not stumble over it."""
    office.world.faults.add("cloned-mac", phone=YEALINK)
    office.world.settle()
    assert len(office.world.phones) == 3
    for phone in office.world.phones:
        assert office.world.phones[phone.mac] == phone
        phone.power_cycle()
    office.world.settle()
    assert office.labels == ["N0 Lee", "N1 Lee", "N2 Lee"]


def test_a_power_loss_that_was_to_come_does_not_come_when_the_fault_is_over(office: Office) -> None:
    office.world.faults.add("power-loss", during="idle", milliseconds=HOUR, back=30)
    office.cycle()
    with pytest.raises(NotSettled):
        office.world.settle()
    office.world.faults.clear()
    office.world.settle()
    office.world.advance(minutes=120)
    assert all(phone.powered for phone in office.phones)


def test_who_waits_for_power_has_it_when_the_fault_is_over(office: Office) -> None:
    office.world.faults.add("power-loss", during="booting", back=DAY, times=1000)
    office.cycle()
    office.world.advance(minutes=1)
    assert not any(phone.powered for phone in office.phones)
    office.world.faults.clear()
    office.world.settle()
    assert office.labels == ["N0 Lee", "N1 Lee", "N2 Lee"]


FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("server-error", {}),
    ("slow", {"milliseconds": HOUR}),
    ("truncated", {"percent": 0}),
    ("truncated", {"percent": 99}),
    ("wrong-length", {"by": -65_536}),
    ("stale-copy", {}),
    ("challenge-loop", {}),
    ("wrong-mac", {"other": OTHER}),
    ("cloned-mac", {"phone": YEALINK}),
    ("no-such-host", {}),
    ("redirect-loop", {}),
    ("clock-skew", {"seconds": -3_153_600_000}),
    ("clock-skew", {"seconds": 3_153_600_000}),
    *(
        ("power-loss", {"during": during, "milliseconds": HOUR, "back": DAY, "times": 1000})
        for during in ("booting", "fetching", "writing", "idle")
    ),
    *(("power-loss", {"during": during, "back": 1, "times": 3}) for during in ("fetching", "writing", "updating")),
)


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=[f"{kind}-{place}" for place, (kind, _) in enumerate(FAULTS)])
def test_any_two_faults_at_once_and_their_end(first: int) -> None:
    """While both are in force anything may be; afterwards every phone has the configuration of its server."""
    for one, two in combinations(FAULTS, 2):
        if one is not FAULTS[first]:
            continue
        office = Office()
        office.acme.users.update("1000", first_name="Neu")
        for kind, values in (one, two):
            office.world.faults.add(kind, **values)
        office.cycle()
        office.world.advance(minutes=61)
        office.world.faults.clear()
        office.world.settle()
        office.cycle()
        office.world.settle()
        assert office.labels == ["Neu Lee", "N1 Lee", "N2 Lee"], (one, two)


@pytest.mark.parametrize(
    ("written", "said"),
    [("p@ss", "p@ss"), ("p:w", "p:w"), ("p%40w", "p@w"), ("a%2Fb%3F%23%25", "a/b?#%"), ("100%", "100%"), ("ä", "ä")],
)
def test_credentials_in_what_a_network_offers(office: Office, written: str, said: str) -> None:
    """Percent-encoded as RFC 3986 has it, which is the only way to have a slash in a password."""
    office.world.network.offer({"66": f"http://us:{written}@files.example/x/"})
    office.phones[0].factory_reset()
    office.world.settle()
    office.phones[0].power_cycle()
    office.world.settle()
    server = office.phones[0].server
    assert (server.url, server.username, server.password) == ("http://files.example/x/", "us", said)


@pytest.mark.parametrize(
    "url", ["http://u:hush/@h/", "file:///etc/hush", "tftp://u:hush@h/", "http://u:hush@[::1", "http://u:hush@h:99999/"]
)
def test_a_wrong_address_is_refused_and_its_password_is_not_repeated(office: Office, url: str) -> None:
    for ask in (
        lambda: office.world.network.offer({"66": url}),
        lambda: office.phones[0].connect({"66": url}),
        lambda: office.world.network.redirect(office.phones[0], url=url),
        lambda: office.phones[0].stage(url=url),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        assert "hush" not in str(refused.value)


def test_a_user_asks_no_phone_for_its_pages(office: Office) -> None:
    """By HTTP he may not either: whoever can ask may restart anybody's phone."""
    seen = office.world.acting_as(office.acme.users["1001"])
    with pytest.raises(Forbidden, match="operator"):
        seen.phones[YEALINK].visit("/servlet?key=Reboot", "10.0.0.5")


def test_a_redirect_to_a_device_that_is_gone(office: Office) -> None:
    """The service still says what it was told; nobody answers that."""
    phone = office.phones[0]
    office.world.network.redirect(phone)
    phone.power_off()
    office.world.advance(minutes=70)
    office.acme.devices.delete(YEALINK)
    phone.power_on()
    office.world.settle()
    phone.factory_reset()
    office.world.settle()
    assert not phone.registered
    office.world.network.forget(phone)
    assert not office.world.network.redirects


@pytest.mark.parametrize("value", ["\x1b[31m", "a\nb", "\0", "\ud800"])
def test_a_knob_commands_no_terminal(office: Office, value: str) -> None:
    office.world.phones.delete(office.phones[0])
    with pytest.raises(Invalid, match="control characters"):
        office.world.phones.add(office.acme.devices[YEALINK], knobs={"yealink.says.booting": value})


@pytest.mark.parametrize("text", ["{", "{1}", "{0.__class__}", "%s", "{}{}"])
def test_a_knob_is_no_format(office: Office, text: str) -> None:
    office.world.phones.delete(office.phones[0])
    phone = office.world.phones.add(office.acme.devices[YEALINK], knobs={"yealink.says.messages": text})
    phone.power_on()
    office.world.settle()
    for _ in range(2):
        call = office.acme.calls.place("1000", from_="+61400000000")
        office.world.advance(minutes=2)
        if call in office.acme.calls:
            call.hang_up()
        office.world.settle()
    assert text.replace("{}", "2") in phone.screen.rows


@pytest.mark.parametrize(
    "settings",
    [
        {"auto_provision.weekly.enable": "1", "auto_provision.weekly.dayofweek": "9"},
        {
            "auto_provision.weekly.enable": "1",
            "auto_provision.weekly.begin_time": "05:00",
            "auto_provision.weekly.end_time": "04:00",
            "auto_provision.weekly.dayofweek": "0123456",
            "local_time.time_zone": "+99",
        },
        {
            "auto_provision.weekly.enable": "1",
            "auto_provision.weekly.begin_time": "99:99",
            "auto_provision.weekly.end_time": "-1:00",
            "local_time.time_zone": "-99:99",
            "local_time.summer_time": "1",
            "local_time.start_time": "99/99/99",
            "local_time.end_time": "0/0/0",
        },
        {"auto_provision.repeat.enable": "1", "auto_provision.repeat.minutes": "0"},
        {"auto_provision.repeat.enable": "1", "auto_provision.repeat.minutes": "-5"},
        {"auto_provision.repeat.enable": "1", "auto_provision.repeat.minutes": "9" * 1000},
        {"auto_provision.flexible.enable": "1", "auto_provision.flexible.interval": "100000000000"},
    ],
)
@pytest.mark.parametrize("skew", [0, -3_153_600_000, 3_153_600_000])
def test_schedules_with_nonsense(office: Office, settings: dict[str, str], skew: int) -> None:
    office.acme.devices.update(YEALINK, settings={"yealink": settings})
    office.cycle()
    if skew:
        office.world.faults.add("clock-skew", seconds=skew)
    office.world.settle()
    office.world.advance(minutes=60 * 24 * 10)
    assert office.labels[0] == "N0 Lee"
    assert office.phones[0].registered


@pytest.mark.parametrize("odd", ["x" * 4096, "\0", "\x1b[31m", "a\naccount.2.enable = 1", "😀", "<b>&\"'", "\u202e"])
def test_whoever_sits_down_types_what_he_likes(office: Office, odd: str) -> None:
    phone = office.phones[0]
    office.acme.devices.update(YEALINK, settings={"yealink": {"linekey.5.type": "34", "linekey.5.label": "Desk"}})
    phone.power_cycle()
    office.world.settle()
    phone.press("Desk")
    office.world.settle()
    assert phone.screen.title == "Hot Desking"
    phone.log_in(odd, odd, odd)
    office.world.settle()
    assert "account.2.enable" not in phone.settings.dict() or phone.settings.get("account.2.enable") != "1"
    assert "\x1b" not in phone.picture() + phone.box
    assert "<b>" not in phone.picture()


def _range(name: str, value: str) -> str:
    return (
        f'<ConfigurationItem><Parameter firstItem="1" lastItem="9999">{name}</Parameter><Value>{value}</Value>'
        "</ConfigurationItem>"
    )


@pytest.mark.parametrize(
    "items",
    [_range("softkey# label", "v" * 10_000), _range("#" + "k" * 30_000, "v"), _range("a#", "v") * 300],
    ids=["values", "names", "many"],
)
def test_a_pushed_page_sets_no_more_than_it_holds(office: Office, items: str) -> None:
    """A range of numbers would make a hundred megabytes of sixty kilobytes."""
    phone = office.phones[1]
    office.acme.devices.update(AASTRA, settings={"aastra": {"xml application post list": "10.0.0.5"}})
    phone.power_cycle()
    office.world.settle()
    before = len(repr(phone.settings))
    page = f"<AastraIPPhoneConfiguration>{items}</AastraIPPhoneConfiguration>"
    assert phone.visit("/", "10.0.0.5", f"xml={page}").status == 200
    office.world.settle()
    assert before < len(repr(phone.settings)) < before + 200_000
    assert phone.registered


PUSHED = {
    "laughs": '<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><AastraIPPhoneTextScreen><Text>&b;</Text>'
    "</AastraIPPhoneTextScreen>",
    "deep": "<a>" * 20_000,
    "escapes": "<AastraIPPhoneTextScreen><Title>&#27;[31m</Title><Text>x</Text></AastraIPPhoneTextScreen>",
    "scheme": "<AastraIPPhoneInputScreen><Title>a</Title><URL>file:///etc/passwd</URL><Parameter>c</Parameter>"
    "</AastraIPPhoneInputScreen>",
    "bytes": "\0\x7f" * 1000,
    "elsewhere": "<AastraIPPhoneExecute>" + '<ExecuteItem URI="http://h/x"/>' * 1_500 + "</AastraIPPhoneExecute>",
}


@pytest.mark.parametrize("page", PUSHED.values(), ids=PUSHED)
@pytest.mark.parametrize("source", ["10.0.0.5", "10.0.0.6", "::1", "", "x" * 5_000])
def test_whatever_is_pushed(office: Office, page: str, source: str) -> None:
    """Only who is on the list is heard, and the phone goes on."""
    phone = office.phones[1]
    office.acme.devices.update(AASTRA, settings={"aastra": {"xml application post list": "10.0.0.5"}})
    phone.power_cycle()
    office.world.settle()
    answer = phone.visit("/", source, f"xml={page}")
    assert (answer.status == 200) == (source == "10.0.0.5")
    office.world.settle()
    assert phone.registered
    assert "\x1b" not in phone.picture() + phone.box
    assert "lol" not in phone.box
    phone.power_cycle()
    office.world.settle()
    assert phone.screen.label == "N1 Lee"
