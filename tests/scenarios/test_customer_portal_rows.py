"""The Customer Portal's workflows, C1 to C6, beside the article's own line."""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Forbidden, Invalid, Refused


@pytest.fixture
def acme(world):
    """Somebody of each access level, by his extension: 100 PBX Admin, 101 Receptionist, 102 and 103 End Users."""
    account = world.accounts.add("acme", platform="customer-portal")
    roles = ("pbx-admin", "receptionist", "end-user", "end-user")
    for extension, role in enumerate(roles, 100):
        account.users.add(str(extension), first_name=f"N{extension}", email=f"{extension}@example.com", role=role)
    return account


@pytest.fixture
def seen(world, acme):
    """The account as the user with an extension sees it; as the service desk without one."""

    def by(extension=None):
        return world.acting_as(acme.users[extension] if extension else SERVICE_DESK).accounts["acme"]

    return by


_ACCESS = "customer-portal.portal-access"


def told_so(attempt, rule="pbx.role"):
    with pytest.raises(Forbidden) as refusal:
        attempt()
    assert refusal.value.rule == rule
    return refusal.value


def test_c1_pbx_admin_everybody_receptionist_all_extensions_end_user_his_own(seen):
    for who in ("100", "101"):
        seen(who).users.update("103", first_name="New")
    seen("102").users.update("102", first_name="Mine")
    told_so(lambda: seen("102").users.update("103", first_name="Not mine"))
    seen("100").users.update_login("103", portal_access=True)
    seen("103").users.update_login("103", password="my own one")
    told_so(lambda: seen("101").users.update_login("103", portal_access=False))
    for log_in in ({"email": "mine@example.com"}, {"password": "taken over"}):
        told_so(lambda log_in=log_in: seen("101").users.update("103", **log_in))
    told_so(lambda: seen("101").users.update("100", first_name="Above me"))


def test_c1_access_is_the_service_desks_to_give(seen):
    told_so(lambda: seen("100").users.update("103", role="receptionist"))
    seen().users.update("103", role="receptionist")
    seen("103").users.update("102", first_name="New")


def test_c3_c4_each_tab_stores_itself_only(seen):
    acme = seen("100")
    acme.users.update_login("103", first_name="Jane", last_name="Doe", email="jane@example.com", portal_access=True)
    user = acme.users["103"]
    assert (user.name, user.portal_name, user.portal_access) == ("N103", "Jane Doe", True)
    assert (user.email, user.login) == ("jane@example.com", "jane@example.com")
    acme.users.update("103", first_name="John", last_name="Smith")
    assert (user.name, user.portal_name) == ("John Smith", "Jane Doe")
    assert acme.mailboxes["103"].email == "103@example.com", "voicemail goes where it went (C5)"


def test_c4_without_portal_access_nobody_asks_anything_of_the_portal(world, seen):
    """Whatever his role. Telephones and apps are no portal."""
    seen().users.update_login("102", portal_access=False, password="tr0ubador")
    seen().users.update_login("101", portal_access=False)
    for who, user in (("102", "102"), ("101", "103")):
        refused = told_so(lambda who=who, user=user: seen(who).users.update(user, first_name="New"), _ACCESS)
        assert [(blocker.kind, blocker.do) for blocker in refused.blockers] == [
            ("user", f"Let an administrator of the account switch Portal Access on for {who} N{who}.")
        ]
    told_so(lambda: seen("102").users.update_login("102", portal_access=True), _ACCESS)
    told_so(lambda: seen("102").requests.add("other", text="Let me in"), _ACCESS)
    seen("102").users.log_in_app("102", "tr0ubador")
    seen("102").calls.place("103", from_="102")
    seen("100").users.update_login("102", portal_access=True)
    seen("102").users.update("102", first_name="Mine")


def test_c4_wrong_log_ins(seen):
    acme = seen("100")
    for fields, pointer in (
        ({"first_name": "Jane"}, "/last_name"),
        ({"last_name": "Doe"}, "/first_name"),
        ({"email": "nobody"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"colour": "red"}, "/colour"),
    ):
        with pytest.raises(Invalid) as error:
            acme.users.update_login("103", **fields)
        assert [fault.pointer for fault in error.value.faults] == [pointer]
    with pytest.raises(Refused) as refusal:
        acme.users.update_login("103", email="100@example.com")
    assert refusal.value.rule == "pbx.login.taken"


def test_c4_the_tab_is_this_portals_alone(world):
    jet = world.accounts.add("jetty", platform="jet")
    jet.users.add("1002")
    with pytest.raises(Invalid, match="update the user"):
        jet.users.update_login("1002", first_name="A", last_name="B")


def test_c6_what_is_refused_names_the_request_that_asks_for_it(world, seen):
    acme = seen("100")
    device = seen().devices.add(model="yealink-t46s", mac="805ec0112233", owner="103")
    for attempt, kind in (
        (lambda: acme.users.add("104"), "add-user"),
        (lambda: acme.users.delete("103"), "delete-user"),
        (lambda: acme.users.import_csv("extension\n104\n"), "other"),
        (lambda: acme.devices.add(model="yealink-t46s", mac="805ec0445566"), "add-device"),
        (lambda: acme.devices.delete(device), "delete-device"),
    ):
        (blocker,) = told_so(attempt, "customer-portal.request").blockers
        assert (blocker.kind, blocker.id) == ("request", kind)
        assert blocker.request == ("POST", "/api/v1/accounts/acme/requests")
    told_so(lambda: seen("102").users.add("104"))  # an End User files no requests either
    told_so(lambda: seen("102").requests.add("other", text="More"))


def test_c6_a_request_is_fulfilled_by_the_service_desk(seen):
    acme = seen("100")
    wanted = {"extension": "104", "first_name": "Ann", "email": "ann@example.com"}
    request = acme.requests.add("add-user", wanted=wanted, text="She begins on Monday.")
    assert (request.status, request.title, request.by) == ("open", "Add user 104", acme.users["100"].id)
    told_so(lambda: acme.requests.fulfil(request))
    seen().requests.fulfil(request, answer="Welcome to her.")
    user = acme.users["104"]
    assert (request.status, request.answer, request.result) == ("fulfilled", "Welcome to her.", user.id)
    assert (user.first_name, user.login, user.role) == ("Ann", "ann@example.com", "end-user")
    (mail,) = [mail for mail in acme.outbox if mail.to == "100@example.com"]
    assert "Welcome to her." in mail.body
    device = acme.requests.add("add-device", wanted={"model": "yealink-t46s", "mac": "805ec0112233", "owner": "104"})
    seen().requests.fulfil(device)
    assert "805ec0112233" in acme.devices
    gone = acme.requests.add("delete-user", wanted={"user": "104"})
    assert gone.title == "Delete user 104 Ann"
    seen().requests.fulfil(gone)
    assert "104" not in acme.users
    assert "805ec0112233" not in acme.devices, "decided: his devices go with him"


def test_c7_directory_and_keys_are_changed_by_request(world, seen):
    """The old name stays in both until the service desk has changed it; the phone shows it at its next fetch."""
    acme = seen("100")
    line = seen().devices.add(model="yealink-t46s", mac="805ec0112233", owner="102")
    key = seen().blf_keys.add(line, 2, "103")
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    acme.users.update("103", first_name="Jane")
    entry = next(entry for entry in acme.directory if entry.user == acme.users["103"].id)
    for attempt, kind in (
        (lambda: acme.directory.update(entry, name="Jane"), "update-directory-entry"),
        (lambda: acme.blf_keys.update(key, label="Jane"), "update-blf-key"),
    ):
        (blocker,) = told_so(attempt, "customer-portal.request").blockers
        assert blocker.id == kind
    first = acme.requests.add("update-directory-entry", wanted={"entry": entry.id})
    second = acme.requests.add("update-blf-key", wanted={"blf_key": key.id, "label": "Jane, sales"})
    assert [request.title for request in (first, second)] == [
        "Change the directory entry N103",
        "Change BLF key 2 of Yealink T46S 80:5e:c0:11:22:33",
    ]
    assert (entry.name, key.label) == ("N103", "N103")
    for request in (first, second):
        seen().requests.fulfil(request)
    assert (entry.name, key.label) == ("Jane", "Jane, sales")
    assert "N103" in [key.label for key in phone.keys]
    phone.power_cycle()
    world.settle()
    assert "Jane, sales" in [key.label for key in phone.keys]


def test_c6_a_request_is_rejected_with_a_reason(seen):
    request = seen("100").requests.add("other", text="A fax machine\nplease")
    assert request.title == "A fax machine please"
    with pytest.raises(Invalid):
        seen().requests.reject(request, "  ")
    seen().requests.reject(request, "Nobody has had one since 2009.")
    assert (request.status, request.answer) == ("rejected", "Nobody has had one since 2009.")
    for attempt in (lambda: seen().requests.fulfil(request), lambda: seen().requests.reject(request, "Again")):
        with pytest.raises(Invalid, match="answered already"):
            attempt()


def test_c6_a_rule_in_the_way_leaves_the_request_open(seen):
    request = seen("100").requests.add("add-user", wanted={"extension": "103"})
    with pytest.raises(Refused) as refusal:
        seen().requests.fulfil(request)
    assert refusal.value.rule == "pbx.extension.taken"
    assert request.status == "open"


@pytest.mark.parametrize(
    ("kind", "fields", "pointers"),
    [
        ("add-user", {"wanted": {}}, ["/wanted/extension"]),
        ("add-user", {"wanted": {"extension": "x", "colour": "red"}}, ["/wanted/colour", "/wanted/extension"]),
        ("add-user", {"wanted": {"extension": "104", "password": "in clear"}}, ["/wanted/password"]),
        ("add-user", {"wanted": ["104"]}, ["/wanted"]),
        ("add-user", {"wanted": {"extension": "104", "first_name": "x" * 5000}}, ["/wanted"]),
        ("delete-user", {"wanted": {"user": "999"}}, ["/wanted/user"]),
        ("delete-user", {}, ["/wanted/user"]),
        ("add-device", {"wanted": {"model": "nokia", "mac": "805ec0112233"}}, ["/wanted/model"]),
        ("update-directory-entry", {"wanted": {"entry": "e99"}}, ["/wanted/entry"]),
        ("update-directory-entry", {"wanted": {"entry": "e1", "colour": "red"}}, ["/wanted/colour"]),
        ("update-blf-key", {"wanted": {"label": " "}}, ["/wanted/blf_key", "/wanted/label"]),
        ("other", {}, ["/text"]),
        ("other", {"text": "x", "wanted": {"user": "103"}}, ["/wanted"]),
        ("teleport", {"text": "x"}, ["/kind"]),
    ],
)
def test_c6_a_request_that_asks_for_nothing_sensible(seen, kind, fields, pointers):
    with pytest.raises(Invalid) as error:
        seen("100").requests.add(kind, **fields)
    assert sorted(fault.pointer for fault in error.value.faults) == pointers
    assert not list(seen("100").requests)


def test_c6_elsewhere_there_are_no_requests(world):
    jet = world.accounts.add("jetty", platform="jet")
    with pytest.raises(Invalid, match="do it yourself"):
        jet.requests.add("other", text="More")
