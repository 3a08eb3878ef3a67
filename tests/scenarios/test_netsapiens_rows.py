"""NetSapiens' workflows, row by row (N1 to N11), in process and over HTTP."""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Forbidden, Invalid, Refused


@pytest.fixture
def acme(world):
    acme = world.accounts.add("acme", platform="netsapiens")
    for extension, first in (("1001", "John"), ("1002", "Mary")):
        given = {"first_name": first, "last_name": "Smith", "email": f"{first.lower()}@acme.example"}
        acme.users.add(extension, **given, password="tr0ubador", voicemail_pin="4711")
    return acme


FORMS = {
    "1001": {"first_name": "Ann", "last_name": "Lee", "email": "ann@acme.example"},
    "1002": {"first_name": "Bob", "last_name": "Ray"},
}


def test_n1_what_goes_along_is_policy(world, acme):
    john = acme.users["1001"]
    device = acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)
    queue = acme.queues.add("Support", members=[john])
    keep = {f"netsapiens.user.delete.{kind}": fate for kind, fate in (("devices", "release"), ("mailboxes", "keep"))}
    world.accounts.update(acme, policy=keep)
    acme.users.delete(john)
    assert device.owner is None
    assert "1001" in acme.mailboxes
    assert list(queue.members) == []


def test_n1_calls_that_were_made_stay(world, acme):
    john = acme.users["1001"]
    acme.call("1001")
    acme.users.delete(john)
    assert "1001" not in acme.users


def test_n2_who_may(world, acme):
    for role, may in (("office-manager", True), ("site-manager", False), ("basic-user", False)):
        somebody = acme.users.add(f"20{len(role)}", role=role)
        seen = world.acting_as(somebody).accounts["acme"]
        if may:
            assert seen.users.bulk("welcome-email", ["1001"]).failed == 0
        else:
            with pytest.raises(Forbidden):
                seen.users.bulk("welcome-email", ["1001"])
    assert world.acting_as(SERVICE_DESK).accounts["acme"].users.bulk("welcome-email", ["1002"]).failed == 0
    assert [mail.to for mail in acme.outbox] == ["john@acme.example", "mary@acme.example"]


def test_n3_no_deleting_in_bulk(acme):
    with pytest.raises(Invalid) as wrong:
        acme.users.bulk("delete", ["1001"])
    assert [fault.pointer for fault in wrong.value.faults] == ["/action"]


def test_n4_the_version(world, acme):
    world.accounts.update(acme, platform_version=37)
    with pytest.raises(Refused, match="38") as refusal:
        acme.users.bulk("reset", ["1001"])
    assert refusal.value.rule == "netsapiens.user.reset.version"
    assert acme.users["1001"].name == "John Smith"


def test_n5_ticks(acme):
    john = acme.users["1001"]
    acme.users.reset(john, clear=["email", "answering-rules"])
    assert (john.name, john.email) == ("John Smith", "")


def test_n6_confirmed_and_each_row_for_itself(acme):
    acme.users.update("1001", email="")
    job = acme.jobs.start("force-password-reset", ["1001", "1002"])
    assert (job.status, job.at) == ("to-confirm", 0)
    done = acme.users.bulk("force-password-reset", ["1001", "1002"])
    assert [row.status for row in done.rows] == ["failed", "done"]
    assert "e-mail" in done.rows[0].why
    assert (acme.users["1001"].tag, acme.users["1002"].tag) == ("", "password-required")
    acme.jobs.cancel(job)
    assert job.status == "cancelled"
    assert [one.id for one in acme.jobs] == [job.id, done.id]


def test_n7_user_and_extension_stay(acme):
    john = acme.users["1001"]
    acme.users.bulk("reset", [john])
    assert (john.name, john.extension, john.tag) == ("", "1001", "setup-required")
    assert acme.call("1001").steps


def test_n8_the_form(acme):
    job = acme.users.bulk("recycle", ["1001", "1002"], identities=FORMS)
    assert [row.warning for row in job.rows] == ["", "voicemail to e-mail needs an e-mail address"]
    assert [acme.users[one].name for one in ("1001", "1002")] == ["Ann Lee", "Bob Ray"]


def test_n9_password_required_until_one_is_set(acme):
    acme.users.recycle("1001", "Ann", "Lee", "ann@acme.example", welcome=True)
    ann = acme.users["1001"]
    assert ann.tag == "password-required"
    acme.users.redeem(list(acme.outbox)[-1].body, "geheim1")
    assert ann.tag == ""


def test_n10_the_outbox(acme):
    acme.users.send_welcome("1001")
    acme.users.force_password_reset("1002")
    acme.users.send_recovery("1001")
    assert [(mail.template, mail.to, mail.status) for mail in acme.outbox] == [
        ("welcome", "john@acme.example", "waiting"),
        ("password-reset", "mary@acme.example", "waiting"),
        ("recovery", "john@acme.example", "waiting"),
    ]


def test_n11_tags(acme):
    peter = acme.users.add("1003", first_name="Peter", last_name="Smith")
    seen = [peter.tag]
    acme.users.update(peter, password="tr0ubador")
    seen.append(peter.tag)
    acme.mailboxes.update("1003", pin="4711")
    seen.append(peter.tag)
    acme.users.reset(peter)
    seen.append(peter.tag)
    acme.users.update(peter, first_name="Ann", last_name="Lee")
    seen.append(peter.tag)
    acme.users.update(peter, password="geheim1")
    assert [*seen, peter.tag] == ["new", "new", "", "setup-required", "password-required", ""]


@pytest.mark.parametrize("app", ["mobile", "desktop"])
def test_u4_an_app_is_set_up_with_what_its_camera_reads(world, app):
    """Over HTTP the text is read from the picture."""
    acme = world.accounts.add("page", platform="users-page")
    anna = acme.users.add("204", first_name="Anna", last_name="Lee", email="anna@page.example")
    text = acme.users.setup_code(anna, app)
    assert text.startswith("pbxsim:setup?")
    login = acme.users.scan(text)
    assert [(one.kind, one.name, one.id) for one in anna.logins] == [("app", f"{app} app", login)]
    with pytest.raises(Refused) as refusal:
        acme.users.scan(text)
    assert refusal.value.rule == "pbx.setup-code"
    late = acme.users.setup_code(anna, app)
    world.advance(minutes=11)
    with pytest.raises(Refused):
        acme.users.scan(late)
