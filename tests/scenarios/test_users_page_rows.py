"""The users page's workflows, U1 to U11, beside the article's own line."""

from __future__ import annotations

import pytest

from pbxsim import Forbidden, Invalid, Refused


@pytest.fixture
def acme(world):
    """Two numbers, an administrator and a person."""
    account = world.accounts.add("acme", platform="users-page")
    account.numbers.add("+16045550101")
    account.users.add("10", first_name="Pat", last_name="Admin", email="pat@example.com", role="admin")
    account.users.add("11", first_name="Ann", last_name="Lee", email="ann@example.com")
    return account


def faults(attempt):
    """Where the faults are, and what each says."""
    with pytest.raises(Invalid) as error:
        attempt()
    return {fault.pointer: fault.message for fault in error.value.faults}


def test_u1_search_by_name_or_extension_whatever_the_case(acme):
    assert [user.extension for user in acme.users.search("LEE")] == ["11"]
    assert [user.extension for user in acme.users.search("1")] == ["10", "11"]
    assert acme.users.search("nobody") == []


def test_u2_a_new_user_has_four_rings_and_the_voice_licence(acme):
    user = acme.users.add("12", first_name="Bo")
    assert (user.role, user.ring_seconds, user.voicemail, user.caller_id) == ("voice", 24, True, None)


def test_u2_every_wrong_field_is_named_at_once(acme):
    wrong = faults(lambda: acme.users.add("12345", role="king", caller_id="+16045550199", ring_seconds="11 rings"))
    assert set(wrong) == {"/extension", "/role", "/caller_id", "/ring_seconds"}
    assert "2 to 4 digits" in wrong["/extension"]
    assert "2 to 10 rings" in wrong["/ring_seconds"]
    assert "admin, voice" in wrong["/role"]


def test_u2_the_caller_id_is_one_of_the_accounts_numbers_and_goes_with_it(world, acme):
    elsewhere = world.accounts.add("other", platform="users-page")
    elsewhere.numbers.add("+16045550102")
    assert "/caller_id" in faults(lambda: acme.users.update("11", caller_id="+16045550102"))
    acme.users.update("11", caller_id="+16045550101")
    acme.numbers.delete("+16045550101")
    assert acme.users["11"].caller_id is None


def test_u4_forwarding_inside_outside_or_all_at_once(acme):
    acme.users.update("11", forwarding={"always": "10"})
    acme.users.update("11", forwarding={"always": "", "busy": "+1 604 555 0199", "also": ["10", "+16045550123"]})
    forwarding = acme.users["11"].forwarding
    assert (forwarding.always, forwarding.busy) == ("", "+16045550199")
    assert list(forwarding.also) == ["10", "+16045550123"]
    wrong = faults(lambda: acme.users.update("11", forwarding={"busy": "Ann", "also": ["10", "no number"]}))
    assert set(wrong) == {"/forwarding/busy", "/forwarding/also/1"}
    acme.users.update("11", dnd=True)
    assert acme.users["11"].dnd


def test_u6_a_file_is_taken_whole(acme):
    text = (
        "\ufeffUsername,last_name,Email Address,License Type,Extension Number,Outbound Caller ID,rings,voicemail\r\n"
        '"Bo ""the boss""","Smith, Jr",bo@example.com,Admin,20,+16045550101,3 rings,yes\r\n'
        "\r\n"
        "Cy,,,voice,21,,,no\r\n"
    )
    added = acme.users.import_csv(text)
    assert [(user.extension, user.first_name, user.last_name) for user in added] == [
        ("20", 'Bo "the boss"', "Smith, Jr"),
        ("21", "Cy", ""),
    ]
    assert (added[0].role, added[0].ring_seconds, added[0].login) == ("admin", 18, "bo@example.com")
    assert (added[1].role, added[1].voicemail) == ("voice", False)
    assert "bo@example.com" in {mail.to for mail in acme.outbox}


def test_u6_every_bad_line_is_named_with_its_reason_and_nothing_is_taken(acme):
    text = (
        "extension,first_name,email,role,voicemail\n"
        "20,Bo,bo@example.com,voice,yes\n"
        "11,Twice,,,\n"
        "20,Again,,,\n"
        "21,Cy,BO@example.com,,\n"
        "22,Di,ann@example.com,king,perhaps\n"
        "2,Short,nobody,,\n"
        "23,too few\n"
    )
    wrong = faults(lambda: acme.users.import_csv(text))
    assert {pointer: message[:24] for pointer, message in wrong.items()} == {
        "/lines/3/extension": "Extension 11 is in use: ",
        "/lines/4/extension": "20 stands on line 2 alre",
        "/lines/5/email": "bo@example.com stands on",
        "/lines/6/voicemail": "must be yes or no, not '",
        "/lines/7/email": "must be an e-mail addres",
        "/lines/6/role": "must be one of admin, vo",
        "/lines/7/extension": "must be 2 to 4 digits on",
        "/lines/8": "has 2 fields, the first ",
    }
    assert [user.extension for user in acme.users] == ["10", "11"]
    assert "/lines/2/role" in faults(lambda: acme.users.import_csv("extension,role\n22,king\n"))
    assert "/lines/2/email" in faults(lambda: acme.users.import_csv("extension,email\n22,Ann@example.com\n"))


@pytest.mark.parametrize(
    ("text", "pointer", "why"),
    [
        ("", "/csv", "is empty"),
        ("\n\n", "/csv", "is empty"),
        ("first_name\nAnn\n", "/lines/1/extension", "is required"),
        ("extension,colour\n12,red\n", "/lines/1/colour", "known are extension"),
        ("extension,password\n12,secret1\n", "/lines/1/password", "Secrets do not travel"),
        ("extension,extension\n12,13\n", "/lines/1/extension", "twice"),
        ("a," * 500_000, "/csv", "has 500001 columns, and at most 64 are read"),
        ("extension,ring_seconds\n12," + "9" * 5000, "/lines/2/ring_seconds", "must be seconds"),
        ('extension,first_name\n12,"Ann\n', "/lines/2", "is not CSV"),
        ("extension\n12\x00\n", "/csv", "NUL"),
        ("extension\n" + "12\n" * 5001, "/csv", "more than 5000 lines"),
    ],
)
def test_u6_a_file_that_is_none(acme, text, pointer, why):
    assert why in faults(lambda: acme.users.import_csv(text))[pointer]
    assert len(list(acme.users)) == 2


def test_u6_a_name_may_have_a_line_break_in_no_way_and_a_line_keeps_its_number(acme):
    wrong = faults(lambda: acme.users.import_csv('extension,first_name\n12,"A\nB"\n13,C\n1,D\n'))
    assert set(wrong) == {"/lines/2/first_name", "/lines/5/extension"}


def test_u6_columns_may_be_called_as_the_page_calls_them(acme):
    names = "Extension Number,Username,Email Address,License Type,Outbound Caller ID,Send calls to Voicemail after"
    text = f"{names},Enable Voicemail,DND,System User\n20,Bo,bo@example.com,Admin,,5 rings,no,yes,no\n"
    (bo,) = acme.users.import_csv(text)
    assert (bo.first_name, bo.role, bo.ring_seconds, bo.voicemail, bo.dnd) == ("Bo", "admin", 30, False, True)


def test_u6_a_spreadsheets_semicolons(acme):
    assert [user.name for user in acme.users.import_csv("extension;first_name\n12;Ann\n")] == ["Ann"]


def test_u6_seats_count_for_files_too(world, acme):
    world.accounts.update("acme", seats=3)
    wrong = faults(lambda: acme.users.import_csv("extension,system\n12,\n13,\n14,yes\n"))
    assert list(wrong) == ["/lines/3/extension"] or list(wrong) == ["/lines/3"]
    assert "3 of 3 seats" in "".join(wrong.values())
    assert len(acme.users.import_csv("extension,system\n12,\n14,yes\n")) == 2


def test_u6_only_who_may_add_users_imports_and_nobody_gives_away_more_than_he_has(world, acme):
    with pytest.raises(Forbidden):
        world.acting_as(acme.users["11"]).accounts["acme"].users.import_csv("extension\n12\n")
    vendor = world.accounts.add("vendor", platform="netsapiens")
    manager = vendor.users.add("100", role="office-manager")
    seen = world.acting_as(manager).accounts["vendor"]
    wrong = faults(lambda: seen.users.import_csv("extension,role\n101,Office Manager\n102,Super User\n"))
    assert wrong == {"/lines/3/role": "Super User stands above Office Manager, the role of whoever imports"}


def test_u7_deleting_is_refused_by_nothing(acme):
    acme.queues.add("Sales", members=[acme.users["11"]])
    acme.users.delete("11")
    assert "11" not in acme.users


def test_u8_the_licence_is_the_role(world, acme):
    voice = world.acting_as(acme.users["11"]).accounts["acme"]
    voice.users.update("11", first_name="Anna")
    for attempt in (
        lambda: voice.users.update("10", first_name="Mine"),
        lambda: voice.users.update("11", role="admin"),
        lambda: voice.users.update("11", extension="99"),
        lambda: voice.users.add("12"),
        lambda: voice.users.delete("11"),
    ):
        with pytest.raises(Forbidden) as refusal:
            attempt()
        assert refusal.value.rule == "pbx.role"
    admin = world.acting_as(acme.users["10"]).accounts["acme"]
    admin.users.update("11", role="admin")
    voice.users.add("12")


def test_u9_system_users_are_told_apart_and_take_no_seat(world, acme):
    world.accounts.update("acme", seats=2)
    attendant = acme.users.add("90", first_name="Auto attendant", system=True)
    assert attendant.system
    with pytest.raises(Refused) as refusal:
        acme.users.add("12")
    assert refusal.value.rule == "pbx.seats.exhausted"
    with pytest.raises(Refused) as refusal:
        acme.users.update(attendant, system=False)
    assert refusal.value.rule == "pbx.seats.exhausted", "who becomes a person needs a seat"
    acme.users.update("11", system=True)
    acme.users.update(attendant, system=False)
    acme.users.delete(attendant)
    acme.users.add("12")


def test_u11_the_e_mail_is_the_log_in_unique_on_the_server_and_an_invitation_goes_out(world, acme):
    other = world.accounts.add("other", platform="users-page")
    for attempt in (
        lambda: other.users.add("20", email="ANN@example.com"),
        lambda: acme.users.update("10", email="ann@example.com"),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "pbx.login.taken"
    acme.users.update("11", email="ann.lee@example.com")
    assert other.users.add("20", email="ann@example.com").login == "ann@example.com"
    (mail,) = [mail for mail in acme.outbox if mail.to == "ann@example.com"]
    assert "11" in mail.body
    assert not [mail for mail in acme.outbox if mail.to == "ann.lee@example.com"], "a change of address invites nobody"


def test_a_number_may_lead_straight_to_a_user(acme):
    number = acme.numbers["+16045550101"]
    acme.numbers.update(number, user=acme.users["11"])
    assert (number.status, number.user) == ("ACTIVE", acme.users["11"].id)
    acme.users.delete("11")
    assert (number.status, number.user) == ("AVAILABLE", None)
