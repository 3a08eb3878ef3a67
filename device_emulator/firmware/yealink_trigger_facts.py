"""What is known of Yealink's firmware: when it looks for a configuration by itself, and what its clock shows."""

from __future__ import annotations

from device_emulator.firmware.yealink_facts import FUSIONPBX, GUIDE, WAZO, row

# ---- by itself

POWER_ON = row(
    "power-on",
    "auto_provision.power_on is this by default: each boot is a run.",
    "vendor guide",
    f"{GUIDE}: power on mode is enabled by default",
    "1",
    "0",
)
REPEAT = row("repeat", "auto_provision.repeat.enable is this by default.", "vendor guide", GUIDE, "0", "1")
REPEAT_MINUTES = row(
    "repeat.minutes",
    "auto_provision.repeat.minutes is this by default, 1 to 43200 allowed.",
    "vendor guide",
    GUIDE,
    1_440,
    720,
)
WEEKLY = row("weekly", "auto_provision.weekly.enable is this by default.", "vendor guide", GUIDE, "0", "1")
WEEKLY_DAYS = row(
    "weekly.days",
    "auto_provision.weekly.dayofweek is this by default; 0 is Sunday.",
    "vendor guide",
    GUIDE,
    "0123456",
    "06",
)
WEEKLY_BEGIN = row(
    "weekly.begin",
    "auto_provision.weekly.begin_time is this by default.",
    "vendor guide",
    GUIDE,
    "00:00",
    "03:00",
)
WEEKLY_WEEKS = row(
    "weekly.weeks",
    "auto_provision.weekly_upgrade_interval, in weeks up to 12, is this by default: 0 and 1 are each week.",
    "unverified",
    f"{FUSIONPBX} name the key; what it defaults to, and which of the weeks a phone takes, is not published",
    0,
    2,
)
FLEXIBLE = row(
    "flexible",
    "auto_provision.flexible.enable is this by default.",
    "vendor guide",
    GUIDE,
    "0",
    "1",
)
FLEXIBLE_BEGIN = row(
    "flexible.begin",
    "auto_provision.flexible.begin_time is this by default.",
    "vendor guide",
    GUIDE,
    "02:00",
    "05:00",
)
FLEXIBLE_INTERVAL = row(
    "flexible.interval",
    "auto_provision.flexible.interval, 1 to 1000 days, is this by default.",
    "unverified",
    "the range is published, a default is not",
    30,
    7,
)
SPREAD = row(
    "window.spread",
    "In a window each phone has a minute of its own, drawn by its MAC: a fleet does not come all at once.",
    "vendor guide",
    f"{GUIDE}: at a random time within the period; that the MAC draws it is decided",
    True,
    False,
)
INACTIVE = row(
    "inactive.minutes",
    "auto_provision.inactivity_time_expire, in minutes up to 120, is this by default: a run by the clock waits until "
    "nobody has touched the phone for so long; 0 is at once.",
    "unverified",
    f"{FUSIONPBX} name the key; its default is not published",
    0,
    10,
)
FORCE = row(
    "call.force",
    "features.action_uri_force_autop is this by default; with 1 a run that an Action URI asks for does not wait.",
    "unverified",
    f"{FUSIONPBX} name the key; its default is not published",
    "0",
    "1",
)
NOW = row(
    "menu.now",
    "The menu's item of this name starts a run.",
    "vendor guide",
    f"{GUIDE}: Auto Provision Now",
    "Auto Provision Now",
    "Provision",
)

# ---- the phone's clock

TIME_ZONE = row(
    "time.zone",
    "local_time.time_zone is this by default: hours from UTC.",
    "unverified",
    "the factory's country; no guide that was read says so",
    "+8",
    "0",
)
SUMMER_TIME = row(
    "time.summer",
    "local_time.summer_time is this by default: 0 never, 1 between start and end, 2 by the zone's own rule "
    "(which is not modelled: no summer time).",
    "unverified",
    "the three values are published",
    "2",
    "1",
)
DST_MINUTES = row(
    "time.dst-minutes",
    "In summer the clock is this many minutes ahead, if local_time.offset_time does not say otherwise.",
    "unverified",
    "the key is published, its default is not",
    60,
    30,
)
DST_BY_WEEK = row(
    "time.dst-type",
    "local_time.dst_time_type is this by default: 0 is MM/DD/HH, 1 is month/week/day of week/hour; week 5 is the last.",
    "unverified",
    f"{WAZO} write both forms; the default is not published",
    "0",
    "1",
)
DST_MONDAY = row(
    "time.dst-weekday",
    "Among days of the week in summer time's start and end, Monday is this.",
    "unverified",
    "wazo-provd's plugins write 1 to 7",
    1,
    2,
)
