"""Jet's article, "This article will show you how to deactivate a phone user", line by line.

Each numbered line is a step of the text, in its order and under its headings; clicks that only open a page stand as
comments.
"""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Refused
from pbxsim.callflows import dial, ring_group


@pytest.fixture
def office(world):
    """A Jet account: 1002 with a direct line, a group line, a queue, a desk phone and the app."""
    acme = world.accounts.add("acme", platform="jet", seats=2)
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador")
    mary = acme.users.add("1003", first_name="Mary", last_name="Jones")
    acme.callflows.add("John direct", dial(john))
    acme.callflows.add("Sales", ring_group(john, mary))
    acme.numbers.add("+61255501234", callflow=acme.callflows["John direct"])
    acme.numbers.add("+61255505678", callflow=acme.callflows["Sales"])
    acme.queues.add("Demo 1", members=[john, mary])
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john))
    phone.power_on()
    world.settle()
    acme.users.log_in_app(john, "tr0ubador")
    return acme, john, mary, phone


def kinds(refusal):
    return [blocker.kind for blocker in refusal.value.blockers]


def test_deactivate_a_phone_user(world, office):
    acme, john, mary, phone = office
    call = acme.calls.place("1002", from_="+61400000000")
    world.advance(seconds=1)
    phone.answer()
    world.advance(seconds=1)
    call.hang_up()
    world.settle()
    # Before you can delete a phone user, you will need to remove this user from any Queues or Callflows they are in.
    with pytest.raises(Refused) as refusal:
        acme.users.delete(john)
    assert kinds(refusal) == ["login", "login", "queue", "callflow", "callflow"]
    # Important: you cannot delete a phone user that is still logged in. Please ensure your user has logged out of all
    # Jet Phone apps and reset any Yealink phone before attempting to delete.
    acme.users.log_out_app(john)
    phone.factory_reset()
    world.settle()
    assert phone.screen.message == "No server"
    assert not john.logins

    # Removing a user from Queues
    # 1. Navigate to your Queues page.  2. Use the key to see what queues this user is a part of.
    queue = acme.queues["Demo 1"]
    assert john.id in queue.members
    # 3. Select the Edit option; select the user under Phone User(s) Assigned, then click Remove.  4. Click Save.
    acme.queues.update(queue, members=[mary])
    assert list(queue.members) == [mary.id]

    # Removing a user from Callflows
    # 1. A quick tip is to hit the Delete option on this user: an error lists all callflows and queues.
    with pytest.raises(Refused) as refusal:
        acme.users.delete(john)
    assert [(b.kind, b.name) for b in refusal.value.blockers] == [("callflow", "John direct"), ("callflow", "Sales")]

    # Removing from a Direct Line callflow
    # 1. Navigate to your Callflows page.  2. Locate the callflow for your user's direct line, and select Reassign.
    direct, sales = acme.callflows["John direct"], acme.callflows["Sales"]
    assert direct.newest.status == "ACTIVE"
    # 3. Click on the callflow you would like to assign the services to and hit reassign to save.
    acme.callflows.reassign(direct, to=sales)
    # Important: all calls to this user's direct number will follow the new callflow when this action is complete.
    assert acme.call("+61255501234").steps[1].name == "Sales 1"
    # 4. This callflow will change from an ACTIVE status to an AVAILABLE status.
    assert direct.newest.status == "AVAILABLE"
    # 5. You can now delete the AVAILABLE callflow using the trash can.
    acme.callflows.delete(direct)
    assert "John direct" not in acme.callflows

    # Removing from a Group callflow
    # 1. Navigate to your Callflows page.  2. Locate the group line and select the Edit pencil.  3. Confirm.
    draft = acme.callflows.draft(sales)
    assert draft.status == "DRAFT"
    # 4. Click on the dial widget that your user is a part of; select the delete button for the user.
    # 5. Click anywhere on the canvas to save the widget. Your callflow should now be at 100%.
    acme.callflows.change(draft, ring_group(mary))
    assert draft.percent == 100
    # 6. Click Available to make the change live on all associated phone numbers. That creates a new version.
    acme.callflows.make_available(draft)
    # 7. There is a new ACTIVE version of this callflow, and an older version in the AVAILABLE status.
    older, newer = sales.versions
    assert (older.status, newer.status) == ("AVAILABLE", "ACTIVE")
    with pytest.raises(Refused) as refusal:
        acme.users.delete(john)
    assert kinds(refusal) == ["callflow"]
    # 8. You will now need to delete the AVAILABLE version.
    acme.callflows.delete_version(older)

    # Removing a Phone User
    # 1. Navigate to your Phone Users page.  2. Locate the user and use the delete option under Actions.
    acme.users.delete(john)
    assert "1002" not in acme.users
    # This will not remove them from any reports or other historical information.
    assert next(iter(acme.cdrs)).answered_by == "1002 John Smith"
    # Note - this process does not reduce the number of phone users you pay for on your account.
    assert acme.seats == 2
    # This will remove the user, and the Jet app login will no longer be accepted.
    with pytest.raises(Refused) as refusal:
        acme.users.log_in_app("1002", "tr0ubador")
    assert refusal.value.rule == "pbx.app.password"

    # Recycling a phone number
    # 1. Navigate to the Phone Numbers page.  2. Select the number and choose Deactivate in the top right.
    number = acme.numbers["+61255501234"]
    acme.numbers.deactivate(number)
    # 3. This will allow you to set it up against a new user as an Available number when you choose.
    # 4. You can see a list of all Available numbers in the top right of your Phone Numbers page.
    assert [available.e164 for available in acme.numbers.available] == ["+61255501234"]
    # Note - this does not delete the number from your account.
    assert "+61255501234" in acme.numbers

    # Next steps: to activate an available number without a phone user; to change a service name.
    acme.numbers.activate(number, name="Spare line")
    assert (number.status, number.name) == ("ACTIVE", "Spare line")
    acme.numbers.update(number, name="Reception", callflow=sales)
    assert acme.call("+61255501234").steps[1].name == "Sales 2"
    # ... and to set up a new phone user with it.
    anna = acme.users.add("1002", first_name="Anna", last_name="Lee")
    acme.numbers.update(number, callflow=acme.callflows.add("Anna direct", dial(anna)))
    assert number.callflow.name == "Anna direct"


def test_if_this_is_not_possible_contact_jet_support(world, office):
    """J3a: a phone that nobody can reset, and an app that nobody can log out."""
    acme, john, mary, phone = office
    phone.power_off()
    for login in list(john.logins):
        world.acting_as(SERVICE_DESK).end_login(login)
    assert not john.logins
    with pytest.raises(Refused) as refusal:
        acme.users.delete(john)
    assert "login" not in kinds(refusal)


def test_the_steps_may_come_in_any_order_only_the_delete_checks(world, office):
    """J1: "There is a very specific order these steps must be completed in" - but nothing but the delete checks."""
    acme, john, mary, phone = office
    draft = acme.callflows.draft("Sales", ring_group(mary))
    acme.callflows.make_available(draft)
    acme.callflows.delete_version(acme.callflows["Sales"].versions[0])
    acme.callflows.reassign("John direct", to="Sales")
    acme.callflows.delete("John direct")
    acme.queues.remove_member("Demo 1", john)
    phone.factory_reset()
    world.settle()
    acme.users.log_out_app(john)
    acme.users.delete(john)
    assert "1002" not in acme.users
