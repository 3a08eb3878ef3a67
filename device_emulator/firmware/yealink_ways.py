"""How a Yealink goes about provisioning, as its settings and its release say: worked out once for settings alike.

Of a hundred and more settings a few dozen say it, and all phones of a site have the same there: those are picked out by
their places among the keys, and what follows from them is kept in mind.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from device_emulator.firmware import yealink_facts as known
from device_emulator.firmware import yealink_local_facts as local
from device_emulator.firmware import yealink_remote_facts as remote
from device_emulator.firmware import yealink_trigger_facts as triggers
from device_emulator.firmware.textfile import Settings, picker
from device_emulator.firmware.yealink_file_facts import STATIC
from device_emulator.firmware.yealink_key_facts import HOT_STARTUP
from device_emulator.models import Model

MINUTE = 60_000

_PREFIXES = ("auto_provision.", "local_time.", "action_url.", "sip.", "features.action_uri", "features.show_action")
HOT_DESK = "hotdesking.startup_"
_NOT = "auto_provision.server."  # who the phone is differs, and is not needed here


class Zone(Struct, frozen=True, gc=False):
    """The phone's clock: minutes from UTC, and in summer `extra` more, by `mode`, between `start` and `end`."""

    minutes: int = 0
    mode: str = "0"
    by_week: bool = False
    start: str = ""
    end: str = ""
    extra: int = 60
    monday: int = 1


class Window(Struct, frozen=True, gc=False):
    """When to look: on these days of the week (digits, 0 is Sunday) in each `weeks`-th week, or each `interval` days;
    `begin` and `end` are minutes of the day."""

    days: str
    interval: int
    begin: int
    end: int
    weeks: int = 1


class Ways(Struct, frozen=True, gc=False):
    """All that the settings say of it. `repeat` is in ms, 0 for never; `patience` how many ms nobody may have touched
    the phone before it looks; `urls` are (event, address) to be told;
    `asks_first`: a boot may end with the question who is there."""

    tries: int
    retry_ms: int
    answer_ms: int
    redirects: int
    power_on: bool
    protect: bool
    sync: bool
    sync_path: str
    upload: str
    firmware: str
    only_encrypted: bool
    common_key: str
    own_key: str
    repeat: int
    windows: tuple[Window, ...]
    zone: Zone
    spread: bool
    patience: int
    check_sync: str
    trusting: bool
    uri_enabled: bool
    uri_limit: tuple[str, ...]
    uri_asks: bool
    force: bool
    urls: tuple[tuple[str, str], ...]
    asks_first: bool
    mac_by_http: bool
    mac_by_sip: bool
    prompt: bool

    @property
    def scheduled(self) -> bool:
        """Does the phone look by itself?"""
        return bool(self.repeat or self.windows)

    @property
    def synced(self) -> bool:
        """Is the local file kept at the server?"""
        return self.protect and self.sync


@lru_cache(maxsize=1024)
def ways(model: Model, settings: Settings) -> Ways:
    """What the settings say."""
    names, picked = _telling(settings.keys)
    return _ways(model, names, picked(settings.values))


@lru_cache(maxsize=1024)
def _telling(keys: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[tuple[str, ...]], tuple[str, ...]]]:
    names = tuple([key for key in keys if _says_something(key)])
    return names, picker(keys, names)


def _says_something(key: str) -> bool:
    name = key.removeprefix("static.")
    if name.startswith("account."):
        return name.endswith(".sip_trust_ctrl")
    return (name.startswith((*_PREFIXES, HOT_DESK)) and not name.startswith(_NOT)) or name == "firmware.url"


@lru_cache(maxsize=4096)
def _ways(model: Model, names: tuple[str, ...], values: tuple[str, ...]) -> Ways:
    said = Said(dict(zip(names, values, strict=True)), model)
    begin, days = triggers.FLEXIBLE_BEGIN.of(model), triggers.WEEKLY_DAYS.of(model)
    windows = []
    if said.get("auto_provision.weekly.enable", triggers.WEEKLY.of(model)) == "1":
        days = said.get("auto_provision.weekly.dayofweek", days)
        weekly = "auto_provision.weekly."
        weeks = said.number("auto_provision.weekly_upgrade_interval", triggers.WEEKLY_WEEKS.of(model), 0, 12)
        windows.append(_window(said, weekly, days, 0, triggers.WEEKLY_BEGIN.of(model), max(weeks, 1)))
    if said.get("auto_provision.flexible.enable", triggers.FLEXIBLE.of(model)) == "1":
        interval = said.number("auto_provision.flexible.interval", triggers.FLEXIBLE_INTERVAL.of(model), 1, 1000)
        windows.append(_window(said, "auto_provision.flexible.", "", interval, begin))
    minutes = said.number("auto_provision.repeat.minutes", triggers.REPEAT_MINUTES.of(model), 1, 43_200)
    repeats = said.get("auto_provision.repeat.enable", triggers.REPEAT.of(model)) == "1"
    methods = local.UPLOAD_METHODS.of(model)
    method = said.get("auto_provision.custom.upload_method", local.UPLOAD_METHOD.of(model))
    common = said.first(local.AES_COMMON.of(model))
    limit = said.get("features.action_uri_limit_ip", remote.URI_LIMIT.of(model))
    trust = remote.TRUST.of(model)
    return Ways(
        tries=said.number(known.TRIES_KEY.of(model), known.TRIES.of(model), 1, 10),
        retry_ms=said.milliseconds(known.RETRY_KEY.of(model), known.RETRY_MS.of(model), 0, 86_400),
        answer_ms=said.milliseconds(known.ANSWER_KEY.of(model), known.ANSWER_MS.of(model), 1, 300),
        redirects=known.REDIRECTS.of(model),
        power_on=said.get("auto_provision.power_on", triggers.POWER_ON.of(model)) != "0",
        protect=said.get("auto_provision.custom.protect", local.PROTECT.of(model)) == "1",
        sync=said.get("auto_provision.custom.sync", local.SYNC.of(model)) == "1",
        sync_path=said.get("auto_provision.custom.sync.path", "") if local.SYNC_PATH.of(model) else "",
        upload=methods[1 if method == "1" else 0],
        firmware=next((value for key in known.FIRMWARE_KEYS.of(model) if (value := said.values.get(key))), ""),
        only_encrypted=said.get("auto_provision.update_file_mode", local.ONLY_ENCRYPTED.of(model)) == "1",
        common_key=common,
        own_key=said.first(local.AES_OWN.of(model)) or common,
        repeat=minutes * MINUTE if repeats else 0,
        windows=tuple(windows),
        zone=_zone(said, model),
        spread=triggers.SPREAD.of(model),
        patience=said.number("auto_provision.inactivity_time_expire", triggers.INACTIVE.of(model), 0, 120) * MINUTE,
        check_sync=said.get("sip.notify_reboot_enable", remote.CHECK_SYNC.of(model)),
        trusting=said.get("sip.trust_ctrl", trust) != "1" and not said.anywhere(".sip_trust_ctrl", "1"),
        uri_enabled=said.get("features.action_uri.enable", remote.URI_ENABLE.of(model)) == "1",
        uri_limit=tuple([part.strip() for part in limit.split(",") if part.strip()]),
        uri_asks=said.get("features.show_action_uri_option", remote.URI_ASKS.of(model)) == "1",
        force=said.get("features.action_uri_force_autop", triggers.FORCE.of(model)) == "1",
        urls=tuple([(name, url) for name in remote.URL_EVENTS.of(model) if (url := said.get(f"action_url.{name}"))]),
        asks_first=HOT_STARTUP.of(model) == "1" or said.starting(HOT_DESK, "1"),
        mac_by_http=said.get("auto_provision.user_agent_mac.enable", known.MAC_BY_HTTP.of(model)) != "0",
        mac_by_sip=said.get("sip.mac_in_ua", known.MAC_BY_SIP.of(model)) not in ("", "0"),
        prompt=said.get("auto_provision.prompt.enable", known.PROMPT.of(model)) != "0",
    )


class Said:
    """Settings by name, whose keys may be written with or without `static.` (V81 renamed them, the old still work)."""

    def __init__(self, values: dict[str, str], model: Model) -> None:
        self.values, self.both = values, STATIC.of(model)

    def get(self, name: str, default: str = "") -> str:
        """A setting; an empty one is none."""
        return self.values.get(f"static.{name}") or (self.values.get(name) if self.both else "") or default

    def first(self, names: tuple[str, ...]) -> str:
        """The first of these that is set."""
        return next((value for name in names if (value := self.get(name))), "")

    def anywhere(self, ending: str, value: str) -> bool:
        """Has any setting of that ending the value?"""
        return any(key.endswith(ending) and one == value for key, one in self.values.items())

    def starting(self, beginning: str, value: str) -> bool:
        """Has any setting of that beginning the value?"""
        return any(key.startswith(beginning) and one == value for key, one in self.values.items())

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number, held within its range; the default if it is none."""
        return whole(self.get(name), default, least, most)

    def milliseconds(self, name: str, default: int, least: int, most: int) -> int:
        """A setting in seconds; the default is in ms."""
        number = self.number(name, -1, least, most)
        return default if number < 0 else number * 1000


def whole(text: str, default: int, least: int, most: int) -> int:
    """The number that a text is, held within a range; the default if it is none."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return default
    return min(max(int(text), least), most)


def minutes_of(text: str, default: int) -> int:
    """`HH:MM` as minutes of the day."""
    hours, colon, minutes = text.partition(":")
    if not colon:
        return default
    hour, minute = whole(hours.strip(), -1, -1, 99), whole(minutes.strip(), -1, -1, 99)
    return hour * 60 + minute if 0 <= hour < 24 and 0 <= minute < 60 else default


def _window(said: Said, group: str, days: str, interval: int, begin: str, weeks: int = 1) -> Window:
    start = minutes_of(said.get(group + "begin_time", begin), minutes_of(begin, 0))
    end = minutes_of(said.get(group + "end_time"), start)
    return Window(days, interval, start, end, weeks)


def _zone(said: Said, model: Model) -> Zone:
    kind = said.get("local_time.dst_time_type", triggers.DST_BY_WEEK.of(model))
    return Zone(
        minutes=_offset(said.get("local_time.time_zone", triggers.TIME_ZONE.of(model))),
        mode=said.get("local_time.summer_time", triggers.SUMMER_TIME.of(model)),
        by_week=kind == "1",
        start=said.get("local_time.start_time"),
        end=said.get("local_time.end_time"),
        extra=said.number("local_time.offset_time", triggers.DST_MINUTES.of(model), 0, 300),
        monday=triggers.DST_MONDAY.of(model),
    )


def _offset(text: str) -> int:
    """`+8`, `-3:30` or `0` as minutes."""
    sign = -1 if text[:1] == "-" else 1
    hours, _, minutes = text.lstrip("+-").partition(":")
    return sign * (whole(hours, 0, 0, 14) * 60 + whole(minutes, 0, 0, 59))
