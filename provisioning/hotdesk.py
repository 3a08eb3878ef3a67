"""Log-in and log-out at an Aastra or Mitel phone (workflow P12), page by page.

A log-in writes the device's own file, with that moment's name, and sets the same pairs on the phone at once; a log-out
deletes the file and takes the pairs back. Whether an extension and PIN are right is the plan source's business: the
plan says it. Pages after the public log-in scripts 2.3.1.
"""

from __future__ import annotations

from urllib.parse import urlencode

from provisioning import models
from provisioning.identify import PAGES, Claim, PageName
from provisioning.messages import Effect, FileDropped, FileFrozen, Files, LogInAsked, LogOutAsked
from provisioning.plan import Pairs, Plan
from provisioning.render import render
from provisioning.user_agents import Agent
from provisioning.vendors import aastra, aastra_xml

Page = tuple[bytes, tuple[Effect, ...]]
"""The XML object, and what follows from having served it."""

RESET = PAGES["reset"]
"""What a log-out takes back is kept under this name until the log-in prompt is up again: the phone fetches the pages of
it after its own file is gone."""


def page(plan: Plan, claim: Claim, files: Files) -> Page | None:
    """The page of the claim; None if this phone has no such page."""
    if plan.mode != "at_login" or models.find(plan.model).vendor != "aastra":
        return None
    match claim.page:
        case "startup":
            return _startup(plan, files)
        case "login":
            return _login(plan, claim)
        case "logout":
            return _logout(plan, claim, files)
        case "config":
            return _cut(files.get((plan.device, aastra.own_file(plan.mac))), claim.number)
        case "reset":
            return _cut(files.get((plan.device, RESET)), claim.number)
        case "file":
            return None


def _url(plan: Plan, name: PageName, **query: str) -> str:
    return f"{plan.base_url}{PAGES[name]}{'?' if query else ''}{urlencode(query, errors='replace')}"


def _startup(plan: Plan, files: Files) -> Page:
    fields = (("Extension", "user", "no"), ("Password", "password", "yes"))
    left_over = (FileDropped(plan.device, RESET),) if (plan.device, RESET) in files else ()
    return aastra_xml.input_screen("Initial Startup", _url(plan, "login"), fields), left_over


def _login(plan: Plan, claim: Claim) -> Page:
    again = _url(plan, "startup")
    answer = plan.log_in
    if answer is None or answer.outcome == "wrong" or (answer.outcome == "ok" and answer.line is None):
        retry = (("Retry", again),)
        return aastra_xml.text_screen("Authentication failed", "Wrong credentials.", again, retry), ()
    if answer.outcome == "in_use":
        override = _url(plan, "login", user=claim.extension, password=claim.pin, override="1")
        text = f"Extension already in use on {answer.where or 'another phone'}"
        keys = (("Override", override), ("Close", again))
        return aastra_xml.text_screen("Extension in use", text, again, keys), ()
    if answer.outcome == "unregistered":
        text = f"{answer.where or 'Another phone'} is not registered yet. Please try again later."
        return aastra_xml.text_screen("Extension in use", text, again, (("Close", again),)), ()
    # Rendered once: the file and the XML object are two prints of the same pairs.
    own = render(plan, "mac")
    # The log-in first: what it ends (another visitor here, an override's other phone) must not drop the new file.
    effects = (
        LogInAsked(plan.device, answer.user, claim.override),
        FileFrozen(plan.device, aastra.own_file(plan.mac), own.body),
    )
    if not _dynamic(claim.agent):
        return aastra_xml.execute((_reboot(claim.agent),)), effects
    if len(own.pairs) <= aastra_xml.ITEMS:
        return aastra_xml.configuration(own.pairs), effects
    return aastra_xml.execute(_pages(plan, "config", own.pairs)), effects


_FORGET = ("Command: ClearCallersList", "Command: ClearDirectory", "Command: ClearRedialList")
"""Whom a visitor has spoken with is nobody else's business (public log-in scripts)."""


def _dynamic(agent: Agent) -> bool:
    """Whether SIP keys that are set at once count at once: from firmware 2.5 on (public log-in scripts)."""
    return not agent.version or _release(agent) >= (2, 5)


def _reboot(agent: Agent) -> str:
    """The quick way is known from 2.0.2 on (public log-in scripts)."""
    return "Command: FastReboot" if _release(agent) >= (2, 0, 2) else "Command: Reset"


def _release(agent: Agent) -> tuple[int, ...]:
    return tuple([int(part) for part in agent.version.partition("-")[0].split(".")[:3] if part.isdecimal()])


def _logout(plan: Plan, claim: Claim, files: Files) -> Page:
    """Every key of the phone's own file goes back to what the common file says, or to nothing; then the prompt. A phone
    that is too old for this reads its files again, without its own."""
    own = aastra.read(files.get((plan.device, aastra.own_file(plan.mac)), b""))
    common = dict(render(plan, "common").pairs)
    pairs = tuple((key, common.get(key, "")) for key, _ in own)
    if own and not _dynamic(claim.agent):
        gone = (FileDropped(plan.device, aastra.own_file(plan.mac)), LogOutAsked(plan.device))
        return aastra_xml.execute((*_FORGET, "Command: ClearLocal", _reboot(claim.agent))), gone
    uris = (*(_FORGET if own else ()), *_pages(plan, "reset", pairs), _url(plan, "startup"))
    if not own:
        return aastra_xml.execute(uris), (LogOutAsked(plan.device),)
    return aastra_xml.execute(uris), (
        FileFrozen(plan.device, RESET, aastra.show(pairs)),
        FileDropped(plan.device, aastra.own_file(plan.mac)),
        LogOutAsked(plan.device),
    )


def _pages(plan: Plan, name: PageName, pairs: Pairs) -> tuple[str, ...]:
    """The URLs of as many pages as the pairs need."""
    count = -(-len(pairs) // aastra_xml.ITEMS)
    return tuple(_url(plan, name, page=str(number)) for number in range(1, count + 1))


def _cut(body: bytes | None, number: int) -> Page | None:
    """Page `number`, from 1, of a kept file; None beyond its end."""
    first = (number - 1) * aastra_xml.ITEMS
    pairs = aastra.read(body or b"")[first : first + aastra_xml.ITEMS] if number >= 1 else ()
    return (aastra_xml.configuration(pairs), ()) if pairs else None
