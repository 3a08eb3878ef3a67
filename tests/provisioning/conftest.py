"""What every story about the configuration server needs: two desks to sit at, and a client of one's own making.

The client's digest is written here a second time, on purpose: the server's own would let an error cancel itself.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable
from hashlib import md5
from pathlib import Path

import pytest
from msgspec.structs import replace

from provisioning.identify import Deny, identify
from provisioning.messages import Effect, FileDropped, FileFrozen, FileStored, Request, Response
from provisioning.plan import Line, LogIn, Plan
from provisioning.respond import respond

NOW = 1_735_689_600_000  # 2025-01-01T00:00:00Z
KEY = b"a key for tests, thirty-two long"
BASE = "http://127.0.0.1/provision/acme/"


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def digest(challenge: str, method: str, uri: str, username: str, password: str, *, qop: bool = True) -> str:
    """An Authorization header that answers the challenge."""
    (nonce,) = re.findall(r'nonce="([^"]*)"', challenge)
    (realm,) = re.findall(r'realm="([^"]*)"', challenge)
    ha1, ha2 = _hash(f"{username}:{realm}:{password}"), _hash(f"{method}:{uri}")
    middle = ":00000001:c11e47:auth" if qop else ""
    more = ', qop=auth, nc=00000001, cnonce="c11e47"' if qop else ""
    response = _hash(f"{ha1}:{nonce}{middle}:{ha2}")
    return f'Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}"{more}'


def basic(username: str, password: str) -> str:
    """An Authorization header without a challenge."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


class Desk:
    """A device and the server's memory of it: asks as a phone does, and lets effects happen before the next request.

    `log_in` is what the PBX will say to whatever is typed at the phone; `effects` is what the last request caused."""

    def __init__(self, plan: Plan) -> None:
        self.plan: Plan | None = plan
        self.username, self.password = plan.username, plan.password
        self.files: dict[tuple[str, str], bytes] = {}
        self.effects: tuple[Effect, ...] = ()
        self.log_in: LogIn | None = None
        self.now = NOW
        self.legacy = self.basic = False

    def ask(
        self, file: str, method: str = "GET", *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Response:
        """The final answer to an authenticated request for that file of the account (or for that whole URL)."""
        path = file.removeprefix("http://127.0.0.1") if file.startswith("http") else f"/provision/acme/{file}"
        if self.basic:
            return self.send(path, method, basic(self.username, self.password), body, headers)
        denied = self.send(path, method)
        assert denied.status == 401
        challenge = denied.headers[0][1]
        proof = digest(challenge, method, path, self.username, self.password, qop=not self.legacy)
        return self.send(path, method, proof, body, headers)

    def send(
        self,
        path: str,
        method: str = "GET",
        authorization: str = "",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Response:
        """One request, just so."""
        sent = tuple((headers or {}).items()) + ((("Authorization", authorization),) if authorization else ())
        request = Request(method, path, sent, body, "192.0.2.7")
        claim = identify(request, self.now, KEY)
        if isinstance(claim, Deny):
            response, self.effects = claim.response, claim.effects
            return response
        plan = self.plan and replace(self.plan, log_in=self.log_in if claim.page == "login" else None)
        response, self.effects = respond(request, claim, plan, self.files, self.now, KEY)
        self.happen(self.effects)
        return response

    def happen(self, effects: tuple[Effect, ...]) -> None:
        """The server's memory takes them."""
        for effect in effects:
            match effect:
                case FileFrozen(device, name, body) | FileStored(device, name, body):
                    self.files[device, name] = body
                case FileDropped(device, name):
                    del self.files[device, name]
                case _:
                    pass


def header(response: Response, name: str) -> str:
    """The one header of that name, or ''."""
    found = [value for key, value in response.headers if key.lower() == name.lower()]
    assert len(found) <= 1
    return found[0] if found else ""


JOHN = Line(
    label="John Smith",
    display_name="John Smith",
    user_name="204",
    auth_name="204",
    password="s3cret",
    extension="204",
    server="pbx.example.org",
    voicemail="*97",
)
YEALINK = Plan(
    device="d1",
    account="acme",
    mac="805ec0112233",
    model="yealink-t46s",
    username="805ec0112233",
    password="fetch-me",
    base_url=BASE,
    lines=(JOHN,),
)
AASTRA = replace(YEALINK, device="d2", mac="00085d112233", model="aastra-6731i", username="00085d112233")


@pytest.fixture
def john() -> Line:
    return JOHN


@pytest.fixture
def yealink() -> Plan:
    return YEALINK


@pytest.fixture
def aastra() -> Plan:
    return AASTRA


@pytest.fixture
def now() -> int:
    return NOW


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def desk_of() -> Callable[[Plan], Desk]:
    return Desk


@pytest.fixture
def header_of() -> Callable[[Response, str], str]:
    return header


@pytest.fixture
def answer_digest() -> Callable[..., str]:
    return digest


@pytest.fixture
def answer_basic() -> Callable[[str, str], str]:
    return basic


@pytest.fixture(scope="session")
def reference() -> Path:
    """The vendor data this package was written from, where somebody has it."""
    root = Path(os.environ.get("PBXSIM_SHARED", Path(__file__).parents[3] / "shared"))
    if not (root / "data").is_dir():
        pytest.skip("no reference data here; PBXSIM_SHARED names the folder")
    return root / "data"
