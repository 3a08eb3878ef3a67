"""BLF keys and message lamps in a world: who is told what, by which messages, and what lights."""

from __future__ import annotations

import pytest

from pbxsim import World
from pbxsim.core.invariants import watchers_are_their_subscriptions

MACS = ("80:5e:c0:00:00:01", "80:5e:c0:00:00:02", "80:5e:c0:00:00:03")


def office(people=3, model="yealink-t46s", platform="jet"):
    """People with a phone each; the first one's keys watch the others."""
    world = World(seed=1)
    acme = world.accounts.add("acme", platform=platform)
    users, devices = [], []
    for serial, mac in enumerate(MACS[:people], 1):
        users.append(acme.users.add(f"100{serial}", first_name="User", last_name=str(serial), voicemail_pin="4711"))
        devices.append(acme.devices.add(model=model, mac=mac, owner=users[-1]))
        world.phones.add(devices[-1])
    for position, user in enumerate(users[1:], 2):
        acme.blf_keys.add(devices[0], position, user)
    for phone in world.phones:
        phone.power_on()
    world.settle()
    return world, acme, [world.phones[mac] for mac in MACS[:people]]


def lit(phone):
    """What lights: name -> lamp, in words."""
    return {lamp.name: str(lamp) for lamp in phone.lamps if str(lamp) != "off"}


def wire(world, seconds=1.0):
    """Let time pass; the SIP messages that were on the wire meanwhile: (method or status, event or '', phone)."""
    seen, known = [], set()
    end = world.state.now + int(seconds * 1000)
    while world.state.now < end:
        for _, sequence, _, mac, message in world.state.in_flight:
            if sequence not in known:
                known.add(sequence)
                body = getattr(message, "body", b"").decode().split("\r")[0]
                seen.append((getattr(message, "method", None) or message.status, body, mac[-1]))
        world.advance(seconds=0.001)
    return seen


def test_a_neighbour_rings_talks_and_is_free_again():
    world, acme, (anna, bert, carl) = office()
    assert lit(anna) == {"linekey2": "green", "linekey3": "green"}
    carl.dial("1002")
    world.advance(seconds=1)
    assert lit(anna) == {"linekey2": "red fast", "linekey3": "red"}
    bert.answer()
    world.advance(seconds=1)
    assert lit(anna) == {"linekey2": "red", "linekey3": "red"}
    bert.hang_up()
    world.advance(seconds=1)
    assert lit(anna) == {"linekey2": "green", "linekey3": "green"}


def test_only_those_who_watch_are_told():
    world, acme, (anna, bert, carl) = office()
    carl.dial("1002")
    told = [seen for seen in wire(world) if seen[0] == "NOTIFY"]
    assert told == [("NOTIFY", "confirmed", "1"), ("NOTIFY", "early", "1")]


def test_a_phone_without_such_keys_asks_for_nothing():
    world, _, (_, bert, _) = office()
    bert.power_cycle()
    assert not [seen for seen in wire(world, 60) if seen[0] in ("SUBSCRIBE", "NOTIFY") and seen[2] == "2"]


def test_subscriptions_are_refreshed_and_lost_with_their_power():
    """After a power cut the PBX goes on sending, until the subscription's time is up; the phone that has power again
    says that it knows nothing of it."""
    world, acme, (anna, bert, carl) = office()
    first = dict(world.pbx.subscriptions)
    world.advance(hours=3)
    assert {*world.pbx.subscriptions} == {*first}  # the same dialogs, refreshed
    anna.power_off()
    carl.dial("1002")
    told = [seen for seen in wire(world) if seen[0] == "NOTIFY"]
    assert len(told) == 2  # to nobody
    carl.hang_up()
    anna.power_on()
    world.settle()
    assert len(world.pbx.subscriptions) == 4
    carl.dial("1002")
    seen = wire(world)
    assert seen.count((481, "", "1")) == 2
    assert len(world.pbx.subscriptions) == 2
    assert lit(anna) == {"linekey2": "red fast", "linekey3": "red"}


def test_what_nobody_refreshes_ends():
    world, _, (anna, *_) = office()
    anna.power_off()
    world.advance(minutes=61)
    assert not world.pbx.subscriptions
    assert not world.pbx.watchers


def test_somebody_who_is_gone():
    """His lamp goes out, and is asked for again at the next period: 404."""
    world, acme, (anna, bert, carl) = office()
    acme.users.update("1002", extension="1009")
    world.settle()
    assert lit(anna) == {"linekey3": "green"}
    world.advance(hours=2)
    assert lit(anna) == {"linekey3": "green"}  # the key still asks for 1002: no file was fetched since
    assert {one.extension for one in world.pbx.subscriptions.values()} == {"1003"}
    assert [watch.status for watch in anna.watches] == [404, 0]


def test_the_pbx_does_not_say_whether_somebody_is_registered():
    """A dialog is all that it speaks of: a phone without power looks free."""
    world, acme, (anna, bert, carl) = office()
    bert.power_off()
    world.advance(hours=2)
    assert lit(anna)["linekey2"] == "green"


def test_a_key_that_is_programmed_anew():
    world, acme, (anna, bert, carl) = office()
    key = next(key for key in acme.blf_keys if key.position == 3)
    acme.blf_keys.delete(key)
    anna.power_cycle()
    world.settle()
    assert lit(anna) == {"linekey2": "green"}


def test_a_live_change_of_keys_takes_the_old_subscription_back():
    world, acme, (anna, bert, carl) = office()
    anna.set_locally("linekey.3.value", "1001")
    world.settle()
    assert sorted(one.extension for one in world.pbx.subscriptions.values()) == ["1001", "1002"]
    assert lit(anna) == {"linekey2": "green", "linekey3": "green"}
    anna.dial("1002")
    world.advance(seconds=1)
    assert lit(anna)["linekey3"] == "red"  # itself


def test_pressing_a_lit_key_calls():
    world, acme, (anna, bert, carl) = office()
    anna.press("linekey2")
    world.advance(seconds=1)
    assert bert.screen.call is not None
    assert bert.screen.call.number == "1001"


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
def test_a_message_waits(model):
    world, acme, phones = office(1, model)
    phone = phones[0]
    leave(world, acme)
    assert lit(phone) == {"message": "red slow"}
    assert "1 new" in phone.screen.message
    leave(world, acme)
    assert "2 new" in phone.screen.message
    phone.power_cycle()
    world.settle()
    assert lit(phone) == {"message": "red slow"}  # it is told again when it has registered
    box = next(iter(acme.mailboxes))
    for message in list(box.messages):
        acme.mailboxes.move_message(message, "saved")
    world.settle()
    assert lit(phone) == {}
    assert phone.screen.message == ""


def leave(world, acme):
    """Somebody calls, nobody answers, and he speaks to the mailbox."""
    call = acme.calls.place("1001", from_="+61400000000")
    world.advance(minutes=2)
    if call in acme.calls:
        call.hang_up()
    world.settle()


def test_forks_keep_their_own_watchers():
    world, acme, (anna, bert, carl) = office()
    other = world.fork()
    other.phones[MACS[2]].dial("1002")
    other.advance(seconds=1)
    assert lit(other.phones[MACS[0]])["linekey2"] == "red fast"
    assert lit(anna)["linekey2"] == "green"


def test_nobody_watches_across_accounts():
    world, acme, (anna, bert, carl) = office()
    beta = world.accounts.add("beta", platform="jet")
    beta.users.add("2002", first_name="B", last_name="B")
    anna.set_locally("linekey.2.value", f"2002@{beta.realm}")
    world.settle()
    assert anna.watches[1].status == 404
    assert "linekey2" not in lit(anna)


def test_watchers_and_subscriptions_agree_whatever_happens():
    world, acme, (anna, bert, carl) = office()

    def broken():
        return watchers_are_their_subscriptions(world.pbx, world.nature.platforms)

    assert broken() == []
    anna.power_cycle()
    world.settle()
    assert broken() == []
    acme.users.update("1003", extension="1009")
    anna.set_locally("linekey.2.value", "1009")
    world.settle()
    world.advance(hours=3)
    assert broken() == []
    assert {one.extension for one in world.pbx.subscriptions.values()} == {"1009"}


def test_a_leap_over_a_day_is_the_day_played_where_messages_wait():
    """A refresh is followed by a NOTIFY as long as a message waits: such a phone is not leapt over."""
    world, acme, (phone,) = office(1)
    leave(world, acme)
    before = world.state.sequence
    world.advance(days=1)
    refreshes = (world.state.sequence - before) / 4  # REGISTER, NOTIFY, and their answers
    assert refreshes > 40
    assert lit(phone) == {"message": "red slow"}
