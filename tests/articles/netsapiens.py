"""NetSapiens' article, "Deleting, Resetting and Recycling Users", line by line.

Each line stands as a comment, in its order and under its headings; what only opens a page or shows a picture stands
without a step.
"""

from __future__ import annotations

import pytest

from pbxsim import Forbidden, Invalid, Refused
from pbxsim.core.rules.reset import ALL, DEFAULT, select_all


@pytest.fixture
def domain(world):
    """A domain with an Office Manager, three users who are all set up, and a desk phone and a softphone of one."""
    acme = world.accounts.add("acme", platform="netsapiens")
    acme.users.add("100", first_name="Olga", last_name="Mann", role="office-manager")
    for extension, first in (("1001", "John"), ("1002", "Mary"), ("1003", "Peter")):
        acme.users.add(
            extension,
            first_name=first,
            last_name="Smith",
            email=f"{first.lower()}@acme.example",
            password="tr0ubador",
            voicemail_pin="4711",
        )
    john = acme.users["1001"]
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john, name="1001"))
    acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:44", owner=john, name="1001a")
    phone.power_on()
    world.settle()
    return acme, phone


def tags(acme) -> list[str]:
    return [acme.users[extension].tag for extension in ("1001", "1002", "1003")]


def test_deleting_users(world, domain):
    acme, phone = domain
    # If you no longer need a user, you can delete the user from the system.
    # From the Users page, hover over the user, and click the icon. A confirmation prompt appears.
    # Click Yes to delete the user or No to retain it.
    john = acme.users["1001"]
    number = acme.numbers.add("+61255501234", user=john)
    queue = acme.queues.add("Support", members=[john])
    acme.users.delete(john)
    assert "1001" not in acme.users
    # (N1: what goes along is our decision, and policy.)
    assert "80:5e:c0:11:22:33" not in acme.devices
    assert "1001" not in acme.mailboxes
    assert number.status == "AVAILABLE"
    assert list(queue.members) == []
    world.advance(minutes=2)
    assert not phone.registered
    assert phone.screen.message == "Registration refused (403)", "N1: its next REGISTER gets 403"


def test_bulk_actions(world, domain):
    acme, _ = domain
    # Bulk User Deleting
    # Log into the Portal with a scope of Office Manager and above and navigate to the Users page within the domain.
    manager = world.acting_as(acme.users["100"]).accounts["acme"]
    # Check the boxes for all the users you wish to reset/recycle and click on the Bulk Action button.
    # A pop-up modal will display the selected users, along with the actions that can be taken.
    # The possible actions are Reset Users, Send Welcome Email and Force Password Reset.
    with pytest.raises(Invalid):
        manager.jobs.start("delete", ["1001", "1002"])
    # Select Reset User (available v38 and higher).
    world.accounts.update(acme, platform_version=37)
    with pytest.raises(Refused, match="38"):
        manager.jobs.start("reset", ["1001", "1002"])
    world.accounts.update(acme, platform_version=38)
    # By selecting Reset Users you will be able to select which subscriber information you wish to be cleared; either
    # individually or all (by clicking on Select All).
    # By default the name, email address, password, Voicemail PIN, and additional phones/devices will be deleted.
    assert DEFAULT == ("name", "email", "password", "voicemail-pin", "devices")
    # Choosing Select All Options twice will un-select all options.
    assert select_all(select_all(DEFAULT)) == ()
    assert set(select_all(())) == set(ALL)
    # Once you have selected all the subscriber information you wish to reset click Next.
    # You will be asked to verify your selected action.
    job = manager.jobs.start("reset", ["1001", "1002"], clear=list(DEFAULT))
    assert job.status == "to-confirm"
    assert acme.users["1001"].name == "John Smith"
    manager.jobs.cancel(job)
    # A status modal will show the progress of the reset and completion.
    progress = []
    job = manager.users.bulk("reset", ["1001", "1002"], progress=lambda job: progress.append(job.at))
    assert progress == sorted(progress)
    assert progress[-1] == 2
    assert (job.status, job.failed) == ("done", 0)
    assert [(row.title, row.status) for row in job.rows] == [("1001 John Smith", "done"), ("1002 Mary Smith", "done")]
    # If you are resetting a user, the selected information will be cleared, and the user/extension will remain on the
    # system for use at a later time. The user's name will be blank, and the status displayed as Setup Required.
    john = acme.users["1001"]
    assert (john.name, john.email) == ("", "")
    assert [device.name for device in acme.devices] == ["1001"], "the additional one is gone"
    with pytest.raises(Refused):
        acme.users.log_in_app(john, "tr0ubador")
    assert tags(acme) == ["setup-required", "setup-required", ""]
    # When ready, you can re-assign the extensions individually ...
    acme.users.update("1002", first_name="Ann", last_name="Lee", email="ann@acme.example")
    assert tags(acme) == ["setup-required", "password-required", ""]

    # ... or by running the bulk edit Reset User function with the Recycle Users option selected. By selecting Reset
    # Users and the additional Recycle Users option, you will be given the opportunity to immediately reassign.
    # The same steps as those shown above for resetting users will be seen when recycling user(s), however, once the
    # reset is complete, you will be presented a Next button. The Recycle Users form will appear.
    # Fill out the form for the new user, by completing the following fields
    # 1. First Name and Last Name are REQUIRED.
    with pytest.raises(Invalid, match="last_name"):
        manager.jobs.start("recycle", ["1003"], identities={"1003": {"first_name": "Bob"}})
    # 2. Email is recommended if Portal Security options are enabled; or voicemail to email/transcription is utilized.
    job = manager.jobs.start("recycle", ["1003"], identities={"1003": {"first_name": "Bob", "last_name": "Ray"}})
    assert "e-mail address" in job.rows[0].warning
    manager.jobs.cancel(job)
    forms = {
        "1001": {"first_name": "Sue", "last_name": "Per", "email": "sue@acme.example"},
        "1003": {"first_name": "Bob", "last_name": "Ray", "email": "bob@acme.example"},
    }
    job = manager.users.bulk("recycle", ["1001", "1003"], identities=forms, welcome=True)
    assert [row.warning for row in job.rows] == ["", ""]
    # Users will be created with no secure password or voicemail password.
    for password in ("tr0ubador", "geheim1"):
        with pytest.raises(Refused):
            acme.users.log_in_app("1003", password)
    # The Users status will now appear as Password Required.
    assert tags(acme) == ["password-required"] * 3
    assert (acme.users["1001"].name, acme.users["1003"].name) == ("Sue Per", "Bob Ray")
    # (... until one is set: by the link in the welcome mail, or by hand.)
    mail = next(mail for mail in acme.outbox if mail.to == "bob@acme.example")
    acme.users.redeem(mail.body, "geheim1", voicemail_pin="1234")
    acme.users.log_in_app("1003", "geheim1")
    acme.users.update("1001", password="geheim2")
    assert tags(acme) == ["", "password-required", ""]


def test_the_two_other_actions(world, domain):
    """Send Welcome Email, Force Password Reset."""
    acme, _ = domain
    acme.users.bulk("welcome-email", ["1001", "1002"])
    assert [(mail.template, mail.to) for mail in acme.outbox] == [
        ("welcome", "john@acme.example"),
        ("welcome", "mary@acme.example"),
    ]
    assert tags(acme) == ["", "", ""]
    acme.users.bulk("force-password-reset", ["1003"])
    assert tags(acme) == ["", "", "password-required"]
    with pytest.raises(Refused):
        acme.users.log_in_app("1003", "tr0ubador")
    mail = list(acme.outbox)[-1]
    assert mail.to == "peter@acme.example"
    acme.users.redeem(mail.body, "geheim3")
    acme.users.log_in_app("1003", "geheim3")
    assert tags(acme) == ["", "", ""]


def test_below_office_manager_nothing_is_done_in_bulk(world, domain):
    """N2: "with a scope of Office Manager and above"."""
    acme, _ = domain
    acme.users.add("101", role="site-manager")
    for extension in ("101", "1003"):
        seen = world.acting_as(acme.users[extension]).accounts["acme"]
        with pytest.raises(Forbidden):
            seen.users.bulk("reset", ["1001", "1002"])
    assert [acme.users[extension].name for extension in ("1001", "1002")] == ["John Smith", "Mary Smith"]
