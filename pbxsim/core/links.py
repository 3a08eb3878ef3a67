"""Links that the PBX gives to people: set up an app (a QR code), or choose a first password (an invitation).

    pbxsim:setup?server=<origin>&account=<id>&user=<id>&app=mobile|desktop&code=<one-time code>
    pbxsim:invitation?account=<id>&user=<id>&code=<one-time code>

A link prints and parses itself. Its code is worth a log-in for as long as it lives, so it is shown once and kept as its
digest only: a code has at least 128 bits, which a fast hash protects well enough.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from pbxsim.core.values import Parser

SCHEME = "pbxsim"
KINDS = {"setup": ("server", "account", "user", "app", "code"), "invitation": ("account", "user", "code")}
APPS = ("mobile", "desktop")
SHORTEST = 22  # characters: 128 bits in base64


def one_time_code(value: object) -> str:
    """The digest of a one-time code: all that is kept of it, so all that anyone compares."""
    if isinstance(value, str) and SHORTEST <= len(value) <= 128 and value.isascii() and value.isprintable():
        from hashlib import sha256

        return sha256(value.encode()).hexdigest()
    raise ValueError(f"must be a one-time code: {SHORTEST} to 128 letters and digits")


def app(value: object) -> str:
    """Which app is set up."""
    if value in APPS:
        return str(value)
    raise ValueError(f"must be one of {', '.join(APPS)}, not {value!r}")


Code = Annotated[str, Parser(one_time_code, schema={"type": "string", "pattern": "^[ -~]{22,128}$", "writeOnly": True})]
App = Annotated[str, Parser(app, schema={"enum": list(APPS)})]


class Link(Struct, frozen=True):
    """What a QR code or a mail leads to. `server` and `app` are those of a set-up."""

    kind: str
    account: str
    user: str
    code: str
    server: str = ""
    app: str = ""

    def __str__(self) -> str:
        from urllib.parse import urlencode  # 2 ms, and few worlds link

        return f"{SCHEME}:{self.kind}?{urlencode([(name, getattr(self, name)) for name in KINDS[self.kind]])}"

    @classmethod
    def parse(cls, text: str) -> Link:
        """The link that a text is; raises ValueError with what was expected."""
        from urllib.parse import parse_qsl

        scheme, _, rest = text.strip().partition(":")
        kind, _, query = rest.partition("?")
        wanted = KINDS.get(kind, ())
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=8)
        except ValueError:
            pairs = []
        found = dict(pairs)
        if scheme != SCHEME or not wanted or len(pairs) != len(wanted) or sorted(found) != sorted(wanted):
            raise ValueError(f"must be a link such as {SCHEME}:invitation?account=acme&user=u1&code=...")
        if kind == "setup":
            app(found["app"])
        return cls(kind, **found)
