"""The parameter names of Aastra's and Mitel's configuration files that public scripts and guides use; `N` is an index.

Read from Asterisk's Aastra XML scripts, the templates of FusionPBX, wazo-provd and 2600hz's provisioner, public example
files and the vendor's guides. No list of a vendor's: newer firmware knows more.
"""

from __future__ import annotations

_OF_LINES = """auth name|password|user name|display name|screen name|screen name N|bla number|mode|proxy ip|proxy port|
outbound proxy|outbound proxy port|registrar ip|registrar port|backup proxy ip|backup proxy port|backup registrar ip|
backup registrar port|registration period|registration renewal timer|registration retry timer|
registration timeout retry timer|vmail|dtmf method|srtp mode|call waiting"""

_OF_KEYS = "type|label|value|line|states|locked"

_OTHERS = """action uri connected|action uri disconnected|action uri incoming|action uri offhook|action uri onhook|
action uri outgoing|action uri poll|action uri poll interval|action uri registered|action uri registration event|
action uri startup|action uri tr69 check sync|action uri xml sip notify|admin password|alternate tftp server|
audio mode|auto offhook|auto resync days|auto resync max delay|auto resync mode|auto resync time|background image|
backlight mode|bl on time|call forward disabled|call hold reminder|call hold reminder during active calls|call waiting|
call waiting tone|contact rcs|custom ringtone N|date format|default gateway|dhcp|dhcp config option override|
directed call pickup|directed call pickup prefix|directory N|directory script|display dtmf digits|dnd|dnsN|
download protocol|dst config|dst end day|dst end hour|dst end month|dst end relative date|dst end week|dst minutes|
dst start day|dst start hour|dst start month|dst start relative date|dst start week|dynamic sip|firmware server|
ftp password|ftp server|ftp username|goodbye cancels incoming call|hot desk high security|hot desk username|
http digest force login|http digest password|http digest username|http path|http port|http server|https path|
https port|https server|https validate certificates|https validate expires|https validate hostname|
idle screen font color|idle screen mode|image server uri|inactive minet present|input language|ip|language|language N|
live dialpad|lldp|log module ept|log module ind|log module kbd|log module linemgr|log module net|log module provis|
log module rtpt|log module sip|log module snd|log module stun|log module user interface|log server ip|log server port|
options password enabled|options simple menu|play a ring splash|priority non-ip|screen saver background image|
services script|sip allow auto answer|sip blf subscription period|sip customized codec|sip dial plan|
sip digit timeout|sip explicit mwi subscription|sip explicit mwi subscription period|sip intercom allow auto answer|
sip intercom allow barge in|sip intercom line|sip intercom mute mic|sip intercom play warning tone|
sip intercom prefix code|sip intercom type|sip out-of-band dtmf|sip persistent tls keep alive|sip rport|
sip send sips over tls|sip silence suppression|sip transport protocol|sip use basic codecs|sip xml notify event|
sips local certificate|sips persistent tls|sips private key|sips root and intermediate certificates|
sips trusted certificates|sprecode|subnet mask|switch focus to ringing line|tagging enabled|tftp path|tftp server|
time format|time server disabled|time serverN|time zone code|time zone minutes|time zone name|tone set|tos rtp|
tos sip|tr69 check sync|upgrade uri|upnp manager|use alternate tftp server|user config upload|
user config upload delta|user config url|user password|vlan id|vlan id port N|voicemail script|web interface enabled|
web language|xml application post list|xml application title|xml application uri|xml get timeout"""


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", "").split("|")]


NAMES = frozenset(
    _names(_OTHERS)
    + [f"sip lineN {name}" for name in _names(_OF_LINES)]
    + [f"sip {name}" for name in _names(_OF_LINES)]  # without a line: for all of them
    + [
        f"{key} {name}"
        for key in ("prgkeyN", "topsoftkeyN", "softkeyN", "expmodN keyN")
        for name in _OF_KEYS.split("|")
    ]
    + [f"featurekeyN {name}" for name in ("base event", "control", "hs event", "label")]
)
