"""Mitel 6800 and 6900: somebody logs in at the phone itself (Visitor Desk Phone)."""

from __future__ import annotations

from device_emulator.firmware import aastra_files_facts as files
from device_emulator.firmware import aastra_visitors as known
from device_emulator.messages import HttpReply, HttpRequest, SipRequest
from tests.device_emulator.desk import AASTRA_MAC, World, world
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"
USERS = "http://users.example/"
BY_XML = (
    "<AastraIPPhoneConfiguration setType='override'><ConfigurationItem><Parameter>hot desk username</Parameter>"
    "<Value>{}</Value></ConfigurationItem></AastraIPPhoneConfiguration>"
)


class Desk(World):
    """A phone and, beside its own server, one for users' files that asks for a name and password and keeps uploads."""

    passwords_of_users: dict[str, str]

    def _web(self, request: HttpRequest, path: str) -> HttpReply:
        if not request.url.startswith(USERS):
            return super()._web(request, path)
        name = request.url.removeprefix(USERS).partition(".")[0].partition("_")[0]
        self.web_login = (name, self.passwords_of_users.get(name, "nobody's"))
        known = self._knows(request)
        self.web_login = None
        if not known:
            return HttpReply(request.id, 401, (("WWW-Authenticate", 'Digest realm="prov", nonce="n1", qop="auth"'),))
        if request.method == "PUT":
            self.files[path] = request.body
            return HttpReply(request.id, 201)
        return super()._web(request, path)


def visited(*lines: str, high: str = "0", log_in: bool = True) -> Desk:
    """A phone of nobody's in particular, at which John has logged in."""
    plain = world("aastra-6867i")
    desk = Desk(plain.phone)
    desk.passwords_of_users = {"john": "1234"}
    desk.stage()
    desk.files = {
        "startup.cfg": "\n".join(
            (
                "sip registrar ip: pbx.example",
                "softkey1 type: hotdesklogin",
                "softkey1 label: Login",
                f"user config url: {USERS}",
                f"hot desk high security: {high}",
                "sip xml notify event: 1",
                *lines,
            )
        ),
        OWN: "sip line1 user name: 900\nsip line1 screen name: Visitor\n",
        USERS + "john.cfg": "sip line1 user name: 204\nsip line1 screen name: John\nsoftkey1 label: Logout\n",
        USERS + "john_local.cfg": "tone set: Germany\n",
    }
    desk.plug_in()
    if log_in:
        desk.press("Login")
        desk.type("john", "1234")
    return desk


@proves(known.FILES)
def john_logs_in() -> None:
    desk = visited(log_in=False)
    assert desk.phone.screen.label == "Visitor"
    desk.press("Login")
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert prompt.fields == ("Username", "Password")
    desk.type("john", "4321")
    assert desk.phone.screen.message == "Wrong user name or password"
    assert desk.phone.flash.visitor is None
    fetched = desk.fetched(lambda: desk.type("john", "1234"))
    assert list(dict.fromkeys(fetched)) == [USERS + "john.cfg", USERS + "john_local.cfg"]
    assert (desk.phone.screen.label, desk.phone.settings.get("tone set")) == ("John", "Germany")
    assert desk.aors == {"sip:204@pbx.example"}


@proves(files.SCOPE)
def a_visitor_counts_more_than_the_phone() -> None:
    desk = visited(log_in=False)
    desk.set_locally("sip line1 screen name", "Room 5")
    desk.press("Login")
    desk.type("john", "1234")
    assert desk.phone.screen.label == "John"
    desk.press("Logout")
    assert desk.phone.screen.label == "Room 5"


@proves(known.UPLOAD)
def what_he_has_set_goes_with_him() -> None:
    desk = visited()
    desk.set_locally("tone set", "France # not a comment")
    desk.press("Logout")
    assert desk.files[USERS + "john_local.cfg"] == b'tone set: "France # not a comment"\n'
    assert (desk.phone.screen.label, desk.phone.settings.get("tone set")) == ("Visitor", "")
    desk.press("Login")
    desk.type("john", "1234")
    assert desk.phone.settings.get("tone set") == "France # not a comment"


@proves(known.PERIOD)
def every_hour_or_so() -> None:
    desk = visited("user config upload: 3600", "user config upload delta: 600")
    desk.set_locally("tone set", "France")
    desk.advance(3_600 + 600 + 1)
    assert desk.files[USERS + "john_local.cfg"] == b"tone set: France\n"
    assert desk.phone.screen.label == "John"


@proves(known.REBOOT)
def a_reboot_logs_him_out() -> None:
    desk = visited()
    desk.check_sync("check-sync;reboot=true")
    assert (desk.phone.screen.label, desk.phone.flash.visitor) == ("Visitor", None)


@proves(known.POWER)
def a_power_cut_does_not() -> None:
    desk = visited()
    fetched = desk.fetched(desk.power_cycle)
    assert USERS + "john.cfg" in fetched
    assert desk.phone.screen.label == "John"
    assert desk.phone.registered


@proves(known.SECURE)
def unless_security_is_high() -> None:
    desk = visited(high="1")
    assert desk.phone.screen.label == "John"
    desk.press("Logout")
    desk.type("4321")
    assert (desk.phone.screen.message, desk.phone.flash.visitor is None) == ("Wrong password", False)
    desk.type("1234")
    assert desk.phone.screen.label == "Visitor"
    desk.press("Login")
    desk.type("john", "1234")
    desk.power_cycle()
    assert desk.phone.screen.label == "Visitor"


@proves(known.BY_XML)
def by_a_call_to_the_exchange() -> None:
    desk = visited(log_in=False)
    desk.passwords_of_users["john"] = ""
    for user, shown in (("john", "John"), ("", "Visitor")):
        body = BY_XML.format(user).encode()
        desk.give(SipRequest(1, "NOTIFY", "", "", event="aastra-xml", body=body))
        desk.settle()
        assert desk.phone.screen.label == shown
