"""What is written can be read: every type of entity, every node, every event, and what a phone remembers."""

from __future__ import annotations

import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_emulator.firmware.contract import Flash
from device_emulator.firmware.textfile import Settings
from pbxsim.core import entities as e
from pbxsim.core import nodes as n
from pbxsim.core import values
from pbxsim.store import codec

SETTINGS = (
    ("aastra", (("sip line1 ring tone", "2"),)),
    ("yealink", (("account.1.label", 'Zoë "Z" \\ é 電話'), ("x", ""))),
)
TREE = n.RingGroup(("u1", "u2"), "in-turn", 30, n.Dial(("u3",), 20, n.Voicemail("m4")))

# One row for each type, with nothing left at its default.
FULL = [
    e.Account("acme", "Acme", "jet", "acme-1f", 45, "AU", "Australia/Sydney", 25, (("jet.x", True),), SETTINGS, 7),
    e.User(
        "u1",
        "acme",
        "1002",
        "Zoë",
        "O'Brien",
        "z@example.com",
        "admin",
        caller_id="n1",
        ring_seconds=24,
        voicemail=False,
        dnd=True,
        forwarding=e.Forwarding("1003", "1004", "+61255501234", ("1005",)),
        login="z@example.com",
        portal_name="Zoë",
        portal_access=True,
        system=True,
        tag="setup-required",
        contacts=(e.Contact("Mum", "+61255501234"),),
        revision=3,
    ),
    e.Device("d1", "acme", "yealink-t46s", "805ec0112233", "Desk", "u1", SETTINGS, 2, 3),
    e.BlfKey("k1", "acme", "d1", 3, "u1", "Zoë", True, 2),
    e.DirectoryEntry("e1", "acme", "u1", "Zoë", True, 2),
    e.Callflow("c1", "acme", "Sales", ("v1", "v2"), ("1002", "*11"), 2, 4),
    e.Version("v1", "acme", "c1", 2, TREE, True, 5),
    e.Number("n1", "acme", "+61255501234", "Sales line", True, "v1", "u1", 6),
    e.Queue("q1", "acme", "Demo 1", ("u2", "u1"), ("u1",), "longest-idle", "u1", (("u1", 7),), 8),
    e.Mailbox("m1", "acme", "1002", "John", "u1", True, "z@example.com", "Hello", 9),
    e.AppLogin("l1", "acme", "u1", "soft phone", 1_735_689_600_123),
    e.HotDesk("h1", "acme", "u1", "d1", 1_735_689_600_123),
    e.Mail("e1", "acme", "welcome", "z@example.com", "Zoë", "Hi", "a\nb", 1_735_689_600_123, "u1", "failed", "550", 2),
    e.Job("j1", "acme", "recycle", 2, "user u9", 1_735_689_600_123, ("name",), True, 1, 1, "running", 3),
    e.JobRow("j1.1", "acme", "j1", 1, "u1", "1002 Zoë", "Ann", "Lee", "a@example.com", "failed", "no mail", "gone", 2),
    e.Message("v1", "acme", "m1", "+61255501234", "Zoë", 1_735_689_600_123, 7, "saved", 2),
    e.Request("r1", "acme", "add-user", "Add", "u1", 5, '{"extension":"9"}', "Hi", "fulfilled", "Yes", "u9", 3),
    e.CallRecord(
        "k1",
        "acme",
        "1002",
        "+61255501234",
        1,
        5,
        "answered",
        "Zoë",
        "u1",
        2,
        "1003 Mary",
        "u2",
        "q1",
        "",
        (e.Step("number", "+61255501234", "is on the account"),),
        2,
    ),
]
NODES = [
    TREE,
    n.Dial(),
    n.RingGroup(),
    n.Voicemail(),
    n.Transfer("c9"),
    n.HangUp(),
    n.Enqueue("q1"),
    n.Menu((n.Option("1", TREE),), "Press 1", 8, n.HangUp()),
    n.DialByName("first"),
    n.Hours((n.Opening(("mon",), "09:00", "17:30"),), ("2025-12-25",), TREE, n.HangUp()),
    n.Announcement("Hello"),
    n.HotDesking("log-in"),
]


def test_every_type_of_entity_has_a_tag_and_a_row_here():
    kinds = set(typing.get_args(e.Entity))
    assert set(codec.TAGS.values()) == kinds == {type(entity) for entity in FULL}
    assert len(codec.TAGS) == len(kinds)


def test_tags_never_change():
    """They stand in files that exist."""
    assert list(codec.TAGS) == [
        "account",
        "user",
        "device",
        "callflow",
        "version",
        "number",
        "queue",
        "mailbox",
        "app-login",
        "hot-desk",
        "mail",
        "job",
        "job-row",
        "call-record",
        "blf-key",
        "directory-entry",
        "request",
        "message",
    ]


@pytest.mark.parametrize("entity", FULL, ids=lambda entity: codec.tag(entity))
def test_an_entity_comes_back(entity):
    required = {name: getattr(entity, name) for name in _required(type(entity))}
    for there in (entity, type(entity)(**required)):
        back = codec.entity(codec.tag(there), codec.text(there))
        assert back == there
        assert type(back) is type(there)
        hash(back)  # frozen to the last field: a list in a tuple's place would tell here


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_a_node_comes_back_in_a_version_and_in_an_event(node):
    version = e.Version("v1", "acme", "c1", 1, node)
    assert codec.entity("version", codec.text(version)) == version
    detail = (("root", (n.HangUp(), node)),)
    assert codec.detail(codec.text(detail)) == detail


def _printable(text: str) -> bool:
    try:
        values.text(text)
    except ValueError:
        return False
    return True


@given(st.text(max_size=128).filter(_printable))
def test_whatever_a_name_may_be_comes_back(name):
    user = e.User("u1", "acme", "1002", name)
    assert codec.entity("user", codec.text(user)) == user


@pytest.mark.parametrize(
    "detail",
    [
        (),
        (("extension", "1002"), ("name", "")),
        (("seats", (None, 25)), ("draft", (True, False))),
        (("members", (("u1", "u2"), ())),),
        (("settings", ((), SETTINGS)),),
        (("contacts", ((), (e.Contact("Mum", "1003"),))), ("forwarding", (e.NOT_FORWARDED, e.Forwarding("1003")))),
    ],
)
def test_the_detail_of_an_event_comes_back(detail):
    back = codec.detail(codec.text(detail))
    assert back == detail
    hash(back)


def test_bindings_come_back():
    bound = (e.Binding("sip:d1@805ec0112233.phone", 1, 2, "Yealink SIP-T46S"), e.Binding("sip:x", 3, 4, ""))
    assert codec.bindings(codec.text(bound)) == bound


def test_flash_comes_back_and_shares_its_keys():
    settings = Settings.of({"account.1.label": "Zoë", "account.1.enable": "1"})
    flash = Flash(
        "http://pbx/provision/a/", "u", "p", settings, settings, Settings.of({"x": ""}), ("x",), (("f", "d"),)
    )
    back = codec.flash(codec.text(flash))
    assert back == flash
    assert back.settings.keys is settings.keys, "thousands of phones of a model keep one column of keys"


def test_an_older_row_lacks_a_field_and_a_later_one_has_one_more():
    row = '{"id":"u1","account":"acme","extension":"1002","pronouns":"she"}'
    assert codec.entity("user", row) == e.User("u1", "acme", "1002")


@pytest.mark.parametrize("row", ["", "{", "[]", '{"id":"u1"}', '{"id":1,"account":"a","extension":"1"}'])
def test_what_cannot_be_an_entity_is_said_to_be_none(row):
    with pytest.raises(ValueError):
        codec.entity("user", row)
    with pytest.raises(ValueError, match="no kind 'fax'"):
        codec.entity("fax", "{}")


def _required(type_: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(type_) if field.required]
