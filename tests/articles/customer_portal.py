"""The Customer Portal's article, "How can I reassign an extension to a new user?", line by line.

Each numbered line is a step of the text, in its order; clicks that only open a page stand as comments.
"""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Forbidden


@pytest.fixture
def office(world):
    """A company: its PBX Admin, and extension 105, which Jane Doe leaves behind."""
    acme = world.accounts.add("acme", platform="customer-portal")
    admin = acme.users.add("100", first_name="Pat", last_name="Admin", email="pat@example.com", role="pbx-admin")
    jane = acme.users.add(
        "105", first_name="Jane", last_name="Doe", email="jane@example.com", password="jane's own", voicemail_pin="4711"
    )
    acme.users.update_login(jane, first_name="Jane", last_name="Doe", portal_access=True)
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=jane))
    acme.blf_keys.add(acme.devices.add(model="yealink-t54w", mac="80:5e:c0:11:22:44", owner=admin), 2, jane)
    phone.power_on()
    world.settle()
    return world.acting_as(admin).accounts["acme"], admin, jane, phone


def test_reassign_an_extension_to_a_new_user(world, office):
    acme, admin, jane, phone = office
    # Users with PBX Admin access have the ability to manage their extensions and those of other users.
    acme.users.update(admin, first_name="Patricia")
    # Note: this is for available extensions and existing users only. To add a new phone, extension, or new employee,
    # please submit a ticket to our service team.
    with pytest.raises(Forbidden) as refusal:
        acme.users.add("106", first_name="Sam")
    (blocker,) = refusal.value.blockers
    assert refusal.value.rule == "customer-portal.request"
    assert (blocker.kind, blocker.request) == ("request", ("POST", "/api/v1/accounts/acme/requests"))
    ticket = acme.requests.add("add-user", wanted={"extension": "106", "first_name": "Sam"})
    assert (ticket.status, ticket.title) == ("open", "Add user 106")
    world.acting_as(SERVICE_DESK).accounts["acme"].requests.fulfil(ticket)
    assert acme.users["106"].first_name == "Sam"

    # 1. Log in with your PBX Admin account.  2. Click on the Extension icon.
    # 3. Look for a drop-down list; when first accessed it should show the current user's extension.
    assert world.acting_as(admin).me == acme.users["100"]  # C2: the list opens at one's own
    # 4. Click on the drop-down and find the extension you wish to reassign.
    assert [user.extension for user in acme.users] == ["100", "105", "106"]
    # 5. Click on it; you will now be able to edit this extension's information.
    extension = acme.users["105"]
    assert extension.name == "Jane Doe"
    # 6. To change the name of the person, go to the Extension tab. After entering the new name click on SAVE.
    acme.users.update(extension, first_name="John", last_name="Smith")
    assert extension.name == "John Smith"
    assert (extension.portal_name, extension.login) == ("Jane Doe", "jane@example.com"), "a tab stores itself only"
    # 7. To change the log in information, click on the Login Information tab.  8. Enter the name and last name.
    # 9. Enter their email address and assign a password.  10. If this user will need Portal Access, switch it on.
    # 11. When all these settings are complete, click on SAVE.
    acme.users.update_login(
        extension,
        first_name="John",
        last_name="Smith",
        email="john@example.com",
        password="john's own",
        portal_access=True,
    )
    assert (extension.portal_name, extension.login, extension.portal_access) == ("John Smith", "john@example.com", True)

    # In addition, we recommend checking the Voicemail Settings tab, and to update the email to the new person's.
    mailbox = acme.mailboxes["105"]
    assert mailbox.email == "jane@example.com"
    acme.mailboxes.update(mailbox, email="john@example.com")
    assert mailbox.email == "john@example.com"

    # The phone shows the new name when it next fetches its file (decided: at each power-on).
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "John Smith"

    # If the extension was part of a directory or there are BLF keys, please reach out to us.
    (entry,) = [entry for entry in acme.directory if entry.user == jane.id]
    (key,) = acme.blf_keys
    assert (entry.name, key.label) == ("Jane Doe", "Jane Doe")
    desk = world.acting_as(SERVICE_DESK).accounts["acme"]
    for kind, wanted in (("update-directory-entry", {"entry": entry.id}), ("update-blf-key", {"blf_key": key.id})):
        ticket = acme.requests.add(kind, wanted=wanted)
        desk.requests.fulfil(ticket, answer="It says so now.")
        assert (ticket.status, ticket.answer) == ("fulfilled", "It says so now.")
    assert (entry.name, key.label) == ("John Smith", "John Smith")
