"""Faults outside: each does what it says, and whatever goes wrong a phone ends with a whole configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim import Invalid, Refused, World
from pbxsim.core.faults import AnyFault
from pbxsim.world.faults import BEHAVIOURS
from tests.law import law

MAC, OTHER = "80:5e:c0:11:22:33", "80:5e:c0:11:22:44"
BARE = "805ec0112233"


class Office:
    """Two phones that are up, and whose users have new names that the phones have not fetched yet."""

    def __init__(self, model: str = "yealink-t46s") -> None:
        self.world = World(seed=3)
        self.acme = self.world.accounts.add("acme", platform="jet")
        self.john = self.acme.users.add("1002", first_name="John", last_name="Smith")
        self.mary = self.acme.users.add("1003", first_name="Mary", last_name="Jones")
        self.line = self.acme.devices.add(model=model, mac=MAC, owner=self.john)
        self.other = self.acme.devices.add(model=model, mac=OTHER, owner=self.mary)
        self.phone = self.world.phones.add(self.line)
        self.phone.power_on()
        self.world.settle()
        assert self.label == "John Smith"
        self.acme.users.update(self.john, first_name="Johnny")

    @property
    def label(self) -> str:
        """Line 1's, also where a prompt for credentials covers it."""
        return self.phone.screen.lines[0].label

    def cycle(self) -> None:
        self.phone.power_cycle()
        self.world.settle()

    @property
    def why(self) -> str:
        return self.phone.report.reason if self.phone.report else ""


@pytest.fixture
def office() -> Office:
    return Office()


def test_every_kind_has_a_file() -> None:
    assert set(BEHAVIOURS) == set(AnyFault.__args__)


@pytest.mark.parametrize(
    ("kind", "values", "why"),
    [
        ("server-error", {"status": 503}, "503"),
        ("server-error", {"status": 500, "retry_after": 0}, "500"),
        ("truncated", {"percent": 30}, "announced"),
        ("truncated", {"percent": 0}, "announced"),
        ("wrong-length", {"by": 7}, "announced"),
        ("wrong-length", {"by": -7}, "announced"),
        ("challenge-loop", {}, "refuses"),
        ("no-such-host", {}, "no such host"),
        ("redirect-loop", {}, "redirects"),
        ("slow", {"milliseconds": 31_000}, "no answer in time"),
    ],
)
def test_what_ends_a_run_leaves_the_old_configuration(office: Office, kind: str, values: dict, why: str) -> None:
    office.world.faults.add(kind, **values)
    office.cycle()
    assert why in office.why
    assert office.label == "John Smith"
    assert office.phone.registered
    office.world.faults.clear()
    office.cycle()
    assert office.label == "Johnny Smith"


def test_slow_is_only_late(office: Office) -> None:
    before = office.world.now
    office.cycle()
    quick = office.world.now - before
    office.world.faults.add("slow", milliseconds=2_000)
    before = office.world.now
    office.cycle()
    assert office.world.now - before > quick
    assert office.label == "Johnny Smith"


def test_a_stale_copy_answers_as_of_when_the_fault_began(office: Office) -> None:
    office.world.faults.add("stale-copy")
    office.acme.users.update(office.john, last_name="Public")
    office.cycle()
    assert office.label == "Johnny Smith"
    office.world.faults.clear()
    office.cycle()
    assert office.label == "Johnny Public"


def test_the_wrong_mac_makes_a_phone_somebody_else(office: Office) -> None:
    office.world.faults.add("wrong-mac", other=OTHER)
    office.cycle()
    assert office.label == "Mary Jones"
    with pytest.raises(Refused):
        office.acme.users.delete(office.mary)


def test_a_cloned_mac_holds_the_log_in_when_the_phone_is_gone(office: Office) -> None:
    fault = office.world.faults.add("cloned-mac", phone=MAC)
    office.world.settle()
    assert len(office.world.pbx.bindings[office.line.id]) == 2
    office.phone.factory_reset()
    office.world.settle()
    with pytest.raises(Refused) as refused:
        office.acme.users.delete(office.john)
    assert [blocker.kind for blocker in refused.value.blockers] == ["login"]
    office.world.faults.remove(fault)
    assert len(office.world.phones) == 1
    office.world.advance(minutes=61)
    office.acme.users.delete(office.john)


def test_a_certificate_counts_for_https_and_for_phones_that_check(office: Office) -> None:
    office.world.faults.add("certificate-expired")
    office.cycle()
    assert office.label == "Johnny Smith"  # it asks by http
    url, user, password = office.phone.flash.url, office.phone.flash.username, office.phone.flash.password
    office.phone.stage(url=url.replace("http://", "https://"), username=user, password=password)
    office.world.settle()
    assert "expired" in office.why
    office.phone.set_locally("static.security.trust_certificates", "0")
    office.cycle()
    assert "expired" not in office.why


@pytest.mark.parametrize("seconds", [-90 * 86_400, 90 * 86_400])
def test_a_clock_that_is_months_off_finds_no_certificate_valid(office: Office, seconds: int) -> None:
    url, user, password = office.phone.flash.url, office.phone.flash.username, office.phone.flash.password
    office.world.faults.add("clock-skew", seconds=seconds)
    office.phone.stage(url=url.replace("http://", "https://"), username=user, password=password)
    office.world.settle()
    assert "certificate" in office.why
    office.world.faults.clear()
    office.cycle()
    assert "certificate" not in office.why


def test_a_clock_that_is_fast_fetches_at_another_hour(office: Office) -> None:
    for key, value in (("enable", "1"), ("dayofweek", "0123456"), ("begin_time", "03:00"), ("end_time", "03:00")):
        office.phone.set_locally(f"static.auto_provision.weekly.{key}", value)
    asked: list[int] = []
    for seconds in (0, 3 * 3600):
        fork = office.world.fork()
        if seconds:
            fork.faults.add("clock-skew", seconds=seconds)
        fork.advance(minutes=1)
        asked.append(next(at for name, at, _ in fork.phones[MAC].deadlines if name == "schedule"))
    assert (asked[0] - asked[1]) % 86_400_000 == 3 * 3600 * 1000


@pytest.mark.parametrize("during", ["booting", "fetching", "writing"])
def test_power_that_goes_during_a_boot_comes_back_and_the_phone_with_it(office: Office, during: str) -> None:
    office.world.faults.add("power-loss", during=during, back=5)
    office.cycle()
    assert office.label == "Johnny Smith"
    assert office.phone.registered


def test_power_that_goes_while_flash_is_written_leaves_the_old_configuration(office: Office) -> None:
    before = office.phone.settings
    office.world.faults.add("power-loss", during="writing", back=0)
    office.cycle()
    assert not office.phone.powered
    assert office.phone.settings == before
    office.phone.power_on()
    office.world.settle()
    assert office.label == "Johnny Smith"


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
def test_power_that_goes_while_it_looks_for_its_server(model: str) -> None:
    office = Office(model)
    office.world.network.redirect(office.phone, to=office.line)
    office.world.faults.add("power-loss", during="looking", back=5)
    office.phone.factory_reset()
    office.world.advance(minutes=2)
    assert office.label == "Johnny Smith"
    assert office.phone.registered


def test_power_that_goes_while_it_idles_and_while_it_updates(office: Office) -> None:
    office.world.faults.add("power-loss", during="updating", back=3, milliseconds=1)
    office.acme.devices.sync(office.line, reboot=False)
    office.world.settle()
    assert office.label == "Johnny Smith"
    office.world.faults.add("power-loss", during="idle", back=0)
    office.cycle()
    assert not office.phone.powered


def test_a_fault_concerns_the_phones_it_names(office: Office) -> None:
    office.world.faults.add("no-such-host", phones=[office.phone])
    second = office.world.phones.add(office.other)
    second.power_on()
    office.world.settle()
    office.cycle()
    assert second.screen.label == "Mary Jones"
    assert "no such host" in office.why


def test_what_is_wrong_with_a_fault_is_told_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as told:
        office.world.faults.add("server-error", status=200, retry_after=-1, phones=["80:5e:c0:99:99:99"])
    assert {fault.pointer for fault in told.value.faults} == {"/faults/0/status", "/faults/0/retry_after"}
    for kind, values in (
        ("earthquake", {}),
        ("cloned-mac", {"phone": OTHER}),
        ("wrong-mac", {"other": "80:5e:c0:99:99:99"}),
        ("slow", {"phones": ["80:5e:c0:99:99:99"]}),
    ):
        with pytest.raises(Invalid):
            office.world.faults.add(kind, **values)
    assert not len(office.world.faults)


def test_a_fork_has_its_own_faults(office: Office) -> None:
    fork = office.world.fork()
    fork.faults.add("no-such-host")
    assert not len(office.world.faults)


KINDS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("server-error"), "status": st.sampled_from([500, 503])}),
    st.fixed_dictionaries({"kind": st.just("slow"), "milliseconds": st.sampled_from([10, 2_000, 29_999, 40_000])}),
    st.fixed_dictionaries({"kind": st.just("truncated"), "percent": st.integers(0, 99)}),
    st.fixed_dictionaries({"kind": st.just("wrong-length"), "by": st.integers(-500, 500).filter(bool)}),
    st.fixed_dictionaries({"kind": st.sampled_from(["stale-copy", "challenge-loop", "no-such-host", "redirect-loop"])}),
    st.fixed_dictionaries(
        {
            "kind": st.just("power-loss"),
            "during": st.sampled_from(["booting", "fetching", "writing", "updating", "idle"]),
            "milliseconds": st.integers(0, 40_000),
            "back": st.integers(1, 60),
            "times": st.integers(1, 3),
        }
    ),
)


@law(150)
@given(
    st.lists(st.lists(KINDS, max_size=3, unique_by=repr), max_size=4),
    st.booleans(),
    st.booleans(),
    st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_a_phone_always_ends_with_a_whole_configuration(
    storms: list, aastra: bool, cut: bool, cable: tuple[int, int] | None
) -> None:
    """Never a mixture: what is in force is what the phone had at first, or what the server gives it now."""
    office = Office("aastra-6731i" if aastra else "yealink-t46s")
    old = office.phone.settings.dict()
    for storm in storms:
        office.world.faults.clear()
        for fault in storm:
            office.world.faults.add(fault.pop("kind"), **fault)
        if cut:
            office.phone.power_cycle()
        else:
            office.acme.devices.sync(office.line)
        if cable is not None:  # pulled after so many seconds, for so many
            office.world.advance(seconds=cable[0])
            office.phone.network_off()
            office.world.advance(seconds=cable[1])
            assert office.phone.settings.dict() in (old, _new(office))
            office.phone.network_on()
        office.world.advance(minutes=5)
        assert office.phone.settings.dict() in (old, _new(office))
    office.world.faults.clear()
    office.cycle()
    assert office.label == "Johnny Smith"


def _new(office: Office) -> dict:
    """What a phone without troubles has."""
    fork = office.world.fork()
    fork.faults.clear()
    phone = fork.phones[MAC]
    phone.network_on()
    phone.power_cycle()
    fork.settle()
    return phone.settings.dict()
