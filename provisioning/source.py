"""Plans out of one YAML or JSON file: a configuration server for a handful of phones, without a PBX.

The file is taken whole or not at all; what is wrong with it is said all at once. Log-ins at `at_login` phones are kept
in memory only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from provisioning import models
from provisioning.identify import Claim
from provisioning.messages import Effect, FileDropped, LogInAsked, LogOutAsked
from provisioning.models import VendorName
from provisioning.plan import Line, LogIn, Mode, Plan, normal_mac
from provisioning.vendors import VENDORS, aastra

EXAMPLE = """\
base_url: http://127.0.0.1:8081/provision/
accounts:
  acme:
    settings: {yealink: {lang.gui: German}}
    devices:
      - mac: 80:5e:c0:11:22:33
        model: yealink-t46s
        password: fetch-me
        lines:
          - {label: John Smith, user: "204", password: s3cret, server: pbx.example.org}
      - mac: 00:08:5d:11:22:33
        model: aastra-6731i
        password: fetch-me
        mode: at_login
        lines:
          - {label: Lobby, user: lobby, password: s3cret, server: pbx.example.org}
    people:
      "204": {name: John Smith, pin: "1234"}
"""


class BadPlans(ValueError):
    """The file cannot be used; the message names it and everything that is wrong with it."""


class _Line(Struct, forbid_unknown_fields=True):
    label: str
    user: str
    password: str
    server: str
    display_name: str = ""
    auth: str = ""
    extension: str = ""
    port: int = 5060
    transport: Literal["udp", "tcp", "tls"] = "udp"
    expires: int = 3600
    voicemail: str = ""

    def line(self) -> Line:
        return Line(
            label=self.label,
            display_name=self.display_name or self.label,
            user_name=self.user,
            auth_name=self.auth or self.user,
            password=self.password,
            extension=self.extension or self.user,
            server=self.server,
            port=self.port,
            transport=self.transport,
            expires=self.expires,
            voicemail=self.voicemail,
        )


class _Device(Struct, forbid_unknown_fields=True):
    mac: str
    model: str
    password: str
    mode: Mode = "live"
    lines: list[_Line] = []
    settings: dict[str, str] = {}
    boot_files: bool = False


class _Person(Struct, forbid_unknown_fields=True):
    name: str
    pin: str


class _Account(Struct, forbid_unknown_fields=True):
    devices: list[_Device]
    settings: dict[VendorName, dict[str, str]] = {}
    people: dict[str, _Person] = {}
    utc_offset: int = 0


class _File(Struct, forbid_unknown_fields=True):
    base_url: str
    accounts: dict[str, _Account]


class FileSource:
    """A `PlanSource` that remembers, in memory, which extensions are in use at which phone."""

    def __init__(self, path: Path) -> None:
        """Raises BadPlans; OSError if the file cannot be read."""
        file = _read(path)
        if problems := list(_problems(file)):
            raise BadPlans("\n".join([f"{path} cannot be used:", *(f"- {problem}" for problem in problems)]))
        self._accounts = file.accounts
        self._plans = {
            (key, plan.mac): plan for key, account in file.accounts.items() for plan in _plans(file, key, account)
        }
        self._in_use: dict[tuple[str, str], Plan] = {}

    async def plan(self, claim: Claim) -> Plan | None:
        """See `PlanSource`."""
        plan = self._plans.get((claim.account, claim.username))
        if plan is None or claim.page != "login":
            return plan
        return replace(plan, log_in=self._log_in(plan, claim))

    def follow(self, effect: Effect) -> tuple[Effect, ...]:
        """Remember who is logged in where. What else follows: an override drops the file of the other phone, which
        then finds no visitor at its next boot."""
        if not isinstance(effect, LogInAsked | LogOutAsked):
            return ()
        self._in_use = {who: plan for who, plan in self._in_use.items() if plan.device != effect.device}
        if isinstance(effect, LogOutAsked):
            return ()
        account, _, mac = effect.device.partition("/")
        left = self._in_use.get((account, effect.user))
        self._in_use[account, effect.user] = self._plans[account, mac]
        return (FileDropped(left.device, aastra.own_file(left.mac)),) if left else ()

    def _log_in(self, plan: Plan, claim: Claim) -> LogIn:
        person = self._accounts[claim.account].people.get(claim.extension)
        if person is None or person.pin != claim.pin:
            return LogIn("wrong")
        there = self._in_use.get((claim.account, claim.extension))
        if there and there.device != plan.device and not claim.override:
            return LogIn("in_use", where=f"{models.find(there.model).product} {there.mac}")
        own = plan.lines[0]
        line = replace(own, label=person.name, display_name=person.name, extension=claim.extension)
        return LogIn("ok", claim.extension, line)


def _read(path: Path) -> _File:
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=_File)
    except msgspec.MsgspecError as error:  # a JSON file is a YAML file
        raise BadPlans(f"{path} cannot be used: {error}\nAn example of what it may say:\n{EXAMPLE}") from None


def _plans(file: _File, key: str, account: _Account) -> Iterator[Plan]:
    for device in account.devices:
        mac = normal_mac(device.mac)
        yield Plan(
            device=f"{key}/{mac}",
            account=key,
            mac=mac,
            model=device.model,
            username=mac,
            password=device.password,
            base_url=f"{file.base_url}{key}/",
            mode=device.mode,
            lines=tuple(line.line() for line in device.lines),
            utc_offset=account.utc_offset,
            boot_files=device.boot_files,
            account_settings=tuple(account.settings.get(models.find(device.model).vendor, {}).items()),
            device_settings=tuple(device.settings.items()),
        )


def _problems(file: _File) -> Iterator[str]:
    if not file.base_url.endswith("/"):
        yield f"base_url {file.base_url!r} must end with '/'."
    seen: set[tuple[str, str]] = set()
    for key, account in file.accounts.items():
        if "/" in key or not key:
            yield f"Account key {key!r} must be one segment of a URL's path."
        for name, settings in account.settings.items():
            yield from (f"Account {key}: {problem}" for problem in _key_problems(name, settings))
        for device in account.devices:
            where = f"Device {device.mac} of {key}"
            mac = normal_mac(device.mac)
            if not mac:
                yield f"{where}: this is no MAC. Write it as 80:5e:c0:11:22:33."
            elif (key, mac) in seen:
                yield f"{where}: the account has it twice."
            seen.add((key, mac))
            yield from (f"{where}: {problem}" for problem in _device_problems(device))


def _device_problems(device: _Device) -> Iterator[str]:
    try:
        model = models.find(device.model)
    except LookupError as error:
        yield str(error.args[0])
        return
    vendor = VENDORS[model.vendor]
    if device.mode == "at_login" and model.vendor != "aastra":
        yield "only Aastra and Mitel phones have a log-in. Use mode live or at_save."
    if device.mode == "at_login" and not device.lines:
        yield "whoever logs in needs a line to register with. Give it one."
    if device.boot_files and "boot" not in vendor.files(model, "").values():
        yield f"the {model.name} asks for no boot file. Leave boot_files out."
    if len(device.lines) > model.lines:
        yield f"{len(device.lines)} lines are more than the {model.lines} of the {model.name}."
    yield from _key_problems(model.vendor, device.settings)


def _key_problems(vendor: VendorName, settings: dict[str, str]) -> Iterator[str]:
    for key in settings:
        if not VENDORS[vendor].is_key(key):
            yield f"{key!r} is no configuration key of {vendor.capitalize()} phones."
