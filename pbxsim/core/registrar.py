"""The registrar: REGISTER, bindings by address of record and contact, expiry, and who is gone: 403 for a device of an
account that is there (N1, J9), 404 for an account that is not.

A binding lives until it expires, is taken back (expires 0) or support ends it; a power cut takes nothing back.
REGISTERs are observations, not commands: they are applied at once. Nonces are stateless (a keyed hash of their time).
Source of the digest: RFC 3261 section 22, RFC 2617 without qop.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b, md5

from msgspec import Struct, structs

from pbxsim.core.entities import Account, Binding, Device, User
from pbxsim.core.platform import Platform
from pbxsim.core.state import Change, State

NONCE_SECONDS = 24 * 3600  # decided: a phone that refreshes within a day is not challenged again


class SipCredentials(Struct, frozen=True, gc=False):
    """A digest answer: response = MD5(MD5(user:realm:password):nonce:MD5(method:uri)), in hex."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str


class SipRequest(Struct, frozen=True, gc=False):
    """A SIP request as the PBX sees it; field by field the emulated phone's (a contract test compares them)."""

    id: int
    method: str
    uri: str
    aor: str
    contact: str = ""
    expires: int = 0
    event: str = ""
    credentials: SipCredentials | None = None
    user_agent: str = ""
    body: bytes = b""
    call: str = ""
    caller: str = ""
    mac: str = ""


class SipReply(Struct, frozen=True, gc=False):
    """The answer to SIP request `id`. With 401 `realm` and `nonce` challenge; `expires` is the seconds granted."""

    id: int
    status: int
    reason: str = ""
    expires: int = 0
    realm: str = ""
    nonce: str = ""
    call: str = ""


def device_of(aor: str) -> str:
    """sip:d3@acme.pbx.example -> d3: a device's SIP user name is its id."""
    return aor.removeprefix("sip:").partition("@")[0]


def account_of(state: State, aor: str) -> Account | None:
    """Whose realm it is: sip:d3@acme.pbx.example -> acme."""
    realm = aor.partition("@")[2]
    account = state.accounts.get(realm.partition(".")[0])
    return account if account is not None and account.realm == realm else None


def register(change: Change, request: SipRequest, platforms: Mapping[str, Platform], key: bytes) -> SipReply:
    """Answer a REGISTER, and bind or unbind. `key` signs nonces."""
    state, now = change.state, change.now
    admitted = admit(state, request.aor, request.expires, platforms)
    if isinstance(admitted, SipReply):
        return structs.replace(admitted, id=request.id)
    device, account, platform = admitted
    credentials = request.credentials
    if credentials is None or not _fresh(credentials.nonce, now, key):
        return SipReply(request.id, 401, "Unauthorized", realm=account.realm, nonce=nonce(now, key))
    if credentials.username != device.id or credentials.response != _response(state, device, account, request):
        return SipReply(request.id, 403, "Forbidden: wrong credentials")
    change.account, change.platform = account, platform
    granted = min(request.expires, platform.registration_seconds(account))
    before = state.bindings.get(device.id, ())
    others = tuple(binding for binding in before if binding.contact != request.contact)
    if granted <= 0:
        change.bind(device.id, others)
        if before and not others:
            change.event("device.unregistered", device.id, why="by the phone")
        return SipReply(request.id, 200, "OK")
    old = next((binding for binding in before if binding.contact == request.contact), None)
    expires = now + granted * 1000
    if old is not None:
        fresh = structs.replace(old, expires=expires)
    else:
        fresh = Binding(request.contact, now, expires, request.user_agent)
    change.bind(device.id, (*others, fresh))
    if not before:
        change.event("device.registered", device.id, user_agent=request.user_agent)
    return SipReply(request.id, 200, "OK", expires=granted)


def admit(
    state: State, aor: str, expires: int, platforms: Mapping[str, Platform]
) -> tuple[Device, Account, Platform] | SipReply:
    """Whose REGISTER it is, if there is such a device and it may; else the refusal, whose id is yet to be given."""
    account = account_of(state, aor)
    if account is None:
        return SipReply(0, 404, "Not Found")
    device = state.get(Device, device_of(aor))
    if device is None or device.account != account.id:
        return SipReply(0, 403, "Forbidden: there is no such device")
    platform = platforms[account.platform]
    refuses = platform.setting(account, "registration.ownerless") is False
    if refuses and expires > 0 and state.get(User, device.owner) is None:
        return SipReply(0, 403, "Forbidden: the phone belongs to no user")
    return device, account, platform


def expire(change: Change, device: str) -> int | None:
    """Drop the bindings of a device that are over; when the next one ends (ms), or None."""
    bindings = change.state.bindings.get(device, ())
    live = tuple(binding for binding in bindings if binding.expires > change.now)
    if len(live) != len(bindings):
        change.bind(device, live)
        if not live:
            change.event("device.unregistered", device, why="expired")
    return min((binding.expires for binding in live), default=None)


def nonce(now: int, key: bytes) -> str:
    """What a phone is challenged with at that instant (ms)."""
    second = format(now // 1000, "x")
    return f"{second}-{blake2b(second.encode(), key=key, digest_size=12).hexdigest()}"


def fresh_until(given: str, key: bytes) -> int:
    """Until when (ms) a nonce of ours is taken; 0 for one that is not ours."""
    try:
        made = int(given.partition("-")[0], 16) * 1000
    except ValueError:
        return 0
    return made + NONCE_SECONDS * 1000 if given == nonce(made, key) else 0


def _fresh(given: str, now: int, key: bytes) -> bool:
    """Not one that is yet to be made, either."""
    until = fresh_until(given, key)
    return until - NONCE_SECONDS * 1000 <= now <= until


def _response(state: State, device: Device, account: Account, request: SipRequest) -> str:
    password = state.secrets[device.id, "sip"]
    ha1 = _md5(f"{device.id}:{account.realm}:{password}")
    assert request.credentials is not None
    return _md5(f"{ha1}:{request.credentials.nonce}:{_asked(request.method, request.credentials.uri)}")


@lru_cache(maxsize=256)  # an account's phones all ask for its realm
def _asked(method: str, uri: str) -> str:
    return _md5(f"{method}:{uri}")


def _md5(text: str) -> str:
    return md5(text.encode()).hexdigest()
