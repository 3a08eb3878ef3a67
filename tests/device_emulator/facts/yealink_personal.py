"""Yealink: settings that people make at the phone, where they are kept, and files that nobody else can read."""

from __future__ import annotations

from device_emulator.firmware import yealink_local_facts as known
from tests.device_emulator.desk import World, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import COMMON, HEADER, LOCAL, OWN, RUN, common, said, there

PROTECT = "static.auto_provision.custom.protect = 1"
SYNC = "static.auto_provision.custom.sync = 1"
BY_HAND = "account.1.display_name"


def edited(*lines: str) -> World:
    """A phone at which somebody has changed a setting; then the server has another file."""
    desk = there(*lines)
    desk.set_locally(BY_HAND, "By hand")
    common(desk, f"{BY_HAND} = Server")
    desk.check_sync()
    return desk


@proves(known.PROTECT)
def the_server_overwrites_what_people_have_set() -> None:
    assert said(edited(), BY_HAND) == "Server"


@proves(known.LOCAL_WINS)
def under_protection_what_people_have_set_wins() -> None:
    assert said(edited(PROTECT), BY_HAND) == "By hand"
    assert said(edited("auto_provision.custom.protect = 1"), BY_HAND) == "By hand"


@proves(known.LOCAL_SINCE)
def what_was_set_before_the_protection_is_not_protected() -> None:
    desk = there()
    desk.set_locally(BY_HAND, "By hand")
    common(desk, PROTECT)
    desk.check_sync()
    common(desk, f"{BY_HAND} = Server")
    desk.check_sync()
    assert said(desk, BY_HAND) == "Server"


@proves(known.STATIC_NEVER)
def static_settings_are_never_personal() -> None:
    desk = there(PROTECT)
    desk.set_locally("static.lang.gui", "By hand")
    common(desk, "static.lang.gui = Server")
    desk.check_sync()
    assert said(desk, "static.lang.gui") == "Server"


@proves(known.SYNC)
def the_local_file_stays_in_the_phone() -> None:
    desk = there(PROTECT)
    desk.set_locally(BY_HAND, "By hand")
    assert [request.method for request in desk.http if request.method != "GET"] == []
    assert desk.fetched(desk.check_sync) == RUN


@proves(known.LOCAL_NAME, known.LOCAL_SENT, known.UPLOAD_METHOD, known.UPLOAD_METHODS)
def each_change_goes_to_the_server() -> None:
    desk = there(PROTECT, SYNC)
    desk.set_locally(BY_HAND, "By hand")
    desk.set_locally("static.lang.gui", "Greek")
    desk.set_locally("account.1.label", "")
    sent = [(one.method, one.url.rpartition("/")[2], one.body) for one in desk.http if one.method != "GET"]
    first, second = f"{HEADER}{BY_HAND} = By hand\n", "account.1.label = %EMPTY%\n"
    assert sent == [("PUT", LOCAL, first.encode()), ("PUT", LOCAL, (first + second).encode())]
    common(desk, "static.auto_provision.custom.upload_method = 1")
    desk.check_sync()
    desk.set_locally(BY_HAND, "Again")
    assert desk.http[-1].method == "POST"


@proves(known.LOCAL_FETCHED)
def the_local_file_comes_back_in_each_run_even_after_a_factory_reset() -> None:
    desk = there(PROTECT, SYNC)
    assert list(dict.fromkeys(desk.paths)) == [*RUN, LOCAL]
    desk.set_locally(BY_HAND, "By hand")
    desk.factory_reset()
    assert said(desk, BY_HAND) is None
    desk.stage()
    desk.settle()
    assert said(desk, BY_HAND) == "By hand"


@proves(known.SYNC_PATH)
def the_local_file_is_kept_where_the_settings_say() -> None:
    desk = there(PROTECT, SYNC, "static.auto_provision.custom.sync.path = http://box.example/up")
    desk.set_locally(BY_HAND, "By hand")
    assert desk.http[-1].url == f"http://box.example/up/{LOCAL}"
    assert desk.fetched(desk.check_sync)[-1] == f"http://box.example/up/{LOCAL}"


@proves(known.RESET_LOCAL)
def the_menu_forgets_what_people_have_set() -> None:
    desk = edited(PROTECT)
    desk.press("Reset local settings")
    assert said(desk, BY_HAND) == "By hand"
    common(desk, "# changed")
    desk.check_sync()
    assert said(desk, BY_HAND) == "Server"


# ---- encrypted files

KEY, LONG_KEY = "0123456789abcdef", "0123456789abcdef0123456789abcdef"


def encrypted(text: str, key: str, pkcs7: bool = False) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    body = text.encode()
    missing = 16 - len(body) % 16
    body += bytes([missing]) * missing if pkcs7 else b"\0" * (missing % 16)
    cipher = Cipher(algorithms.AES(key.encode()), modes.ECB()).encryptor()
    return cipher.update(body) + cipher.finalize()


def reading(common_body: bytes, own_body: bytes, *lines: str) -> World:
    """A phone that knows keys, and then gets these files."""
    desk = there(*lines)
    desk.files[COMMON], desk.files[OWN] = common_body, own_body
    desk.check_sync()
    return desk


@proves(known.AES_COMMON, known.AES_DETECTED)
def the_common_key_opens_common_files_and_its_own_if_it_has_no_other() -> None:
    for name in ("static.auto_provision.aes_key_16.com", "auto_provision.aes_key.com"):
        desk = reading(
            encrypted(HEADER + "lang.wui = Greek\n", KEY), encrypted(yealink_file("Ann"), KEY), f"{name} = {KEY}"
        )
        assert (said(desk, "lang.wui"), desk.phone.screen.label) == ("Greek", "Ann")


@proves(known.AES_OWN, known.AES_SIZES)
def its_own_file_may_have_a_key_of_its_own() -> None:
    keys = (f"static.auto_provision.aes_key_16.com = {KEY}", f"static.auto_provision.aes_key.mac = {LONG_KEY}")
    desk = reading(encrypted(HEADER + "lang.wui = Greek\n", KEY), encrypted(yealink_file("Ann"), LONG_KEY), *keys)
    assert (said(desk, "lang.wui"), desk.phone.screen.label) == ("Greek", "Ann")
    other = reading(encrypted(HEADER + "lang.wui = Greek\n", KEY), encrypted(yealink_file("Eve"), KEY[::-1]), *keys)
    assert (said(other, "lang.wui"), other.phone.screen.label) == ("Greek", "Bob")
    assert other.phone.report is not None
    assert "does not fit" in other.phone.report.faults[0][1].text


@proves(known.AES_PADDING)
def what_fills_up_the_last_block_is_no_part_of_the_file() -> None:
    for pkcs7 in (False, True):
        key = f"static.auto_provision.aes_key.com = {KEY}"
        body = encrypted(HEADER + "lang.wui = Gree", KEY, pkcs7)
        assert said(reading(body, yealink_file().encode(), key), "lang.wui") == "Gree"


@proves(known.ONLY_ENCRYPTED)
def plain_files_are_read_unless_only_encrypted_ones_are_wanted() -> None:
    assert there().phone.screen.label == "Bob"
    desk = there("static.auto_provision.update_file_mode = 1", f"static.auto_provision.aes_key.com = {KEY}")
    desk.files[OWN] = yealink_file("Plain")
    desk.check_sync()
    assert desk.phone.screen.label == "Bob"
    desk.files[OWN] = encrypted(yealink_file("Secret"), KEY)
    desk.check_sync()
    assert desk.phone.screen.label == "Secret"


@proves(known.RSA)
def a_file_for_the_vendors_key_is_named_and_ignored() -> None:
    desk = yealink()
    desk.files[COMMON] = "#!encrypt:1.0.0.0\n#!key_signatue:RSA_256\n#!key_ciphertext:AAAA\n"
    desk.plug_in()
    assert desk.phone.report is not None
    assert [fault.text for _, fault in desk.phone.report.faults if "RSA" in fault.text]
    assert desk.phone.screen.label == "Bob"
