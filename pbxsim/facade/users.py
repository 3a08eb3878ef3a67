"""Users: who they are, what they are set up with, and how they go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.build import build
from pbxsim.core.indexes import order_item
from pbxsim.core.links import Link
from pbxsim.core.logins import Login, logins, mailbox_of
from pbxsim.core.messages import messages
from pbxsim.core.offboarding import Plan, Wish
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules.users import app_refused
from pbxsim.core.search import people, sought
from pbxsim.facade import offboarding
from pbxsim.facade.callflows import Queue, Version
from pbxsim.facade.collections import Collection
from pbxsim.facade.devices import Device
from pbxsim.facade.handles import Handle, key_of, plain
from pbxsim.facade.mailboxes import Mailbox, Message
from pbxsim.facade.qr import qr_code
from pbxsim.facade.work import Job, Jobs


class User(Handle):
    """A person or place with an extension."""

    __slots__ = ()
    type = e.User

    @property
    def logins(self) -> tuple[Login, ...]:
        """What the PBX believes; after a power cut a phone may believe something else."""
        return logins(self._view.world.pbx, self.snapshot())

    @property
    def devices(self) -> list[Device]:
        """The devices he owns."""
        found = self._view.world.pbx.pointing_at(self.id, e.Device)
        return [Device(self._view, device.id) for device in sorted(found, key=order_item)]

    @property
    def memberships(self) -> list[Queue | Version]:
        """The queues he is assigned to and the callflow versions that name him: both empty before Jet lets him go."""
        pbx = self._view.world.pbx
        queues: list[Queue | Version] = [Queue(self._view, queue.id) for queue in pbx.pointing_at(self.id, e.Queue)]
        return queues + [Version(self._view, version.id) for version in pbx.pointing_at(self.id, e.Version)]

    @property
    def mailbox(self) -> Mailbox | None:
        """His mailbox, if he has one."""
        box = mailbox_of(self._view.world.pbx, self.snapshot())
        return Mailbox(self._view, box.id) if box else None

    @property
    def messages(self) -> list[Message]:
        """What callers have left for him, in all his mailboxes and all folders (U5): mailbox by mailbox, the newest
        first."""
        pbx = self._view.world.pbx
        found = messages(pbx, pbx.pointing_at(self.id, e.Mailbox))
        return [Message(self._view, message.id) for _, message in found]


class Users(Collection[User]):
    """`users.add("1002", first_name="John", last_name="Smith", voicemail_pin="4711")`."""

    handle, adds, updates, deletes = User, c.AddUser, c.UpdateUser, c.DeleteUser
    positional = ("extension",)

    def update_login(self, user: User | str, **fields: Any) -> None:
        """The Login Information tab (C4): first and last name for the portal, e-mail, password, portal access."""
        self._on(c.UpdateLogin, user, **fields)

    def import_csv(self, text: str) -> list[User]:
        """Add the users of a CSV file, whole or not at all (U6); the new ones. Raises Invalid, line by line."""
        world = self._view.world
        before = world.state.last_id
        self._view.ask(c.ImportUsers, {"account": self._account, "csv": text})
        return [user for user in self if int(user.id[1:]) > before]

    def search(self, text: str) -> list[User]:
        """Those whose extension, or a word of whose name, begins so (U1), system users too: by extension, then by the
        word that was found."""
        found = people(self._view.world.pbx, self._account, sought(text))
        return [self._handle(user.id) for _, user in found if user is not None]

    def log_in_app(self, user: User | str, password: str, app: str = "soft phone") -> str:
        """Log in on a soft phone; the login's id. Refused with a wrong password, or for a user who is gone."""
        world = self._view.world
        found = self.get(key_of(world, user))
        kept = world.pbx.secrets.get((found.id, "password")) if found else None
        if found is None or kept is None or not world.nature.verify(password, kept):
            raise app_refused()
        return self._on(c.LogInApp, found, app=app)

    def log_out_app(self, user: User | str, login: str | None = None) -> None:
        """Log out one app of a user, or all."""
        self._on(c.LogOutApp, user, login=login)

    def plan(self, user: User | str, **wish: Any) -> Plan:
        """What it takes until the user is gone (X1), step by step: `print` it. `numbers={number: callflow, "deactivate"
        or "keep"}` and `default=` say what becomes of his numbers; with `end_logins=True` the service desk ends what
        would have to be waited for. Raises Invalid with the numbers about which something must be said."""
        world, actor = self._view.world, self._view.actor
        return offboarding.plan(world, actor, self[key_of(world, user)].id, self._wish(wish))

    def offboard(self, user: User | str, **wish: Any) -> offboarding.Offboarded:
        """Carry out the `plan`, to the first step that cannot be done here and now: what is done, and the rest. When
        the rest can be done, ask again."""
        world, actor = self._view.world, self._view.actor
        return offboarding.drive(world, actor, self[key_of(world, user)].id, self._wish(wish))

    def _wish(self, values: Mapping[str, Any]) -> Wish:
        world, numbers = self._view.world, values.get("numbers")
        named = {name: plain(world, value) for name, value in values.items()}
        if isinstance(numbers, Mapping):
            keys = {key_of(world, key): plain(world, to) for key, to in numbers.items()}
            named["numbers"] = keys
        return build(Wish, named)

    def setup_code(self, user: User | str, app: str = "mobile") -> SetupCode:
        """What an app is set up with (U4): a link that lives some minutes and logs it in once; `.svg()` draws it."""
        world, id_ = self._view.world, self[key_of(self._view.world, user)].id
        code = world.nature.draw(f"{world.state.last_id} {id_}")
        self._on(c.MakeSetupCode, id_, app=app, code=code)
        return SetupCode(Link("setup", self._account, id_, code, world.nature.origin, app))

    def scan(self, text: str) -> str:
        """What an app does with the text of its QR code: it logs in. The login's id; Refused for a code that is wrong,
        used or expired, Invalid for a text that is no such link."""
        link = self._link(text, "setup")
        return self._on(c.RedeemSetupCode, link.user, app=link.app, code=link.code)

    def reset(self, user: User | str, **fields: Any) -> None:
        """Clear what is ticked; user and extension stay (NetSapiens). `clear=("name", ...)` for less or more."""
        self._on(c.ResetUser, user, **fields)

    def recycle(self, user: User | str, first_name: str, last_name: str, email: str = "", **fields: Any) -> None:
        """Reset, and give the extension to somebody else; `welcome=True` writes to him."""
        self._on(c.RecycleUser, user, first_name=first_name, last_name=last_name, email=email, **fields)

    def force_password_reset(self, user: User | str) -> None:
        """The password no longer works; a mail has a link to choose another."""
        self._on(c.ForcePasswordReset, user)

    def send_welcome(self, user: User | str) -> None:
        """A mail with the log-in, and a link to choose password and PIN."""
        self._on(c.SendWelcome, user)

    def send_recovery(self, user: User | str) -> None:
        """A mail with a link to choose another password; the old one works until then."""
        self._on(c.SendRecovery, user)

    def redeem(self, text: str, password: str, **fields: Any) -> User:
        """Follow the link of a mail (the mail's whole text will do) and choose a password; `voicemail_pin=` too."""
        link = self._link(text, "invitation")
        return self._handle(self._on(c.RedeemInvitation, link.user, code=link.code, password=password, **fields))

    def bulk(
        self,
        action: str,
        users: Iterable[User | str] | User | str,
        *,
        progress: Callable[[Job], None] = lambda job: None,
        **fields: Any,
    ) -> Job:
        """Do something to many users, to the end (N2 to N9): "reset", "recycle", "welcome-email" or
        "force-password-reset". What goes wrong with one is in his row of the job. `progress` is called after each.
        `jobs.start`, `confirm` and `step` do the same one by one."""
        jobs = Jobs(self._view, self._account)
        job = jobs.start(action, users, **fields)
        jobs.confirm(job)
        while job.status == "running":
            jobs.step(job)
            progress(job)
        return job

    def _link(self, text: str, kind: str) -> Link:
        """The link of that kind in a text. Raises Invalid, also for one of another account."""
        found = next((word for word in str(text).split() if word.startswith(f"pbxsim:{kind}")), str(text))
        try:
            link = Link.parse(found)
        except ValueError as error:
            raise Invalid([Fault("/text", str(error))]) from None
        if link.kind != kind or link.account != self._account:
            raise Invalid([Fault("/text", f"is no {kind} link of account {self._account}")])
        return link


class SetupCode(str):
    """The text of a QR code that sets up an app."""

    __slots__ = ()

    def __new__(cls, link: Link) -> SetupCode:
        """Made of the link that it says."""
        return super().__new__(cls, str(link))

    def svg(self) -> str:
        """The picture."""
        return qr_code(self)
