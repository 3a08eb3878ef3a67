"""Every rule by its id: what it says, on which platforms, who says so, whether it can be switched, what proves it."""

from __future__ import annotations

from typing import Any

from pbxsim.core.platform import Rule
from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.platforms import PLATFORMS, all_rules
from pbxsim.server import paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

ROUTES = (
    ("GET", "/rules", "rules"),
    ("GET", "/rules/{rule}", "rule"),
)


async def rules(call: Call) -> Answer:
    """All of them: the general ones, then each platform's; `?platform=` for those that are in force on one."""
    wanted = call.options(*paging.OPTIONS, "platform").get("platform")
    if wanted is None:
        return paging.whole(map(_view, all_rules()))
    if wanted not in PLATFORMS:
        raise Invalid([Fault("/platform", f"must be one of {', '.join(sorted(PLATFORMS))}, not {wanted!r}")])
    return paging.whole(map(_view, PLATFORMS[wanted].rules))


async def rule(call: Call) -> Answer:
    """One."""
    id_ = call.params["rule"]
    for found in all_rules():
        if found.id == id_:
            return Answer(200, _view(found))
    raise NotFound("rule", id_, "GET /api/v1/rules lists them.")


def _view(rule: Rule) -> dict[str, Any]:
    owner = rule.id.partition(".")[0]
    return {
        "id": rule.id,
        "text": rule.text,
        "platforms": [owner] if owner in PLATFORMS else sorted(PLATFORMS),
        "source": {"title": rule.source},
        "policy": rule.policy,
        "choices": rule.choices or None,
        "test": rule.test,
    }
