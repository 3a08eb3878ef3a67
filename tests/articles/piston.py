"""PISTON's article, "How do I remove an existing phone user from the PISTON management portal?", line by line.

Each numbered line is a step of the text, in its order. The portal's clicks that only open a window have no counterpart
in an API; they stand as comments, so that the numbering is the article's.
"""

from __future__ import annotations

import pytest

from pbxsim import Refused
from pbxsim.callflows import hang_up


@pytest.fixture
def office(world):
    """A PISTON account with user 204, his direct number, and a callflow for numbers nobody uses."""
    voxco = world.accounts.add("voxco", platform="piston")
    john = voxco.users.add("204", first_name="John", last_name="Smith", email="john@example.com", voicemail_pin="4711")
    voxco.numbers.add("+16045550101", callflow=voxco.callflows["204"])
    voxco.callflows.add("FREE", hang_up(), numbers=["9999"])
    return voxco, john


def test_fully_delete_the_extension(office):
    """Case: I want to fully delete the extension from the system."""
    voxco, john = office
    # 1. Locate the callflow of the user under Hosted PBX, Callflows (generally the extension of the user).
    callflow = voxco.callflows["204"]
    assert callflow.name == "204"
    # 2. Verify if the callflow contains a direct phone number (or more) reachable from the outside world.
    outside = [number for number in callflow.numbers if number.startswith("+")]
    assert outside == ["+16045550101"]
    assert callflow.numbers == ["+16045550101", "204"]
    # 3. If so, decide what to do with the number, as otherwise callers will not get anywhere: remove it, ...
    with pytest.raises(Refused) as refusal:  # (it must leave the first callflow before the other takes it)
        voxco.callflows.update("FREE", numbers=["9999", "+16045550101"])
    assert refusal.value.rule == "piston.number.held"
    assert [blocker.name for blocker in refusal.value.blockers] == ["204"]
    voxco.callflows.update(callflow, numbers=["204"])
    # ... then assign it to another callflow such as a callflow labeled "FREE".
    voxco.callflows.update("FREE", numbers=["9999", "+16045550101"])
    assert voxco.numbers["+16045550101"].callflow.name == "FREE"
    # 4.1. Open the Accounts icon.  4.2. Expand your account.
    assert john in voxco.users
    # 4.3. Right-click the user you want to delete then select Delete.
    voxco.users.delete(john)
    # 5. Done.
    assert "204" not in voxco.users
    assert voxco.mailboxes["204"].owner == john.id  # nothing cascades: the mailbox keeps the dead id


def test_callers_do_not_get_anywhere_if_the_number_stays(office):
    """The article's warning, step 3: without moving the number, its callers reach nobody new."""
    voxco, john = office
    assert voxco.call("+16045550101").outcome == "voicemail"
    voxco.users.delete(john)
    trace = voxco.call("+16045550101")
    assert any("has been deleted" in step.what for step in trace.steps)


def test_rename_to_unused_phone(world, office):
    """Case: I want to rename user to another temporary name such as "Unused Phone" instead of "John Smith"."""
    voxco, john = office
    yealink_line = voxco.devices.add(model="yealink-t46s", mac="80:5e:c0:44:55:66", owner=john)
    aastra_line = voxco.devices.add(model="aastra-6731i", mac="00:08:5d:11:22:33")
    yealink, aastra = world.phones.add(yealink_line), world.phones.add(aastra_line)
    yealink.power_on()
    aastra.power_on()
    world.settle()
    aastra.log_in("204", "4711")
    world.settle()
    assert yealink.screen.label == aastra.screen.label == "John Smith"

    # Renaming. 1. Go to Hosted PBX then Callflows.  2. Locate the callflow of the user in question and select it.
    callflow = voxco.callflows["204"]
    # 3. Open the User object.  4. Click Edit user options.
    # 5. Replace the firstname and lastname (and email address).  6. Click Save.
    voxco.users.update(john, first_name="Unused", last_name="Phone", email="")
    assert voxco.users["204"].name == "Unused Phone"
    # 7. Click Save.  8. Click Save changes. (Leaving without them would keep the rename: P6.)
    voxco.callflows.update(callflow, name=callflow.name)
    assert (callflow.name, voxco.mailboxes["204"].name) == ("204", "204")
    world.settle()
    assert yealink.screen.label == aastra.screen.label == "John Smith"
    # 9. If the phone is an AASTRA/Mitel phone: log out then log back in for the change to take effect.
    aastra.power_cycle()
    world.settle()
    assert aastra.screen.label == "John Smith"
    aastra.log_out()
    world.settle()
    aastra.log_in("204", "4711")
    world.settle()
    assert aastra.screen.label == "Unused Phone"
    # 10. Most other phones: power cycle the phone for the change to take effect.
    yealink.power_cycle()
    world.settle()
    assert yealink.screen.label == "Unused Phone"

    # Unsetting the voicemail. 1. Open the Voicemail object.  2. Click Edit mailbox options.
    box = voxco.mailboxes["204"]
    assert box.setup_done
    # 3. Click Options tab then uncheck 'Already Setup'.  4. Click Save.
    voxco.mailboxes.update(box, setup_done=False)
    # 5. Click Save.  6. Click Save changes.
    voxco.callflows.update(callflow, name=callflow.name)
    # 3. Done.
    assert not voxco.mailboxes["204"].setup_done
    # (The next voicemail log-in runs the set-up wizard: nobody gets past it without a new PIN and a greeting.)
    with pytest.raises(Refused) as refusal:
        voxco.mailboxes.log_in(box, "4711")
    assert refusal.value.rule == "piston.mailbox.setup"
    voxco.mailboxes.log_in(box, "4711", new_pin="0815", greeting="This phone is not used.")
    assert (box.setup_done, box.greeting) == (True, "This phone is not used.")
    voxco.mailboxes.log_in(box, "0815")
