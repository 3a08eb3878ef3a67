"""Checks of who can read what a server says, where it sends the phone, and what it names besides."""

from __future__ import annotations

from collections.abc import Iterator

from device_emulator.firmware import aastra_xml
from device_emulator.lint import About, Hit
from device_emulator.lint.findings import shown, some
from device_emulator.lint.security import holds_secret
from device_emulator.trial.exchanges import Served
from device_emulator.trial.served.run import Rows, Run

SLOW_MS = 5_000
LOOPBACK = ("127.", "localhost", "[::1]")


def open_secret(run: Run) -> Iterator[Hit]:
    """Whoever knows a MAC gets the password."""
    anybody = {one.file for one in run.exchanges if one.purpose == "anonymous" and one.status == 200}
    for served, keys in _secrets(run):
        if not served.authenticated:
            yield Hit(served.file, 0, f"{some(keys, 2)}: served to whoever asks, without a password", keys[0])
        elif served.file in anybody:
            text = f"{some(keys, 2)}: the phone has a password, but the file is served without one as well"
            yield Hit(served.file, 0, text, keys[0])


def clear_secret(run: Run) -> Iterator[Hit]:
    """Whoever listens gets the password."""
    for served, keys in _secrets(run):
        if served.url.startswith("http://"):
            here = served.url.removeprefix("http://").startswith(LOOPBACK)
            text = f"{some(keys, 2)}: sent without encryption, by http"
            yield Hit(served.file, 0, text, keys[0], "note" if here else None)


def downgrade(run: Run) -> Iterator[Hit]:
    """From https back to http."""
    for one in run.exchanges:
        if one.url.startswith("https://") and one.location.startswith("http://"):
            yield Hit(one.file, 0, f"the server sends the phone from https to {shown(one.location)}")


def certificate(run: Run) -> Iterator[Hit]:
    """A server that phones cannot know."""
    told: set[str] = set()
    for one in run.exchanges:
        if one.certificate and one.certificate not in told and one.purpose == "boot":
            told.add(one.certificate)
            took = "the phone takes it, for its settings tell it to take any" if run.fetched else "the phone refuses it"
            yield Hit(one.file, 0, f"the server's certificate is not trusted ({one.certificate}): {took}")


def elsewhere(run: Run) -> Iterator[Hit]:
    """Where the phone would have gone, and this program did not."""
    for one in run.exchanges:
        if one.purpose in ("boot", "again") and one.status == 0 and one.why.startswith("not fetched"):
            yield Hit(one.file, 0, one.why)


def slow(run: Run) -> Iterator[Hit]:
    """Answers for which not every phone waits."""
    for one in run.exchanges:
        if one.status and one.ms > SLOW_MS and one.purpose == "boot":
            yield Hit(one.file, 0, f"the answer took {one.ms / 1000:.1f} s")


def resource(run: Run) -> Iterator[Hit]:
    """Files that the configuration names and the server does not have."""
    for one in run.resources:
        if one.outcome.startswith(("not fetched", "the phone asked")) or one.status == 200:
            continue
        yield Hit(one.file, one.line, f"{shown(one.key)} names {shown(one.url)}: {one.outcome}", one.key)


def unreadable_xml(run: Run) -> Iterator[Hit]:
    """Phone books and pages that a phone cannot read. Read with entities and document types refused."""
    for one in run.resources:
        if one.status == 200 and one.body.lstrip()[:1] == b"<" and one.purpose == "resource":
            if len(one.body) > aastra_xml.MAX_BYTES - 1:
                continue  # more than was fetched: the end is not there
            try:
                aastra_xml.read(one.body)
            except ValueError as error:
                yield Hit(
                    one.file, one.line, f"{shown(one.key)}: {shown(one.url)} is no XML a phone reads: {error}", one.key
                )


def _secrets(run: Run) -> Iterator[tuple[Served, list[str]]]:
    for served, source in zip(run.files, run.sources, strict=True):
        keys = holds_secret(source)
        if keys:
            yield served, keys


ROWS: Rows = (
    (
        About(
            "secret-without-authentication",
            "warning",
            "Secrets are served to anybody",
            "Ask for a password or a client certificate; a MAC is no secret, it can be guessed.",
            "kapejod 2013, freeswitch.org 2013: accounts stolen by guessing MACs over open HTTP",
        ),
        open_secret,
    ),
    (
        About(
            "secret-in-the-clear",
            "warning",
            "Secrets travel unencrypted",
            "Serve by https, with a certificate that phones trust.",
            "kapejod 2013; vendors' security guides",
        ),
        clear_secret,
    ),
    (
        About(
            "redirected-to-http",
            "warning",
            "From https to http",
            "Keep redirects on https.",
            "decided: what follows can be read by anybody",
        ),
        downgrade,
    ),
    (
        About(
            "certificate",
            "warning",
            "A certificate that phones do not trust",
            "Phones trust public authorities. For a private one say --ca-file here and import it into the phones; "
            "--insecure takes any.",
            "Yealink guides on static.security.trust_certificates; Mitel guides on https validate certificates",
        ),
        certificate,
    ),
    (
        About(
            "other-server",
            "warning",
            "Something is at another server",
            "Say --follow to let the phone go there.",
            "decided: a server must not make this program ask others",
        ),
        elsewhere,
    ),
    (
        About(
            "slow-answer",
            "warning",
            "A slow answer",
            "Phones give up after some seconds and ask again, which makes it worse.",
            "Yealink's attempt_expired_time; its default of 5 s is unverified",
        ),
        slow,
    ),
    (
        About(
            "resource-missing",
            "warning",
            "A file that the configuration names is not there",
            "Put it there, or take the key out.",
            "decided: the phone does without it, and says nothing",
        ),
        resource,
    ),
    (
        About(
            "resource-unreadable",
            "warning",
            "A phone book or page that phones cannot read",
            "Well-formed XML without document type and entities.",
            "decided: as phones' small parsers do",
        ),
        unreadable_xml,
    ),
)
