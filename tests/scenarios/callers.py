"""Who calls and is called in the stories about calls: two people with apps that ring, and what is seen of a call."""

from __future__ import annotations

import pytest

NUMBER, OUTSIDE, MOBILE = "+61255501234", "+61400000000", "+61411111111"
YEALINK = "80:5e:c0:44:55:66"


def person(account, extension, name, app=True, **fields):
    """Somebody with an app that rings; its log-in's id is what rings."""
    first, _, last = name.partition(" ")
    user = account.users.add(extension, first_name=first, last_name=last, password="tr0ubador", **fields)
    if app:
        account.users.log_in_app(user, "tr0ubador")
    return user


def leads_to(account, root, number=NUMBER):
    """A number that leads there."""
    return account.numbers.add(number, callflow=account.callflows.add(f"Flow of {number}", root))


def app_of(user):
    """What rings for him."""
    return next(login.id for login in user.logins if login.kind == "app")


def said(trace):
    """The trace as text."""
    return "\n".join(f"{step.at} {step.name}: {step.what}" for step in getattr(trace, "steps", trace))


def last(account):
    """The newest call record."""
    return next(iter(account.cdrs))


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="jet", timezone="Australia/Sydney", country="AU")


@pytest.fixture
def john(acme):
    return person(acme, "1002", "John Smith")


@pytest.fixture
def mary(acme):
    return person(acme, "1003", "Mary Jones")
