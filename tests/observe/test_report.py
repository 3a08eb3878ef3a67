"""The staleness report as people read it."""

from __future__ import annotations

from pbxsim import World


def test_the_report_says_where_an_old_name_stands_and_what_it_waits_for():
    world = World(seed=7)
    acme = world.accounts.add("acme", platform="customer-portal")
    ann = acme.users.add("204", first_name="Ann", last_name="Lee", email="ann@acme.example")
    bob = acme.users.add("205", first_name="Bob", last_name="May")
    device = acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=ann)
    world.phones.add(device).power_on()
    unseen = acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:44", owner=bob)
    acme.blf_keys.add(unseen, 2, ann)
    world.settle()
    assert str(acme.staleness()) == "What shows an old name:\n  nothing"
    acme.users.update(ann, first_name="Zoe")
    assert str(acme.staleness()).splitlines() == [
        "What shows an old name:",
        "  Yealink T46S 80:5e:c0:11:22:33: label says 'Ann Lee', the PBX 'Zoe Lee'; a fetch brings it",
        "  Yealink T46S 80:5e:c0:11:22:33: display name says 'Ann Lee', the PBX 'Zoe Lee'; a fetch brings it",
        "  directory says 'Ann Lee', the user is called 'Zoe Lee' now",
        "  key 2 of Yealink T46S 80:5e:c0:11:22:44 says 'Ann Lee', the user is called 'Zoe Lee' now",
        "  mailbox 204 says 'ann@acme.example', the user is called 'Zoe Lee' now",
    ]
