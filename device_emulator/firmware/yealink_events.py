"""What a Yealink tells others: the addresses of `action_url.…`, fetched when something happens, and never read.

Variables in an address stand for what the phone knows. Whatever the other side answers changes nothing.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from device_emulator.firmware import yealink_remote_facts as known
from device_emulator.firmware.contract import Account
from device_emulator.firmware.textfile import Settings
from device_emulator.firmware.yealink_accounts import accounts
from device_emulator.firmware.yealink_ways import ways
from device_emulator.models import Model

TELL = "Tell: "
"""Before an address that is fetched without a look at what it answers."""

About = tuple[tuple[str, str], ...]


def told(model: Model, mac: str, settings: Settings, event: str, line: int = 1, about: About = ()) -> tuple[str, ...]:
    """The address of an event, if there is one."""
    urls = ways(model, settings).urls
    if not urls:
        return ()  # nearly always
    url = dict(urls).get(event, "")
    if "$" in url:
        url = _filled(model, mac, settings, url, line, dict(about))
    return (TELL + url,) if url else ()


def _filled(model: Model, mac: str, settings: Settings, url: str, line: int, about: dict[str, str]) -> str:
    account = next((one for one in accounts(model, settings) if one.number == line), None)
    values = _values(model, mac, account, about)
    # Longer words first: `$active_user` is not `$active`, `$local` no part of another.
    for word in sorted(known.URL_VARIABLES.of(model), key=len, reverse=True):
        url = url.replace(word, quote(values.get(word, ""), safe="", errors="replace"))
    return url


def _values(model: Model, mac: str, account: Account | None, about: dict[str, str]) -> dict[str, str]:
    user = account.user if account else ""
    host = account.server if account else ""
    number = about.get("REMOTENUMBER", "")
    return {
        "$mac": mac,
        "$ip": f"{mac}.phone",
        "$model": _product(model),
        "$firmware": model.version,
        "$active_user": user,
        "$active_host": host,
        "$active_url": f"{user}@{host}" if user else "",
        "$local": f"sip:{user}@{host}" if user else "",
        "$remote": f"sip:{number}@{host}" if number else "",
        "$display_local": account.label if account else "",
        "$display_remote": about.get("INCOMINGNAME", ""),
        "$call_id": about.get("CALLID", ""),
    }


@lru_cache(maxsize=256)
def _product(model: Model) -> str:
    """As the phone names itself: `SIP-T46S`."""
    return f"SIP-{model.product}"
