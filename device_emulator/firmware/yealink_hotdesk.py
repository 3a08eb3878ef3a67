"""Hot desking by a Yealink's own key: whoever sits down types who he is. Nothing is fetched from a server.

The key clears every account and asks; what is typed registers on account 1. With the startup settings the same question
comes at each boot. All of it is a change at the phone, like any other.
"""

from __future__ import annotations

from device_emulator.firmware import yealink_key_facts as known
from device_emulator.firmware.contract import Flash, Order
from device_emulator.firmware.textfile import Settings
from device_emulator.firmware.yealink_local import set_locally
from device_emulator.firmware.yealink_ways import ways
from device_emulator.models import Model
from device_emulator.screen import Field, OwnPurpose, Page, SoftKey

HOT_DESK: OwnPurpose = "hot-desk"
_KEYS = (SoftKey("OK", "SoftKey:Submit"), SoftKey("Cancel", "SoftKey:Exit"))
_CLEARED = ("enable", "label", "display_name", "auth_name", "user_name", "password")
# What is asked, and the account's key that it goes to.
_FIELDS = {
    "register_name": ("Register Name", ("auth_name",)),
    "username": ("User Name", ("user_name",)),
    "password": ("Password", ("password",)),
    "sip_server": ("SIP Server", ("sip_server.1.address",)),
    "outbound": ("Outbound", ("outbound_proxy.1.address",)),
}


def wizard(model: Model, flash: Flash) -> tuple[Flash, Page]:
    """The key is pressed: nobody is registered any more, and the phone asks who is there."""
    if known.HOT_CLEARS.of(model):
        settings = flash.settings.dict()
        for number in range(1, model.lines + 1):
            for field in _CLEARED:
                key = f"account.{number}.{field}"
                if settings.get(key):
                    flash = set_locally(model, flash, key, "")
    asked = known.HOT_ASKED.of(model)
    return flash, _page(model, flash.settings, "dsskey", {name: "1" if name in asked else "0" for name in _FIELDS})


def first_page(model: Model, settings: Settings) -> Page | None:
    """The question at a boot, if the settings want it."""
    if not ways(model, settings).asks_first:
        return None  # nearly always
    default = known.HOT_STARTUP.of(model)
    page = _page(model, settings, "startup", dict.fromkeys(_FIELDS, default))
    return page if page.fields else None


def _page(model: Model, settings: Settings, kind: str, defaults: dict[str, str]) -> Page:
    values = settings.dict()
    fields = []
    for name in known.HOT_FIELDS.of(model):
        if (values.get(f"hotdesking.{kind}_{name}_enable") or defaults[name]) == "1":
            fields.append(Field(_FIELDS[name][0], name, password=name == "password"))
    return Page("Hot Desking", fields=tuple(fields), soft_keys=_KEYS, purpose=HOT_DESK)


def seated(model: Model, flash: Flash, page: Page, fields: tuple[str, ...]) -> tuple[Flash, Order]:
    """What was typed is the account's now. Without a user name nobody is there."""
    typed = {field.parameter: text.strip() for field, text in zip(page.fields, fields, strict=False)}
    user = typed.get("username") or typed.get("register_name", "")
    if not user:
        return flash, Order()
    account = f"account.{known.HOT_LINE.of(model)}."
    values = {"enable": "1", "user_name": user, "auth_name": typed.get("register_name") or user, "label": user}
    for name, (_, keys) in _FIELDS.items():
        if typed.get(name) and name not in ("username", "register_name"):
            values |= dict.fromkeys(keys, typed[name])
    if typed.get("outbound"):
        values["outbound_proxy_enable"] = "1"
    for key, value in values.items():
        flash = set_locally(model, flash, account + key, value)
    return flash, Order()
