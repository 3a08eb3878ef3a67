"""Every rule by its id: what it says, on which platforms, who says so, whether it can be switched, what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    return every(call.options(*paging.OPTIONS, "platform"))


async def rule(call: Call) -> Answer:
    """One."""
    return Answer(200, one(call.params["rule"]))


def every(options: Mapping[str, str]) -> Answer:
    """The list, for whoever asks: rules are no secret. All of them, unless a `limit` is said."""
    wanted = options.get("platform")
    if wanted is not None and wanted not in PLATFORMS:
        raise Invalid([Fault("/platform", f"must be one of {', '.join(sorted(PLATFORMS))}, not {wanted!r}")])
    chosen = all_rules() if wanted is None else PLATFORMS[wanted].rules

    def listed(after: str) -> Iterator[tuple[str, Rule]]:
        places = ((f"{number:06}\0", rule) for number, rule in enumerate(chosen))
        return ((place, rule) for place, rule in places if place > after)

    return paging.page({"limit": str(paging.MOST), **options}, listed, _view, lambda rule: f"{rule.id} {rule.text}")


def one(id_: str) -> dict[str, Any]:
    """The rule of that id. Raises NotFound."""
    for found in all_rules():
        if found.id == id_:
            return _view(found)
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
