"""The XML objects of Aastra and Mitel phones that a log-in needs, as text.

Element and attribute names are those of the vendor's XML API (guide PA-001011) and of the public log-in scripts 2.3.1.
Every text that comes from outside goes through `_text`; nothing here knows what a page is for.
"""

from __future__ import annotations

import re

from provisioning.plan import Pairs
from provisioning.vendors.contract import plain

CONTENT_TYPE = "text/xml; charset=utf-8"
ITEMS = 30
"""How many settings go into one Configuration object (public log-in scripts)."""

_GOES = ' triggerDestroyOnExit="yes"'
_SAFE = re.compile(r"[^<>&\"']*")


def input_screen(title: str, url: str, fields: tuple[tuple[str, str, str], ...]) -> bytes:
    """Asks; `fields` are (prompt, parameter, 'yes' to hide what is typed, else 'no'). LockIn: the phone is good for
    nothing else until it is answered."""
    asked = "".join(
        f'<InputField type="number" password="{hidden}"><Prompt>{_text(prompt)}</Prompt>'
        f"<Parameter>{_text(parameter)}</Parameter></InputField>\n"
        for prompt, parameter, hidden in fields
    )
    return _object(
        "AastraIPPhoneInputScreen",
        ' type="string" destroyOnExit="yes" LockIn="yes"',
        f"<Title>{_text(title)}</Title>\n<URL>{_text(url)}</URL>\n{asked}",
    )


def text_screen(title: str, text: str, done: str, keys: tuple[tuple[str, str], ...]) -> bytes:
    """Says something; `done` is fetched when it is left, `keys` are (label, URI) of soft keys 1, 2, …"""
    soft = "".join(
        f'<SoftKey index="{n}"><Label>{_text(label)}</Label><URI>{_text(uri)}</URI></SoftKey>\n'
        for n, (label, uri) in enumerate(keys, start=1)
    )
    return _object(
        "AastraIPPhoneTextScreen",
        f' destroyOnExit="yes" LockIn="yes" doneAction="{_text(done)}" cancelAction="{_text(done)}"',
        f"<Title>{_text(title)}</Title>\n<Text>{_text(text)}</Text>\n{soft}",
    )


def configuration(pairs: Pairs) -> bytes:
    """Sets keys at once. `remote` puts them where a server's files put them, so that the next boot reads those files
    anew (decided; `local` would outlive a log-out). `triggerDestroyOnExit`: the page whose answer it is goes (guide,
    4.10.4)."""
    items = "".join(
        f"<ConfigurationItem><Parameter>{_text(key)}</Parameter><Value>{_text(value)}</Value></ConfigurationItem>\n"
        for key, value in pairs
    )
    return _object("AastraIPPhoneConfiguration", ' setType="remote"' + _GOES, items)


def execute(uris: tuple[str, ...]) -> bytes:
    """Fetches these, one after the other."""
    return _object("AastraIPPhoneExecute", _GOES, "".join(f'<ExecuteItem URI="{_text(uri)}"/>\n' for uri in uris))


def _object(name: str, attributes: str, content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{attributes}>\n{content}</{name}>\n'.encode()


def _text(value: str) -> str:
    """Fit for an element and for an attribute. `plain` removes what XML cannot hold at all."""
    value = plain(value)
    if _SAFE.fullmatch(value):
        return value
    from html import escape  # 1 ms, and most texts need none

    return escape(value, quote=True)
