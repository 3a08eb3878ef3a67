"""One-time codes of a user: made, redeemed once, worth nothing after a while.

A code is the user's secret of a purpose (`invitation`, `setup-code:mobile`), kept as "<expires in ms>:<digest>". How
long one lives is a rule of the platform, and so is the refusal: one answer to a wrong, a used and an expired code.
"""

from __future__ import annotations

import hmac

from pbxsim.core.entities import User
from pbxsim.core.links import one_time_code
from pbxsim.core.rules.common import refuse
from pbxsim.core.state import Change

MINUTE = 60_000


def keep(change: Change, user: User, purpose: str, digest: str) -> None:
    """From now on this code counts for the purpose, and the one before no longer."""
    kind = purpose.partition(":")[0]
    minutes = int(change.platform.setting(change.account, kind) or 10)
    change.keep_secret(user.id, purpose, f"{change.now + minutes * MINUTE}:{digest}")


def draw(change: Change, user: User, purpose: str) -> str:
    """A new code, drawn from the chance that came with the command; only who is given it now will ever see it."""
    change.new_id("k")  # a token is drawn from the last id, and two codes of one command must differ
    code = change.token(f"{purpose} {user.id}", 32)
    keep(change, user, purpose, one_time_code(code))
    return code


def redeem(change: Change, user: User, purpose: str, digest: str) -> None:
    """Use a code up. Raises Refused for one that is wrong, used or expired."""
    until, _, kept = change.state.secrets.get((user.id, purpose), "0:").partition(":")
    if not kept or int(until) < change.now or not hmac.compare_digest(kept, digest):
        kind = purpose.partition(":")[0]
        refuse(
            change, kind, "The code is not accepted", "it is wrong, has been used, or has expired; ask for a new one"
        )
    change.forget_secret(user.id, purpose)
