"""The rules table over HTTP: what a refusal's `rule` and `type` lead to."""

from __future__ import annotations

from pbxsim.platforms import PLATFORMS, all_rules
from tests.api.conftest import Api


async def test_every_rule_is_listed_and_found(bare: Api) -> None:
    listed = (await bare.get("/rules"))["items"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in all_rules()]
    for rule in listed:
        assert (await bare.get(f"/rules/{rule['id']}")).json == rule


async def test_the_rules_of_one_platform(bare: Api) -> None:
    for name, platform in PLATFORMS.items():
        listed = (await bare.get(f"/rules?platform={name}"))["items"]
        assert [rule["id"] for rule in listed] == [rule.id for rule in platform.rules]
    assert (await bare.get("/rules?platform=asterisk"))["errors"][0]["pointer"] == "/platform"


async def test_a_rule(bare: Api) -> None:
    rule = await bare.get("/rules/jet.user.delete.blocked")
    assert (rule["platforms"], rule["policy"]) == (["jet"], None)
    assert rule["source"] == {"title": "Jet: deactivate a phone user"}
    assert "in any queue" in rule["text"]
    assert (await bare.get("/rules/pbx.role"))["platforms"] == sorted(PLATFORMS)
    assert (await bare.get("/rules/jet.provisioning.boot-files"))["policy"] is False
