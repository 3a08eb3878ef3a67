"""One request as a handler sees it: who asks, which world, what the path names, what the body says.

A handler makes values of a command and hands them to `ask`, which checks If-Match, tries on ?dry_run=true, and answers
after the commit. Nothing here knows a noun, and no handler knows a header.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

from aiohttp import web
from msgspec import Struct

from pbxsim.core.build import build
from pbxsim.core.commands import OPERATOR, Actor, Command
from pbxsim.core.entities import NOUNS, Account, User
from pbxsim.core.refusals import Fault, Gone, Invalid, NotFound
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import State
from pbxsim.core.transition import SUBJECTS, may, subject_of
from pbxsim.server import auth, bodies, views
from pbxsim.server.engine import Engine
from pbxsim.server.hub import Subscription
from pbxsim.server.once import Once
from pbxsim.server.problems import Answer, Problem, Reply, malformed
from pbxsim.server.sight import View
from pbxsim.server.targets import Rules
from pbxsim.server.throttle import Throttle
from pbxsim.server.tokens import Grant, Tokens
from pbxsim.server.worlds import MAIN, Hosted
from pbxsim.world import World
from pbxsim.world.state import Record

T = TypeVar("T", bound=Struct)

WORLD = "X-Pbxsim-World"
Nowhere = Callable[[web.Request, Answer], web.StreamResponse]  # the page of a path at which there is nothing


class Site(NamedTuple):
    """What one server process has: given to every call."""

    engine: Engine
    tokens: Tokens
    session: auth.Session
    hosts: frozenset[str]
    require_world: bool
    once: Once
    streams: set[Subscription]  # of those who are being sent events
    throttle: Throttle
    nowhere: Nowhere | None = None
    webhook_rules: Rules = Rules()


class Route(NamedTuple):
    """A row of a ROUTES table. `path` begins at /api/v1; `command` is what `Call.ask` asks for."""

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Reply]]
    command: type[Command] | None = None


class Call:
    """A request under way. The world is looked for when it is first needed: some paths concern none."""

    def __init__(self, site: Site, route: Route, request: web.Request, grant: Grant) -> None:
        self.site = site
        self.grant = grant
        self.own_only = False  # of a list only what is whose it is (see `sight`)
        self.engine = site.engine
        self.route = route
        self.request = request
        self.params: Mapping[str, str] = request.match_info

    # --- Where ---------------------------------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """/w/<world> if the path began so, else ''."""
        return prefix(self.request)

    @property
    def world_id(self) -> str:
        """The world that is named; the token's, or main, if none is."""
        return world_id(self.request, self.site.require_world, self.grant.world)

    @property
    def world_named(self) -> str | None:
        """The world that the request itself names, if it does."""
        header = self.request.headers.get(WORLD)
        return self.request.match_info.get("world_prefix") if header is None else header

    @cached_property
    def hosted(self) -> Hosted:
        """Raises NotFound, or Gone for a world that was."""
        return self.engine.world(self.world_id)

    @property
    def world(self) -> World:
        """The world as it is now."""
        return self.hosted.world

    @property
    def state(self) -> State:
        """Its PBX as it is now."""
        return self.world.pbx

    @cached_property
    def actor(self) -> Actor:
        """Whom the request acts as."""
        return auth.acting_as(self.request, self.state, self.grant)

    def only_operator(self) -> None:
        """403 for whoever is somebody else, or acts so."""
        auth.only_operator(self.request, self.grant)

    # --- What whoever asks may see ---------------------------------------------------------------------------------

    @property
    def lives(self) -> bool:
        """Does what was asked with still count? For answers that take their time."""
        return self.site.tokens.lives(self.grant) is not None

    @property
    def view(self) -> View | None:
        """What a user sees; None for those who see every account. (What the operator reads is his own matter, whomever
        he acts as.)"""
        if self.grant.kind != "user":
            return None
        return View(self.state, self.world.nature.platforms, self.state.the(User, self.grant.user))

    def sees_account(self, account: Account | None) -> bool:
        """Is it there for whoever asks?"""
        view = self.view
        return account is not None and (view is None or view.account(account))

    def sees_phone(self, mac: str) -> bool:
        """Is it there for whoever asks? A phone that is no account's is not a user's."""
        view = self.view
        return view is None or view.phone(mac)

    def sees(self, thing: Any) -> bool:
        """Does a list hold it, for whoever asks?"""
        if type(thing) is Account:
            return self.sees_account(thing)
        view = self.view if self.own_only else None
        return view is None or view.owns(thing)

    def may(self, values: Mapping[str, Any]) -> None:
        """403 where the route's command is not for whoever asks: for what must not be tried before that is known."""
        if self.actor != OPERATOR:
            command: Any = build(self.command, values)
            may(self.state, self.world.nature.platforms, self.actor, command, subject_of(self.state, command))

    # --- What ----------------------------------------------------------------------------------------------------

    @cached_property
    def account(self) -> Account:
        """The account that the path names."""
        found = self.state.get(Account, self.params["account"])
        if found is None or not self.sees_account(found):
            raise NotFound("account", self.params["account"])
        return found

    def named(self, noun: str) -> Any:
        """The entity that the path names under that noun."""
        return self.account if noun == "account" else self.find(noun, self.params[noun])

    def find(self, noun: str, key: str) -> Any:
        """A thing of the account by its id, or by extension, MAC or number. Raises NotFound."""
        found = resolve(self.state, self.account.id, SUBJECTS[noun], key)
        if found is None:
            raise NotFound(noun, key, f"Account {self.account.id} has none of that id.")
        return found

    async def body(self) -> bodies.Values:
        """The body, a JSON object; {} if there is none."""
        return bodies.parse(await self.request.read())

    def values(self, body: bodies.Values, path: Mapping[str, Any], **renamed: str) -> bodies.Values:
        """The values of the route's command: the body's, and what the path names. Raises Invalid with all faults of a
        body that has names which are not known here."""

        def besides(values: bodies.Values) -> list[Fault]:
            return self.world.besides(self.command, values, self.actor)

        return bodies.values(self.command, body, path, renamed, besides)

    async def read(self, type_: type[T], **renamed: str) -> T:
        """The body as a struct that is no command. Raises Invalid with all faults."""
        return bodies.read(type_, await self.body(), renamed)

    def options(self, *names: str) -> dict[str, str]:
        """The query's parameters; any but these are refused by name."""
        given, known = self.request.query, ", ".join(names)
        strange = [Fault(f"/{name}", f"is no parameter here; known are {known}") for name in given if name not in names]
        if strange:
            raise Invalid(strange)
        return {name: given[name] for name in names if name in given}

    @cached_property
    def dry_run(self) -> bool:
        """Is the request only to be tried?"""
        said = self.options("dry_run").get("dry_run", "false")
        if said not in ("true", "false"):
            raise Invalid([Fault("/dry_run", f"must be true or false, not {said!r}")])
        return said == "true"

    # --- Writing ---------------------------------------------------------------------------------------------------

    @property
    def command(self) -> type[Command]:
        """The command that the route's row names."""
        assert self.route.command is not None, f"{self.route.path} names no command"
        return self.route.command

    async def ask(self, values: Mapping[str, Any], then: Callable[[str], Answer], subject: Any = None) -> Answer:
        """Ask for the route's command. `then` answers after the commit, with the id that it was about.

        `subject` is the entity whose revision an If-Match header speaks of."""
        self._check_revision(subject)
        if self.dry_run:
            return _tried(self.engine.dry_run(self.hosted, self.actor, self.command, values))
        check = partial(self._check_revision, subject)
        return then(await self.engine.ask(self.hosted, self.actor, self.command, values, check))

    async def work(self, work: Callable[[World], str], then: Callable[[str], Answer]) -> Answer:
        """As `ask`, for more than one command in one step: all of them, or none."""
        if self.dry_run:
            return self.tried(work)
        return then(await self.engine.write(self.hosted, work))

    def tried(self, work: Callable[[World], object]) -> Answer:
        """What work that is more than one command would do: it is done to a fork."""
        fork = self.world.fork()
        before = fork.state.recorded
        work(fork)
        return _tried([fork.state.history[number] for number in range(before + 1, fork.state.recorded + 1)])

    def _check_revision(self, subject: Any) -> None:
        """412 where If-Match names no present revision of the subject."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None or subject is None or wanted.strip() == "*":
            return
        present = self.state.get(type(subject), subject.id)
        if present is None:
            raise Gone(NOUNS[type(subject)], subject.id)
        tag = _etag(present)
        if tag not in [part.strip() for part in wanted.split(",")]:
            raise Problem(412, "stale", f"It has changed since: it is at revision {tag}, not {wanted}.")

    def show(self, entity: Any) -> Answer:
        """An entity, with its revision as the ETag."""
        return Answer(200, views.view(self.state, entity), (("ETag", _etag(entity)),))

    def created(self, value: Any, path: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
        """201, and where it is."""
        return Answer(201, value, (("Location", self.prefix + path), *headers))


def _tried(records: list[Record]) -> Answer:
    return Answer(200, {"events": [views.event(record) for record in records]})


def _etag(entity: Any) -> str:
    return f'"{entity.revision}"'


def world_id(request: web.Request, required: bool, bound: str = "") -> str:
    """The world that a request names, by header or path prefix. If it names none: the one that its token is `bound` to,
    or main where it need not name one."""
    header, path = request.headers.get(WORLD), request.match_info.get("world_prefix")
    if header is not None and path is not None and header != path:
        raise malformed(f"The header {WORLD} says {header!r}, the path says {path!r}: name one world.")
    named = path if header is None else header
    if named is not None:
        return named
    if required and not bound:
        raise malformed(f"This server serves no request that names no world: send the header {WORLD}.")
    return bound or MAIN


def prefix(request: web.Request) -> str:
    """/w/<world> if the path began so, else ''."""
    world = request.match_info.get("world_prefix")
    return "" if world is None else f"/w/{world}"
