"""Secrets on their way in: checked in clear, then concealed, before a command enters the writer.

PINs get the world's fast keyed hash: their few digits are protected by the key or not at all, and a log-in at a phone
is verified while the world steps. Passwords get scrypt with a salt of their own, in a thread. Seeds and whatever else
calls the world itself use the fast hash for both.
"""

from __future__ import annotations

import asyncio
import secrets as chance
import typing
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Annotated, Any

from msgspec import Struct, structs

from pbxsim.core.build import build
from pbxsim.core.values import Parser, Password
from pbxsim.world import secrets
from pbxsim.world.state import Nature

THREADS = 2  # scrypt takes 16 MiB and a core: a flood of passwords must not take all
LONGEST = 128  # characters of a password
_SLOW = typing.get_args(Password)[1]
_SALT = bytes(16)  # of what is computed for nothing


class Concealer:
    """Builds commands whose secrets are verifiers."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "pbxsim-hash")

    async def command(self, nature: Nature, type_: type[Struct], values: Mapping[str, Any]) -> Any:
        """`build`, and conceal what it found right. Raises Invalid."""
        command: Any = build(type_, values)
        verifiers: dict[str, str] = {}
        for name, slow in _secret_fields(type_).items():
            typed = getattr(command, name)
            if isinstance(typed, str):
                verifiers[name] = await self._slowly(typed) if slow else nature.conceal(typed)
        return structs.replace(command, **verifiers) if verifiers else command

    async def verify(self, nature: Nature, typed: str, kept: str) -> bool:
        """Is it right? Waits for a thread, whatever the verifier, so that both kinds take their turn."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, nature.verify, typed, kept)

    async def verify_fully(self, nature: Nature, typed: str, kept: str) -> bool:
        """Is it right? One scrypt is computed whatever there is to compare with: '' and a fast verifier included."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _fully, nature, typed, kept)

    async def _slowly(self, typed: str) -> str:
        conceal = secrets.slow(chance.token_bytes(16))
        return await asyncio.get_running_loop().run_in_executor(self._threads, conceal, typed)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=True)


def _fully(nature: Nature, typed: str, kept: str) -> bool:
    typed = typed[: LONGEST + 1]  # one more is as wrong as a thousand more
    right = kept != "" and nature.verify(typed, kept)
    if not kept.startswith(secrets.SLOW):
        secrets.slow(_SALT)(typed)
    return right


@cache
def _secret_fields(type_: type[Struct]) -> dict[str, bool]:
    """name -> is it a password (slow)? Told by the parsers in the annotations."""
    hints = typing.get_type_hints(type_, include_extras=True)
    found = {name: next(_parsers(hint), None) for name, hint in hints.items()}
    return {name: parser is _SLOW for name, parser in found.items() if parser is not None and parser.secret}


def _parsers(hint: Any) -> typing.Iterator[Parser]:
    if typing.get_origin(hint) is Annotated:
        yield from (extra for extra in hint.__metadata__ if isinstance(extra, Parser))
    else:
        for member in typing.get_args(hint):
            yield from _parsers(member)
