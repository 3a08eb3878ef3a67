"""The users page's article, "How to managing users", line by line.

Each comment is a line of the text, in its order and under its headings; clicks that only open a page are left out.
"""

from __future__ import annotations

import pytest

from pbxsim import Forbidden, Invalid


@pytest.fixture
def office(world):
    """An office with two numbers, an administrator, and the auto attendant's system user."""
    acme = world.accounts.add("acme", platform="users-page", seats=4)
    for number in ("+16045550101", "+16045550102"):
        acme.numbers.add(number)
    admin = acme.users.add("10", first_name="Pat", last_name="Admin", email="pat@example.com", role="admin")
    acme.users.add("90", first_name="Auto attendant", system=True)
    return world.acting_as(admin).accounts["acme"], admin


def test_how_to_manage_users(world, office):
    acme, admin = office
    # Users are the extensions on your system. System users are users associated with call routing.
    assert [(user.extension, user.system) for user in acme.users] == [("10", False), ("90", True)]

    # Adding Users: 1. Click the + New User button.  2. Complete the fields.  3. Click Add User.
    # Enter a username: the user's first name.  Email Address: on which the user can log in on the portal.
    # License Type: Voice or Admin.  Extension Number: 2-4 digits only.
    # Outbound Caller ID: which phone number from the dropdown list.  Send calls to Voicemail after.
    assert [number.e164 for number in acme.numbers] == ["+16045550101", "+16045550102"]
    john = acme.users.add(
        "1002",
        first_name="John",
        last_name="Smith",
        email="John@example.com",
        role="voice",
        caller_id="+16045550101",
        ring_seconds="3 rings",
    )
    assert (john.login, john.role, john.ring_seconds) == ("john@example.com", "voice", 18)
    assert acme.numbers["+16045550101"].id == john.caller_id
    for wrong in ("1", "10021"):
        with pytest.raises(Invalid, match="extension"):
            acme.users.add(wrong)
    # ... and this will also be where they will receive the voicemail or invite messages.
    assert acme.mailboxes["1002"].email == "John@example.com"
    assert {mail.to for mail in acme.outbox} == {"pat@example.com", "John@example.com"}
    # Admin will have complete control of the system while a user is limited to their extension/user only.
    seen = world.acting_as(john).accounts["acme"]
    seen.users.update(john, dnd=True)
    with pytest.raises(Forbidden):
        seen.users.update(admin, dnd=True)

    # Displaying the Users Page: a search field allows you to search users by entering their name or extension.
    assert [user.extension for user in acme.users.search("smi")] == ["1002"]
    assert [user.extension for user in acme.users.search("10")] == ["10", "1002"]
    # Where to go from here: Import users.
    added = acme.users.import_csv("Username,Extension Number,License Type\nMary,1003,Voice\nAnn,1004,Admin\n")
    assert [(user.first_name, user.role) for user in added] == [("Mary", "voice"), ("Ann", "admin")]

    # U10. Editing Users: names, passwords, answering rules, voice mail (the PEN icon).
    acme.users.update(john, first_name="Jack", password="a new one")
    assert john.name == "Jack Smith"
    # The Message Icon allows you to view the current user's voicemail messages.
    acme.calls.place("1003", from_="+61400000000")
    world.advance(minutes=1)
    assert [(message.caller, message.folder) for message in acme.users["1003"].messages] == [("+61400000000", "new")]
    # The Gear Icon. Mobile: the QR code that you will scan after downloading the app.  Desktop: click on this one.
    for app in ("mobile", "desktop"):
        acme.users.scan(acme.users.setup_code(john, app))
    assert [login.name for login in john.logins] == ["desktop app", "mobile app"]
    # Send calls to Voicemail after: you can choose between 2-10 rings, by default set to 4.
    assert acme.users["1003"].ring_seconds == 4 * 6
    acme.users.update(john, ring_seconds="10 rings")
    for wrong in ("1 ring", "11 rings"):
        with pytest.raises(Invalid, match="2 to 10 rings"):
            acme.users.update(john, ring_seconds=wrong)
    # Enable Voicemail: choose whether to enable or disable it.
    acme.users.update(john, voicemail=False)
    assert not john.voicemail
    # Greeting Message: click on Change.  Email Address: on which the user will receive the voicemail.
    # Password: used when accessing it via voicemail center.
    acme.mailboxes.update("1002", greeting="Jack is away.", email="jack@example.com", pin="4711")
    assert (john.mailbox.greeting, john.mailbox.email) == ("Jack is away.", "jack@example.com")
    acme.mailboxes.log_in("1002", "4711")
    # Call Forwarding: internally or externally, and an option to ring all destinations simultaneously.
    acme.users.update(john, forwarding={"busy": "1003", "no_answer": "+16045550199", "also": ["1004"]})
    assert (john.forwarding.no_answer, list(john.forwarding.also)) == ("+16045550199", ["1004"])
    # Enable/Disable DND.
    acme.users.update(john, dnd=False)
    assert not john.dnd

    # Deleting Users: click on the x icon and it will prompt you to delete the user (the page's own question).
    acme.users.delete(john)
    assert "1002" not in acme.users
