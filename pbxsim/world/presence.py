"""What phones are told about others, and about their mailboxes: NOTIFY of `dialog` and of `message-summary`.

Nothing here is asked of a world in which nobody watches anybody and no message waits. The body of a `dialog` NOTIFY is
the word that stands in dialog-info+xml's <state>; `uri` is where the watcher is reached, `aor` whom it is about, `call`
the subscription's Call-ID, `expires` how many seconds are left of it (0: it has ended, `terminated` in its
Subscription-State).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import structs

from device_emulator import messages as em
from pbxsim.core import presence
from pbxsim.core.calls import LiveCall
from pbxsim.core.entities import NOUNS, Device, HotDesk, Mailbox, Message, User
from pbxsim.core.logins import mailbox_of, visitor
from pbxsim.core.messages import in_mailbox
from pbxsim.core.registrar import SipRequest, device_of
from pbxsim.core.state import State, Subscription
from pbxsim.world import sip

if TYPE_CHECKING:
    from pbxsim.world.run import Run


# ---- whom somebody watches


def asked(run: Run, mac: str, request: em.SipRequest) -> None:
    """A phone's SUBSCRIBE: the answer, and at once how things stand (RFC 6665)."""
    change = run.change()
    reply, subscription = presence.subscribe(change, SipRequest(*structs.astuple(request)))
    run.pbx = change.state
    run.send("sip reply", mac, em.SipReply(*structs.astuple(reply)))
    if subscription is not None:
        run.arm("s" + subscription.call, subscription.expires)
        _tell(run, subscription, presence.heard(run.pbx, subscription.user))


def follow(run: Run, before: State, after: State, calls: Iterable[tuple[LiveCall | None, LiveCall | None]]) -> None:
    """Some calls have changed: whoever watches somebody for whom that makes a difference hears of it, and nobody
    else."""
    watched = after.watchers
    for user in dict.fromkeys(user for pair in calls for user in presence.concerned(*pair) if user in watched):
        word = presence.heard(after, user)
        if word != presence.heard(before, user):
            for subscription in presence.watchers(after, user):
                _tell(run, subscription, word)


def renumbered(run: Run, user: str) -> None:
    """A user has another extension, or is gone: who watches the old one is told that there is nothing to hear."""
    for subscription in presence.gone(run.pbx, user):
        _end(run, subscription)


def expire(run: Run, call: str) -> None:
    """A subscription may be over; one that was refreshed comes again."""
    subscription = run.pbx.subscriptions.get(call)
    if subscription is None:
        return
    if subscription.expires > run.now:
        run.arm("s" + subscription.call, subscription.expires)
    else:
        _end(run, subscription)


def replied(run: Run, reply: em.SipReply) -> None:
    """A phone that knows nothing of a subscription has lost it with its power (RFC 6665: 481 ends it)."""
    subscription = run.pbx.subscriptions.get(reply.call)
    if subscription is not None and reply.status == 481:
        _drop(run, subscription)


def _end(run: Run, subscription: Subscription) -> None:
    _drop(run, subscription)
    _tell(run, subscription, presence.TERMINATED, over=True)


def _drop(run: Run, subscription: Subscription) -> None:
    change = run.change()
    change.unsubscribe(subscription)
    run.pbx = change.state


def _tell(run: Run, subscription: Subscription, word: str, over: bool = False) -> None:
    realm = subscription.aor.partition("@")[2]
    about = f"sip:{subscription.extension}@{realm}"
    left = 0 if over else max(1, (subscription.expires - run.now) // 1000)
    sip.notify_at(run, subscription.contact, about, "dialog", word, subscription.call, left)


# ---- messages that wait


def registered(run: Run, request: em.SipRequest) -> None:
    """A phone has registered, perhaps after a power cut: it is told of new messages that wait for whoever sits there.
    Where none do it is told nothing: it shows none when it has just begun, and has heard of every change since."""
    device = run.pbx.get(Device, device_of(request.aor))
    if device is None or (device.account, NOUNS[Message]) not in run.pbx.order:
        return  # as at nearly every refresh
    box = _box_at(run.pbx, device)
    if box is not None and (body := summary(run.pbx, box)).startswith("Messages-Waiting: yes"):
        sip.notify_at(run, request.contact, request.contact, "message-summary", body)


def moved(run: Run, mailbox: str) -> None:
    """What is in a mailbox has changed: every phone at which it is shown is told."""
    box = run.pbx.get(Mailbox, mailbox)
    owner = run.pbx.get(User, box.owner) if box is not None else None
    if box is None or owner is None or mailbox_of(run.pbx, owner) != box:
        return
    body = ""
    for source in run.pbx.sources(owner.id):
        device = run.pbx.get(Device, source.device if isinstance(source, HotDesk) else source.id)
        if device is None or _box_at(run.pbx, device) != box:
            continue
        for binding in run.pbx.bindings.get(device.id, ()):
            body = body or summary(run.pbx, box)
            sip.notify_at(run, binding.contact, binding.contact, "message-summary", body)


def seated(run: Run, device_id: str) -> None:
    """Somebody else sits at a device now, or nobody: another mailbox is shown there."""
    device = run.pbx.get(Device, device_id)
    if device is None or (device.account, NOUNS[Message]) not in run.pbx.order:
        return
    box = _box_at(run.pbx, device)
    for binding in run.pbx.bindings.get(device.id, ()):
        body = summary(run.pbx, box) if box is not None else EMPTY
        sip.notify_at(run, binding.contact, binding.contact, "message-summary", body)


def _box_at(pbx: State, device: Device) -> Mailbox | None:
    user = visitor(pbx, device) or pbx.get(User, device.owner)
    return mailbox_of(pbx, user) if user is not None else None


EMPTY = "Messages-Waiting: no\r\nVoice-Message: 0/0\r\n"


def summary(pbx: State, box: Mailbox) -> str:
    """What a mailbox holds, as RFC 3842 writes it: new and old."""
    folders = [message.folder for message in in_mailbox(pbx, box)]
    new, old = folders.count("new"), folders.count("saved")
    return f"Messages-Waiting: {'yes' if new else 'no'}\r\nVoice-Message: {new}/{old}\r\n"
