"""A phone that is not emulated here: all that a world sees of it are its REGISTERs.

What it believes, shows and will do next nobody knows; that is the point of it.
"""

from __future__ import annotations

from hashlib import md5
from typing import Any

from msgspec import Struct

from pbxsim.core.entities import Device
from pbxsim.core.registrar import SipCredentials, SipReply, SipRequest
from pbxsim.world import World


class Stranger(Struct, frozen=True):
    """Somebody's own phone or soft phone, with the SIP credentials of a device (its id), reached at `host`."""

    device: str
    host: str = "198.51.100.7"

    def register(self, world: World, expires: int = 3600) -> SipReply:
        """REGISTER, and answer the challenge; the last reply. `expires` 0 takes the registration back."""
        device = world.pbx.the(Device, self.device)
        realm = world.pbx.accounts[device.account].realm
        uri, aor = f"sip:{realm}", f"sip:{device.id}@{realm}"
        asked: dict[str, Any] = {
            "contact": f"sip:{device.id}@{self.host}",
            "expires": expires,
            "user_agent": "stranger",
        }
        reply = world.register(SipRequest(1, "REGISTER", uri, aor, **asked))
        if reply.status != 401:
            return reply
        password = world.pbx.secrets[device.id, "sip"]
        ha1 = _md5(f"{device.id}:{reply.realm}:{password}")
        response = _md5(f"{ha1}:{reply.nonce}:{_md5(f'REGISTER:{uri}')}")
        credentials = SipCredentials(device.id, reply.realm, reply.nonce, uri, response)
        return world.register(SipRequest(2, "REGISTER", uri, aor, credentials=credentials, **asked))

    def leave(self, world: World) -> SipReply:
        """Un-REGISTER, as after a factory reset."""
        return self.register(world, 0)


def _md5(text: str) -> str:
    return md5(text.encode()).hexdigest()
