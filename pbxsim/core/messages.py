"""Messages: which a mailbox holds, the newest first, and whether it takes another.

They stand in one list an account, by mailbox: one mailbox's are a stretch of it, so that reading costs what is read.
Nothing here changes one (`rules/mailboxes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pbxsim.core.entities import NOUNS, Account, Mailbox, Message, User
from pbxsim.core.platform import Platform
from pbxsim.core.state import EMPTY, State


def messages(state: State, boxes: Iterable[Mailbox], after: str = "") -> Iterator[tuple[str, Message]]:
    """(place in the list, message) of each in these mailboxes that stands behind a place: mailbox by mailbox, by id."""
    for box in sorted(boxes, key=lambda box: box.id):
        begins = f"{box.id}\0"
        for place in state.order.get((box.account, NOUNS[Message]), EMPTY).after(max(after, begins)):
            if not place.startswith(begins):
                break
            yield place, state.the(Message, place.rpartition("\0")[2])


def in_mailbox(state: State, box: Mailbox) -> list[Message]:
    """All of a mailbox, in every folder."""
    return [message for _, message in messages(state, [box])]


def closed(state: State, account: Account, box: Mailbox, platform: Platform | None) -> str:
    """Why a mailbox takes no message now; '' if it does. Without a platform, no rule of one counts."""
    if platform is None:
        return ""
    owner = state.get(User, box.owner)
    if owner is not None and not owner.voicemail and platform.switched(account, "voicemail.off"):
        return f"voicemail of {owner.title} is switched off"
    most = int(platform.setting(account, "mailbox.full") or 0)
    if len(state.order.get((account.id, NOUNS[Message]), EMPTY)) < most:
        return ""  # as nearly always: nobody need count
    held = sum(message.folder != "deleted" for message in in_mailbox(state, box))
    return f"mailbox {box.number} is full: {held} of {most} messages" if held >= most else ""
