"""The checks of files: each has a row that it must find, and a row beside it where it must keep quiet."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.lint import CHECKS, Given, Source, check, fails
from device_emulator.lint.findings import LIMIT
from device_emulator.lint.vocabulary import known, meant
from pbxsim import World

HEAD = "#!version:1.0.0.1\n"
Y = "805ec0112233"
A = "00085D1610DE"
T46S = models.find("yealink-t46s")
M6731 = models.find("aastra-6731i")

ACCOUNT = """\
account.1.enable = 1
account.1.user_name = 204
account.1.sip_server.1.address = pbx.example
"""


def look(files, model=None, previous=(), template=None, limit=LIMIT):
    """The findings of {name: text}, as (id, level, base name, line)."""
    sources = [Source(name, text if isinstance(text, bytes) else text.encode()) for name, text in files.items()]
    old = [Source(f"old/{name}", text.encode()) for name, text in dict(previous).items()]
    return check(Given(sources, model, old, template and Source("t.cfg", template.encode())), limit)


# id, level, line, file name, text; in Yealink's files the header is put before, and lines count with it.
FOUND = [
    ("no-header", "error", 1, f"{Y}.cfg", "!account.1.label = Bob\n"),
    ("no-header", "error", 1, f"{Y}.cfg", "!# made by us\n#!version:1.0.0.1\naccount.1.label = Bob\n"),
    ("no-header", "error", 1, f"{Y}.boot", f"!include:config {Y}.cfg\n"),
    ("byte-order-mark", "error", 1, f"{Y}.cfg", "!\ufeff#!version:1.0.0.1\n"),
    ("byte-order-mark", "error", 1, "aastra.cfg", "\ufefftime format: 1\n"),
    ("empty-file", "warning", 0, f"{Y}.cfg", "!"),
    ("empty-file", "warning", 0, "aastra.cfg", "\n"),
    ("empty-file", "note", 0, f"{A}.cfg", "\n"),
    ("markup", "error", 1, f"{Y}.cfg", "!<!DOCTYPE html><html>Log in</html>"),
    ("markup", "error", 1, f"{A}.cfg", "<?xml version='1.0'?>"),
    ("encrypted", "note", 0, f"{A}.tuz", "\x01\x02"),
    ("encrypted", "note", 0, f"{Y}.cfg", b"\x93\x01\x02\xff\xfe\x80\x81\x90\x91\x92\x93\x94\x95\x96\x97\x98" * 4),
    ("encrypted", "note", 0, f"{Y}.cfg", "!#!encrypt:1.0.0.0\n"),
    ("not-utf8", "warning", 2, f"{Y}.cfg", HEAD.encode() + b"account.1.label = J\xf6rg\n"),
    ("control-character", "warning", 2, f"{Y}.cfg", "account.1.label = a\x1b[31mb\n"),
    ("control-character", "warning", 2, f"{Y}.cfg", "account.1.label = a\u2028b\n"),
    ("control-character", "warning", 1, f"{A}.cfg", "sip line1 screen name: a\rb\n"),
    ("crlf", "note", 0, f"{A}.cfg", "time format: 1\r\n"),
    ("crlf", "error", 1, f"{Y}.cfg", "!#!version:1.0.0.1\raccount.1.label = Bob\r"),
    ("file-name", "warning", 0, f"{Y.upper()}.cfg", "lang.gui = English\n"),
    ("file-name", "warning", 0, f"{A.lower()}.cfg", "time format: 1\n"),
    ("file-name", "warning", 0, "y00000000066.cfg", "lang.gui = English\n"),
    ("file-name", "note", 0, "y000000000096.cfg", "lang.gui = English\n"),
    ("unreadable-line", "warning", 3, f"{Y}.cfg", "lang.gui = English\n(X ranges from 1 to 9)\n"),
    ("unreadable-line", "warning", 2, f"{Y}.cfg", "time format: 1\n"),
    ("unreadable-line", "warning", 1, f"{A}.cfg", "time format = 1\ntime format: 1\n"),
    ("empty-value", "note", 2, f"{Y}.cfg", "account.1.label =\n"),
    ("placeholder", "error", 2, f"{Y}.cfg", "account.1.label = {$row.label}\n"),
    ("placeholder", "error", 2, f"{Y}.cfg", "account.1.label = {{ label }}\n"),
    ("placeholder", "error", 2, f"{Y}.cfg", "account.1.label = ${label}\n"),
    ("placeholder", "error", 2, f"{Y}.cfg", "account.1.label = __LABEL__\n"),
    ("placeholder", "error", 2, f"{Y}.cfg", "{% if label %}\n"),
    ("placeholder", "error", 1, f"{A}.cfg", "sip line1 screen name: <?php echo $name ?>\n"),
    ("placeholder", "error", 2, f"{Y}.boot", "include:config {{ mac }}.cfg\n"),
    ("rendered-nothing", "warning", 2, f"{Y}.cfg", "account.1.label = None\n"),
    ("timestamp", "warning", 2, f"{Y}.cfg", "# rendered 2026-01-02 03:04:05\n"),
    ("timestamp", "warning", 2, f"{Y}.cfg", "# 1767322996.123\n"),
    ("timestamp", "warning", 2, f"{Y}.cfg", "# Fri Jan  2 03:04:05 2026\n"),
    ("include-in-config", "error", 3, f"{Y}.cfg", "lang.gui = English\ninclude:config y000000000066.cfg\n"),
    ("version-inside", "warning", 3, f"{Y}.cfg", "lang.gui = English\n#!version:1.0.0.1\n"),
    ("quotes", "warning", 2, f"{Y}.cfg", 'account.1.label = "Bob"\n'),
    ("quotes", "warning", 1, f"{A}.cfg", 'sip dial plan: "x+#|xx+*\n'),
    ("comment-in-value", "warning", 2, f"{Y}.cfg", "local_time.time_format = 1   # 24 hours\n"),
    ("duplicate-key", "warning", 3, f"{Y}.cfg", "lang.gui = English\nlang.gui = Russian\n"),
    ("duplicate-key", "warning", 3, f"{Y}.cfg", "syslog.server = a\nstatic.syslog.server = b\n"),
    ("duplicate-key", "note", 3, f"{Y}.cfg", "lang.gui = English\nlang.gui = English\n"),
    ("misspelt-key", "warning", 2, f"{Y}.cfg", "account.1.lable = Bob\n"),
    ("misspelt-key", "warning", 2, f"{Y}.cfg", "Account.1.Label = Bob\n"),
    ("misspelt-key", "warning", 1, f"{A}.cfg", "sip line1 username: 204\n"),
    ("unknown-key", "note", 2, f"{Y}.cfg", "coffee.machine = 1\n"),
    ("beyond-lines", "warning", 2, f"{Y}.cfg", "account.17.user_name = 204\n"),
    ("beyond-lines", "warning", 1, f"{A}.cfg", "sip line7 user name: 204\n"),
    ("beyond-keys", "warning", 2, f"{Y}.cfg", "linekey.28.type = 16\n"),
    ("beyond-keys", "warning", 1, f"{A}.cfg", "softkey1 type: blf\n"),
    ("reboot-key", "note", 2, f"{Y}.cfg", "static.network.vlan.internet_port_enable = 1\n"),
    ("parameters-in-boot", "error", 3, f"{Y}.boot", f"include:config {Y}.cfg\nlang.gui = English\n"),
    ("boot-includes-nothing", "error", 0, f"{Y}.boot", "overwrite_mode = 1\n"),
    ("literal-variable", "error", 2, f"{Y}.boot", "include:config $mac.cfg\n"),
    ("bad-filter", "warning", 2, f"{Y}.boot", f"[SIP-T46S]include:config {Y}.cfg\n"),
    ("filtered-away", "error", 2, f"{Y}.boot", f"[T54W]include:config {Y}.cfg\n"),
    ("included-twice", "note", 3, f"{Y}.boot", "include:config a.cfg\ninclude:config a.cfg\n"),
    ("too-many-includes", "warning", 34, f"{Y}.boot", "".join(f"include:config {n}.cfg\n" for n in range(40))),
    ("unreadable-boot-line", "warning", 3, f"{Y}.boot", f"include:config {Y}.cfg\ninclude all\n"),
    ("common-secret", "warning", 2, "y000000000066.cfg", "account.1.password = hush\n"),
    ("default-password", "warning", 2, f"{Y}.cfg", "security.user_password = admin:admin\n"),
    ("default-password", "warning", 1, f"{A}.cfg", "admin password: 22222\n"),
    ("open-door", "warning", 2, f"{Y}.cfg", "features.action_uri_limit_ip = any\n"),
    ("open-door", "warning", 2, f"{Y}.cfg", "static.security.trust_certificates = 0\n"),
    ("possible-injection", "warning", 3, f"{Y}.cfg", "account.1.label = Bob\nSmith\n"),
    ("possible-injection", "warning", 3, f"{Y}.cfg", "account.1.label = Bob\ninclude:config x.cfg\n"),
    ("possible-injection", "warning", 3, f"{Y}.cfg", "account.1.label = Bob\n#!version:1.0.0.1\n"),
    (
        "possible-injection",
        "warning",
        4,
        f"{Y}.cfg",
        "account.1.enable = 1\naccount.1.label = Bob\naccount.1.sip_server.1.address = evil\n"
        "account.1.sip_server.1.address = pbx.example\n",
    ),
    (
        "possible-injection",
        "warning",
        3,
        f"{Y}.cfg",
        "account.1.label = Bob\nstatic.auto_provision.server.url = http://evil/\naccount.1.user_name = 204\n",
    ),
    ("possible-injection", "warning", 2, f"{A}.cfg", "sip line1 screen name: Bob\nSmith\nsip line1 user name: 1\n"),
    ("unfinished-account", "warning", 2, f"{Y}.cfg", "account.1.user_name = 204\n"),
    ("unfinished-account", "warning", 2, f"{Y}.cfg", "account.1.enable = 1\n"),
    ("unfinished-account", "warning", 3, f"{Y}.cfg", "account.1.enable = 1\naccount.1.user_name = 204\n"),
    ("unfinished-account", "warning", 1, f"{A}.cfg", "sip line1 user name: 204\n"),
    ("strange-address", "error", 2, f"{Y}.cfg", "static.directory_setting.url = file:///etc/passwd\n"),
    ("password-in-address", "note", 2, f"{Y}.cfg", "static.directory_setting.url = http://a:b@h/\n"),
]


@pytest.mark.parametrize(("id", "level", "line", "name", "text"), FOUND)
def test_what_is_wrong_is_found_where_it_is(id, level, line, name, text):
    yealink = name.endswith(".boot") or name[0] == "y" or name.lower().startswith(Y)
    if isinstance(text, str) and yealink:
        text = text[1:] if text.startswith("!") else HEAD + text
    found = look({name: text}, T46S if yealink else M6731)
    assert (id, level, line) in [(one.id, one.level, one.line) for one in found]
    (first, *_) = [one for one in found if one.id == id]
    assert first.file == name
    assert first.source


def test_every_check_has_a_row_here():
    several = {"contradiction", "overridden", "dropped-key", "not-in-template", "include-missing"}
    assert {id for id, *_ in FOUND} | several == {about.id for about, _ in CHECKS}


def test_ids_are_unique_and_every_check_says_what_it_is_about():
    ids = [about.id for about, _ in CHECKS]
    assert len(ids) == len(set(ids))
    for about, _ in CHECKS:
        assert about.title
        assert about.source
        assert about.remedy or about.level == "note"


QUIET = [
    (f"{Y}.cfg", HEAD + ACCOUNT),
    (f"{Y}.cfg", HEAD + "  # a comment = {{ not }} rendered\n" + ACCOUNT),
    (f"{Y}.cfg", HEAD + ACCOUNT + "security.user_password = admin:a\nsecurity.user_password = user:b\n"),
    (f"{Y}.cfg", HEAD + ACCOUNT + 'features.dtmf.transfer = #\naccount.1.label = Борис # 1 = "the" best\n'),
    (f"{Y}.cfg", HEAD + ACCOUNT + "account.1.display_name = %EMPTY%\nlocal_time.time_zone = %NULL%\n"),
    (f"{Y}.cfg", HEAD + ACCOUNT + "local_time.start_time = 03/2/7/2\nlocal_time.ntp_server1 = 10.0.0.1\n"),
    (f"{Y}.cfg", HEAD + ACCOUNT + "linekey.1.label = 1767322996\nlinekey.1.type = 13\n"),
    (f"{Y}.cfg", HEAD + ACCOUNT + "action_url.registered = http://h/?mac=$mac&u=$active_user\n"),
    (f"{Y}.cfg", HEAD + ACCOUNT + "static.firmware.url = http://h/$PN.rom\n"),
    (f"{Y}.boot", HEAD + f"overwrite_mode = 1\n[T46S,T54W]include:config {Y}.cfg\n[T21P_E2]include:config x.cfg\n"),
    (f"{A}.cfg", 'sip line1 user name: 1\nsip line1 registrar ip: pbx\nsip dial plan: "x+#|xx+*"\n'),
    (f"{A}.cfg", "^time format: 0     # 1 for 24 hr\n!admin password: 4711\nprgkey8 type: blf\n"),
    (f"{A}.cfg", "action uri startup: http://$$PROXYURL$$/x?u=$$SIPUSERNAME$$\n"),
]


@pytest.mark.parametrize(("name", "text"), QUIET)
def test_what_is_right_is_not_complained_about(name, text):
    found = look({name: text}, T46S if name.lower().startswith(Y) else M6731)
    assert [one for one in found if one.level != "note"] == []


# ---- files together


def ids(found):
    return [(one.id, one.file, one.line) for one in found]


def test_a_phones_own_file_may_override_and_two_common_things_may_not_disagree():
    common, own = HEAD + "lang.gui = English\n", HEAD + ACCOUNT + "lang.gui = Russian\n"
    found = look({"y000000000066.cfg": common, f"{Y}.cfg": own})
    assert ids(found) == [("overridden", f"{Y}.cfg", 5)]
    assert "'Russian' here and 'English' in y000000000066.cfg:2" in found[0].text
    found = look({"a.cfg": common, "b.cfg": HEAD + "lang.gui = Russian\n"})
    assert ids(found) == [("contradiction", "b.cfg", 2)]


def test_two_phones_and_two_models_do_not_contradict_each_other():
    files = {
        "y000000000066.cfg": HEAD + "lang.gui = English\n",
        "y000000000096.cfg": HEAD + "lang.gui = Russian\n",
        "805ec0112233.cfg": HEAD + ACCOUNT,
        "805ec0112244.cfg": HEAD + ACCOUNT.replace("204", "205"),
    }
    assert look(files) == []
    own = files | {"805ec0112233.cfg": HEAD + ACCOUNT + "lang.gui = English\n"}
    assert ids(look(own)) == [("overridden", "805ec0112233.cfg", 5)]
    assert look(own, T46S) == []


def test_an_account_may_be_put_together_from_several_files():
    files = {
        "aastra.cfg": "sip registrar ip: pbx.example\n",
        f"{A}.cfg": "sip line1 user name: 204\n",
    }
    assert look(files) == []


def test_keys_that_are_gone_since_the_last_version():
    old = {f"{Y}.cfg": HEAD + ACCOUNT + "lang.gui = Russian\nfeatures.dnd.allow = 1\n"}
    new = {"y000000000066.cfg": HEAD + "lang.gui = English\n", f"{Y}.cfg": HEAD + ACCOUNT}
    (one,) = look(new, previous=old)
    assert (one.id, one.key) == ("dropped-key", "features.dnd.allow")
    assert "phones that read it keep '1'" in one.text
    (one,) = look({"aastra.cfg": "language: 0\n"}, previous={"aastra.cfg": "language: 0\ntime format: 1\n"})
    assert "at their default for it after the next boot" in one.text


@pytest.mark.parametrize(
    "template",
    [
        HEAD + "account.{{ n }}.label = {{ label }}\naccount.{{ n }}.user_name = {{ user }}\n",
        HEAD + "account.1.label = Ann\naccount.1.user_name = 204\n",
        HEAD + "account.{$n}.label = {$label}\naccount.{$n}.user_name = {$user}\n",
    ],
)
def test_a_key_that_the_template_does_not_have(template):
    evil = HEAD + "account.1.label = Bob\naccount.1.sip_server.1.address = evil\naccount.1.user_name = 204\n"
    found = look({"x.cfg": evil}, template=template)
    assert ids(found)[:1] == [("not-in-template", "x.cfg", 3)]
    assert fails(found, "error")
    good = HEAD + "account.1.label = Bob\naccount.1.user_name = 204\n"
    assert look({"x.cfg": good}, template=template) == []


def test_an_include_that_leads_nowhere():
    boot = HEAD + f"include:config common.cfg\ninclude:config {Y}.cfg\ninclude:config http://cdn.example/x.cfg\n"
    found = look({f"srv/{Y}.boot": boot, f"srv/{Y}.cfg": HEAD + ACCOUNT})
    assert ids(found) == [("include-missing", f"srv/{Y}.boot", 2)]
    assert look({f"srv/{Y}.boot": boot}) == []  # alone nothing is known of its neighbours


# ---- what is never shown, and how much


def test_secrets_are_not_shown():
    text = HEAD + ACCOUNT + "account.1.password = hush1\naccount.1.password = hush2\naccount.1.password hush3\n"
    text += "static.firmware.url = http://me:hush4@h/x\nremote_phonebook.data.1.password = ${hush5}\n"
    said = repr(look({"y000000000066.cfg": text}))
    assert "hush1" not in said
    assert "hush2" not in said
    assert "hush3" not in said
    assert "hush4" not in said


def test_many_of_a_kind_are_counted():
    text = HEAD + "".join(f"junk {number}\n" for number in range(30))
    found = [one for one in look({f"{Y}.cfg": text}) if one.id == "unreadable-line"]
    assert len(found) == LIMIT + 1
    assert "20 more" in " ".join(one.text for one in found)
    found = [one for one in look({f"{Y}.cfg": text}, limit=None) if one.id == "unreadable-line"]
    assert len(found) == 30


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("account.1.lable", "account.1.label"),
        ("acount.12.label", "account.12.label"),
        ("account.3.sip_server.2.adress", "account.3.sip_server.2.address"),
        ("static.auto_provision.server.ulr", "static.auto_provision.server.url"),
        ("completely.other", ""),
    ],
)
def test_what_was_meant(key, right):
    assert not known("yealink", key)
    assert meant("yealink", key) == right
    assert not right or known("yealink", right)


# ---- real files, and any bytes


def test_every_real_configuration_is_read_and_nothing_in_it_is_an_error(real_configs: Path):
    files = sorted(real_configs.glob("*/*.cfg"))
    assert files
    for file in files:
        found = look({file.name: file.read_bytes()})
        assert [one for one in found if one.level == "error"] == []
        assert not [one for one in found if one.id in ("unknown-key", "misspelt-key")]
        assert all(one.line <= file.read_bytes().count(b"\n") + 1 for one in found)


def test_what_our_own_server_renders_is_clean():
    world = World(seed=3)
    acme = world.accounts.add("acme", platform="jet")
    ann = acme.users.add("204", first_name="Ann", last_name="Lee")
    for model, mac in (("yealink-t46s", "805ec0112233"), ("aastra-6867i", "00085d112233")):
        phone = world.phones.add(acme.devices.add(model=model, mac=mac, owner=ann))
        phone.power_on()
        world.settle()
        settings_ = phone.snapshot().settings.dict()
        sign = " = " if model.startswith("yealink") else ": "
        text = (HEAD if model.startswith("yealink") else "") + "".join(f"{k}{sign}{v}\n" for k, v in settings_.items())
        name = f"{mac}.cfg" if model.startswith("yealink") else f"{mac.upper()}.cfg"
        assert [one for one in look({name: text}, models.find(model)) if one.level != "note"] == []


@settings(deadline=None, max_examples=150)
@given(body=st.binary(max_size=300), name=st.sampled_from([f"{Y}.cfg", f"{A}.cfg", f"{Y}.boot", "x", "", "aastra.cfg"]))
def test_any_bytes_give_findings_and_no_exception(body, name):
    found = check(Given([Source(name, body), Source("y000000000066.cfg", body)], T46S, [Source("x", body)]))
    assert all(one.text for one in found)


ODD = ["#!version:1.0.0.1", "account.1.label = Bob", "account.1.enable = 1", "include:config $mac.cfg", "[]", "="]
ODD += ["[T46S,]include:config", "[", "account.99999999999999999999.user_name = 1", "linekey.0.type = 5", ":", " = x"]
ODD += ["\ufeff", "sip line1 user name: x", "^!x: y", 'a: "b', "{{", "<%", "overwrite_mode = 2", "x = http://[::1"]
ODD += [
    "x = http://[",
    "x = http://a:b@",
    "\r",
    "\x00",
    "security.user_password =",
    "static. = 1",
    "account..label = 1",
]
ODD += ["prgkey999999999999999999 type: blf", "x = \udcff", "%NULL% = %EMPTY%", "x = file://", "#", '"']


@settings(deadline=None, max_examples=150)
@given(
    lines=st.lists(st.sampled_from(ODD)),
    name=st.sampled_from([f"{Y}.cfg", f"{A}.cfg", f"{Y}.boot"]),
)
def test_any_lines_in_any_order(lines, name):
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    check(Given([Source(name, body), Source("b.cfg", body)], T46S, [Source(name, b"x = y")], Source("t", body)))


def test_real_files_with_bytes_changed(real_configs: Path):
    """A byte mutator over every real file and every odd one of the tests: cut, swapped, doubled, overwritten."""
    chance = random.Random(7)
    here = Path(__file__).parents[1] / "configs"
    for file in [*real_configs.glob("*/*.cfg"), *here.glob("*/*")]:
        for _ in range(25):
            body = bytearray(file.read_bytes())
            for _ in range(chance.randrange(1, 20)):
                place = chance.randrange(len(body) + 1)
                match chance.randrange(4):
                    case 0:
                        body[place:place] = bytes(chance.choices(b'\n\r\x00=:#"[]{}$%\xff\xfe!^ ', k=3))
                    case 1:
                        del body[place : place + chance.randrange(1, 30)]
                    case 2:
                        body[place : place + 1] = bytes([chance.randrange(256)])
                    case _:
                        body += body[place : place + 40]
            check(Given([Source(file.name, bytes(body)), Source(f"{Y}.cfg", bytes(body))], T46S))


def test_a_large_hostile_file_takes_no_long_time():
    """Linear work: a megabyte of nearly known keys, of one key, and of free text."""
    for line in (
        "account.{}.lable = x\n",
        "account.1.label = x\n",
        "x{} = __A__\n",
        "junk\n",
        "a" * 5000 + "{} = {{\n",
    ):
        text = HEAD + "".join(line.replace("{}", str(number)) for number in range(500_000 // len(line)))
        found = look({f"{Y}.cfg": text}, T46S)
        assert len(found) < 100
