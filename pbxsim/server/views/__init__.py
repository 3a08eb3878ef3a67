"""How everything looks in JSON: plain data, times as ISO 8601 in UTC, references as ids, and never a secret."""

from pbxsim.server.views.answers import (
    binding,
    call,
    event,
    job_row,
    login,
    phone,
    portal_login,
    shown,
    staleness,
    suggestion,
    trace,
    world,
)
from pbxsim.server.views.plain import Json, iso, moment
from pbxsim.server.views.things import version, view

__all__ = [
    "Json",
    "binding",
    "call",
    "event",
    "iso",
    "job_row",
    "login",
    "moment",
    "phone",
    "portal_login",
    "shown",
    "staleness",
    "suggestion",
    "trace",
    "version",
    "view",
    "world",
]
