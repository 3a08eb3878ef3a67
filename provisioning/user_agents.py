"""Who says he is asking: brand, model, firmware and MAC out of a User-Agent.

One grammar per brand, read off captured headers; the strings themselves are rows of the tests. A User-Agent is a claim
and opens nothing: it explains a log, it never authenticates. Any text is answered, in time linear in its length.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from provisioning.plan import normal_mac


class Agent(Struct, frozen=True, gc=False):
    """`brand` is lower case, '' if unknown; `mac` 12 lower-case hex digits, or None if the header names none."""

    brand: str
    model: str = ""
    version: str = ""
    mac: str | None = None


_VERSION = r"(?P<version>[0-9]++(?:\.[0-9]++)++)"
_AASTRA = r"(?P<model>\w++(?: (?!MAC:)\w++)?+) MAC:(?P<mac>[^ ]++) V:(?P<version>[0-9.]++(?:-(?!SIP)[\w-]++)?+)"
_REST = r"(?: ++(?P<mac>[^ ]++))?+"

# Brand, and how its header begins (a search from the start; the first that matches wins). What a grammar cannot name
# stays ''. Possessive quantifiers throughout: no header makes one of these try twice.
_GRAMMARS: tuple[tuple[str, str], ...] = (
    # "Yealink SIP-T46G 28.83.0.120 00:15:65:4a:a9:37"; "yealink" on old firmware, two blanks on T38G and T56A, no
    # "SIP-" on DECT and conference phones, "SIP VP-T49G", and "Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0" before it
    # is configured, with a hardware version where the MAC would be (Wazo, FusionPBX).
    ("yealink", rf"yealink(?: ++|-)(?:SIP[- ])?+(?P<model>[\w-]++) ++{_VERSION}{_REST}"),
    # DECT bases and video phones that leave the brand out: "VP530P 23.70.0.40 00:15:65:31:4b:c0", "W52P 25.30…".
    ("yealink", rf"(?P<model>(?:VP|CP|W)[0-9]++[A-Z]*+) ++{_VERSION}{_REST}"),
    ("yealink", r"yealink"),
    # "Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP"; "Aastra480i Cordless"; the boot loader's version does not
    # end in "-SIP": "V:2.0.1.1055-0035-00-A1" (Wazo, Gemeinschaft).
    ("aastra", f"Aastra{_AASTRA}"),
    ("mitel", f"Mitel{_AASTRA}"),
    ("aastra", r"Aastra"),
    ("mitel", r"Mitel"),
    # "Cisco/SPA508G-7.4.8a (0002FDFF2103)(CBT…)", "Linksys/SPA-942-6.1.5(a) (…)", "Cisco-CP-7832-3PCC/11.0.1 (…)".
    ("cisco", r"Cisco-(?P<model>[\w-]++)/(?P<version>[\w.-]++) \((?P<mac>\w++)\)"),
    (
        "cisco",
        r"(?:Cisco|Linksys)/(?P<model>SPA-?+\w++)-(?P<version>[\w.]++(?:\(\w\))?+) \((?P<mac>\w++)\)",
    ),
    ("cisco", r"Cisco|Linksys"),
    # "FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application": no MAC.
    ("polycom", r"FileTransport Poly(?:com)?+\w++-(?P<model>\w++)-UA/(?P<version>[0-9.]++)"),
    ("polycom", r"FileTransport Poly"),
    # "Grandstream Model HW GXV3350  V1.3A SW 1.0.1.8 DevId c074ad150b88".
    (
        "grandstream",
        r"Grandstream Model HW (?P<model>\w++)(?: ++V[\w.]++)?+ SW (?P<version>[0-9.]++)"
        r" DevId (?P<mac>\w++)",
    ),
    ("grandstream", r"Grandstream(?: (?P<model>\w++))?+"),
    # "Mozilla/4.0 (compatible; snomD785-SIP 10.1.169.16 …": the MAC, where there is one, moves about.
    ("snom", r"Mozilla/4\.0 \(compatible; snom(?P<model>\w++)-SIP (?P<version>[0-9.]++)"),
    ("snom", r"Mozilla/4\.0 \(compatible; snom"),
    # "Mozilla/4.0 (compatible; MSIE 6.0) AVAYA/J179-4.1.3.0.6 (MAC:c81fea83e85a)".
    (
        "avaya",
        r"Mozilla/4\.0 \(compatible; MSIE 6\.0\) AVAYA/"
        r"(?P<model>\w++)-(?P<version>[0-9.]++) \(MAC:(?P<mac>\w++)\)",
    ),
    ("avaya", r"(?:Mozilla/4\.0 \(compatible; MSIE 6\.0\) )?+AVAYA/"),
    # "Fanvil X6U Pro 0.0.10 0c383e2cd782", "Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9".
    ("fanvil", rf"Fanvil (?P<model>[\w-]++(?: [A-Za-z]++)?+) {_VERSION}{_REST}"),
    ("fanvil", r"Fanvil"),
    ("htek", rf"Htek (?P<model>\w++) {_VERSION}{_REST}"),
    ("htek", r"Htek"),
    # "Gigaset N720 DM PRO/70.089.00.000.000;7C2F80CA21E4".
    ("gigaset", r"Gigaset (?P<model>[\w -]++)/(?P<version>[\w.+]++)(?:;(?P<mac>\w++))?+"),
    ("gigaset", r"Gigaset"),
    # "Panasonic_KX-UT670/01.022 (0080f0000000)".
    ("panasonic", r"Panasonic_(?P<model>[\w-]++)/(?P<version>[0-9.]++)(?: \((?P<mac>\w++)\))?+"),
    ("panasonic", r"Panasonic"),
    # "ALE 8028s-GE 1.51.52.2204 487a55023075", "Alcatel IP Touch 4008/2.00.81".
    ("alcatel", rf"ALE (?P<model>[\w-]++) {_VERSION}{_REST}"),
    ("alcatel", r"Alcatel IP Touch (?P<model>\w++)/(?P<version>[0-9.]++)"),
    ("alcatel", r"ALE |Alcatel"),
    # "Thomson TB30 hw1 fw1.72.0 00-1F-9F-84-F1-80".
    ("thomson", r"Thomson (?P<model>\w++) hw\w++ fw(?P<version>[0-9.]++) (?P<mac>[^ ]++)"),
    ("thomson", r"Thomson"),
)


@cache
def _pattern(grammar: str) -> re.Pattern[str]:
    """Compiled when it is first tried: all of them take 2 ms, and most worlds hold phones of two brands."""
    return re.compile(grammar, re.ASCII | re.IGNORECASE)


def recognise(user_agent: str) -> Agent:
    """Brand '' for what no grammar knows. Never raises."""
    for brand, grammar in _GRAMMARS:
        if found := _pattern(grammar).match(user_agent):
            named = found.groupdict(default="")
            mac = normal_mac(named.get("mac", "")) or None
            return Agent(brand, named.get("model", ""), named.get("version", ""), mac)
    return Agent("")
