"""Who watches whom: SUBSCRIBE to the `dialog` events of an extension (RFC 4235, RFC 6665), and what its watchers hear.

A subscription is a registered phone's, and lives until it expires, is taken back, or the phone says that it knows
nothing of it; a power cut takes nothing back. It is no durable thing: after a start of the server every phone boots,
and subscribes anew. What is said of an extension is the word of its dialogs, as Asterisk's hints have it: `early` while
something of its user's rings, `confirmed` while he has dialled or talks, `terminated` otherwise. Whether he is
registered is no dialog's matter: a phone without power looks free (Asterisk writes `terminated` for an unavailable one,
too).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from pbxsim.core.calls import LiveCall
from pbxsim.core.entities import Device, User
from pbxsim.core.registrar import SipReply, SipRequest, account_of, device_of
from pbxsim.core.state import Change, State, Subscription

LONGEST = 3_600  # seconds that a subscription is granted at most (decided; RFC 4235 suggests an hour)
TERMINATED = "terminated"


def subscribe(change: Change, request: SipRequest) -> tuple[SipReply, Subscription | None]:
    """Answer a SUBSCRIBE; and the subscription that is there now, whose watcher is told how things stand. Whoever is
    registered has shown who he is: no digest is asked for, as with a call. An extension that nobody has gets 404."""
    state = change.state
    if request.event.partition(";")[0].strip().lower() != "dialog":
        return _reply(request, 489, "Bad Event"), None
    device = state.get(Device, device_of(request.aor))
    bindings = state.bindings.get(device.id, ()) if device is not None else ()
    if device is None or all(binding.contact != request.contact for binding in bindings):
        return _reply(request, 403, "Forbidden: register first"), None
    account = account_of(state, request.uri)
    extension = request.uri.removeprefix("sip:").partition("@")[0]
    user = state.find("extension", device.account, extension)
    if user is None or account is None or account.id != device.account:
        _forget(change, request.call)
        return _reply(request, 404, "Not Found"), None
    granted = min(request.expires, LONGEST)
    if granted <= 0:
        _forget(change, request.call)
        return _reply(request, 200, "OK"), None
    expires = change.now + granted * 1000
    subscription = Subscription(request.call, user, extension, request.contact, request.aor, expires)
    known = state.subscriptions.get(request.call)
    if known is not None and known.user != user:
        _forget(change, request.call)
    change.subscribe(subscription)
    return structs.replace(_reply(request, 200, "OK"), expires=granted), subscription


def _reply(request: SipRequest, status: int, reason: str) -> SipReply:
    return SipReply(request.id, status, reason, call=request.call)


def _forget(change: Change, call: str) -> None:
    known = change.subscriptions.get(call)
    if known is not None:
        change.unsubscribe(known)


def watchers(state: State, user: str) -> list[Subscription]:
    """The subscriptions to a user, in the order in which they began."""
    return [state.subscriptions[call] for call in state.watchers.get(user, ())]


def heard(state: State, user: str) -> str:
    """What is said of a user now. Looks at the calls that are under way."""
    word = TERMINATED
    for call in state.calls.values():
        if call.caller.user == user or (call.answered_by is not None and call.answered_by.user == user):
            return "confirmed"
        if any(leg.user == user and leg.kind != "outside" for leg in call.legs):
            word = "early"
    return word


def concerned(*calls: LiveCall | None) -> Iterator[str]:
    """The users who have a part in these calls."""
    for call in calls:
        if call is not None:
            yield call.caller.user
            if call.answered_by is not None:
                yield call.answered_by.user
            for leg in call.legs:
                yield leg.user


def gone(state: State, user: str) -> list[Subscription]:
    """The subscriptions to an extension that is nobody's, or somebody else's, any more."""
    present = state.get(User, user)
    return [one for one in watchers(state, user) if present is None or present.extension != one.extension]
