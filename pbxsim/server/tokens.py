"""Tokens: what stands for an actor in a request. The server keeps their SHA-256 only, and they can be taken back.

A token is `pbx_<id>_<secret>`: the id finds what is kept of it, the secret has 192 bits, so that a fast hash is enough,
and is compared in constant time. A user's token is bound to the world in which he is that user, and lives as long as he
may log in there with the password that it was made for. What is bound to main or to no world is durable; the tokens of
a fork end with it. Times are the server's own: a world's clock may be moved by whoever holds a token of it.
"""

from __future__ import annotations

import hmac
import re
import secrets as chance
from collections.abc import Callable
from hashlib import sha256
from time import time
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from pbxsim.core.commands import OPERATOR, SERVICE_DESK, Actor
from pbxsim.core.entities import User
from pbxsim.server.login import admitted, password_of
from pbxsim.server.worlds import MAIN

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine

KIND = "token"  # of what the engine keeps beside main
FIRST = "operator"  # the id of the token that the server made at its first start: its digest alone is kept
MOST_OF_A_USER = 32  # log-ins of one user: the oldest ends
MOST = 10_000  # tokens of one server
SWEPT = 256  # are looked through for those that count no more; then again when there are twice as many as are left
_FORM = re.compile(r"pbx_([0-9a-f]{12})_[A-Za-z0-9_-]{32}")


class Grant(Struct, frozen=True, gc=False):
    """What a token stands for. `world` '': any; `expires` 0: never; both times in milliseconds since the epoch.

    `proof` is a digest of the password's verifier at a log-in, '' for a token that the operator has made."""

    id: str
    digest: str
    kind: Literal["operator", "service-desk", "user"]
    user: str = ""
    world: str = ""
    read_only: bool = False
    name: str = ""
    created: int = 0
    expires: int = 0
    proof: str = ""

    @property
    def actor(self) -> Actor:
        """Whom it stands for."""
        return (
            Actor("user", self.user) if self.kind == "user" else SERVICE_DESK if self.kind != "operator" else OPERATOR
        )

    @property
    def whole(self) -> bool:
        """Is it the operator's, for everything everywhere?"""
        return self.kind == "operator" and not self.world and not self.read_only


NOBODY = Grant("", "", "user")  # has no token: may log in, and nothing else


def token_hash(token: str) -> bytes:
    """What the server keeps of a token."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def proof_of(verifier: str) -> str:
    """What ties a token to a password, without holding anything by which the password could be tried."""
    return sha256(f"proof {verifier}".encode()).hexdigest()[:32] if verifier else ""


class Tokens:
    """The tokens of one server. `first` is the digest of the token that was made at its first start."""

    def __init__(self, engine: Engine, first: bytes, clock: Callable[[], float] = time) -> None:
        self._engine = engine
        self._clock = clock
        self._grants = {FIRST: Grant(FIRST, first.hex(), "operator", name="made at the start")}
        for id_, body in engine.kept(KIND).items():
            if id_ != FIRST:
                self._grants[id_] = msgspec.json.decode(body, type=Grant)
        self._sweep_at = SWEPT
        engine.leaving.append(self._end_world)

    @property
    def now(self) -> int:
        """In milliseconds since the epoch."""
        return int(self._clock() * 1000)

    def check(self, token: str) -> Grant | None:
        """What a token stands for; None if it is none, has been revoked or has expired."""
        found = _FORM.fullmatch(token)
        grant = self._grants.get(found[1] if found else FIRST) or self._grants.get(FIRST)
        kept = bytes.fromhex(grant.digest) if grant is not None else bytes(32)
        if not hmac.compare_digest(token_hash(token), kept) or grant is None:
            return None
        return self.lives(grant)

    def lives(self, grant: Grant) -> Grant | None:
        """The same, if it still counts: neither revoked nor expired, and its user may log in as he did."""
        if self._grants.get(grant.id) is not grant or (grant.expires and grant.expires <= self.now):
            return None
        return grant if grant.kind != "user" or self._stands(grant) else None

    def get(self, id_: str) -> Grant | None:
        """By its id."""
        grant = self._grants.get(id_)
        return None if grant is None else self.lives(grant)

    def all(self) -> list[Grant]:
        """Those that count, the oldest first."""
        living = [grant for grant in self._grants.values() if self.lives(grant) is not None]
        return sorted(living, key=lambda grant: (grant.created, grant.id))

    async def make(
        self,
        actor: Actor,
        world: str,
        *,
        name: str = "",
        read_only: bool = False,
        seconds: float | None = None,
        logged_in: bool = False,
    ) -> tuple[str, Grant] | None:
        """(the token, what it stands for), once it is kept; None if there are too many. `logged_in`: it ends when the
        user's password is another, and beyond a number the oldest of his ends."""
        self._clear(actor.user if logged_in else "", world)
        if len(self._grants) >= MOST:
            return None
        id_ = chance.token_hex(6)
        token = f"pbx_{id_}_{chance.token_urlsafe(24)}"
        proof = proof_of(password_of(self._engine.world(world).world, actor.user)) if logged_in else ""
        now = self.now
        expires = 0 if seconds is None else now + max(1, int(seconds * 1000))
        digest = token_hash(token).hex()
        grant = Grant(id_, digest, actor.kind, actor.user, world, read_only, name, now, expires, proof)
        self._grants[id_] = grant  # before it is written: who has been told of nothing cannot use it
        try:
            if _durable(grant):
                await self._engine.keep(KIND, id_, msgspec.json.encode(grant).decode())
        except BaseException:
            self._grants.pop(id_, None)
            raise
        return token, grant

    async def revoke(self, grant: Grant) -> None:
        """It counts no more, from now on; returns when that is in the file."""
        self._grants.pop(grant.id, None)
        try:
            if _durable(grant):
                await self._engine.keep(KIND, grant.id, None)
        except BaseException:
            self._grants.setdefault(grant.id, grant)  # it is in the file still, and may be revoked again
            raise

    def _clear(self, user: str, world: str) -> None:
        """Forget what counts no more, and of this user's log-ins the oldest that are too many."""
        gone = []
        if len(self._grants) >= self._sweep_at:
            gone = [grant for grant in self._grants.values() if self.lives(grant) is None]
            self._sweep_at = min(MOST, max(SWEPT, 2 * (len(self._grants) - len(gone))))
        his = [one for one in self._grants.values() if user and (one.user, one.world) == (user, world) and one.proof]
        his.sort(key=lambda grant: (grant.created, grant.id))
        for grant in (*gone, *his[: max(0, len(his) - MOST_OF_A_USER + 1)]):
            self._forget(grant)

    def _end_world(self, world: str) -> None:
        """A world has ended or become another: nobody there is who he was."""
        for grant in [one for one in self._grants.values() if one.kind == "user" and one.world == world]:
            self._forget(grant)

    def _forget(self, grant: Grant) -> None:
        self._grants.pop(grant.id, None)
        if _durable(grant):
            self._engine.forget(KIND, grant.id)

    def _stands(self, grant: Grant) -> bool:
        hosted = self._engine.peek(grant.world)
        if hosted is None:
            return False
        world = hosted.world
        user = world.pbx.get(User, grant.user)
        if user is None or not admitted(world, user):
            return False
        return not grant.proof or hmac.compare_digest(grant.proof, proof_of(password_of(world, user.id)))


def _durable(grant: Grant) -> bool:
    """What speaks of a fork alone ends with the fork, and so with the process."""
    return grant.world in ("", MAIN)
