"""`GET <mac>.cfg` over HTTP, as a site boots: 1,000 phones' files in random order, each with its digest and read to the
end, while somebody renames a user every 100 ms and must see the new name in the next answer. Against a bare aiohttp
handler that returns as many bytes, under the same load. Bar: half of its rate.
"""

from __future__ import annotations

import subprocess
from http.client import HTTPConnection

import msgspec

from benchmarks.load import NEW, Ask, Job, Round
from benchmarks.measure import Effort, Figure, at_least, figure
from benchmarks.processes import HOST, ended, started
from benchmarks.serving import TOKEN, Desk, Listening
from benchmarks.worlds import ACCOUNT
from device_emulator.wire.digest import Challenge, authorization, choose

SERVING, LOAD = "benchmarks.serving", "benchmarks.load"


def measure(effort: Effort) -> list[Figure]:
    """Two servers on one core, the load on the other."""
    with started(["-m", SERVING, "pbxsim", str(effort.macs)]) as product:
        ours = _listening(product)
        challenge, size = _first(ours)
        with started(["-m", SERVING, "bare", str(size)]) as bare:
            ports = (_listening(bare).port, ours.port)
            files = [_ask(desk, challenge) for desk in ours.desks]
            plain = [Ask(ask.get) for ask in files]
            pairs = _load(Job(ports, (plain, files), effort.processes, effort.seconds, effort.renames))
    for _, round_ in pairs:
        assert round_.renamed, "nobody was renamed"
    busy = max(round_.busy for pair in pairs for round_ in pair)
    note = f"{size:,} bytes a file; the load generator was at most {busy:.0%} busy"
    return [
        figure("GET <mac>.cfg / bare aiohttp", "×", at_least(0.5), [our.rate / its.rate for its, our in pairs], note),
        figure("GET <mac>.cfg", "/s", None, [our.rate for _, our in pairs]),
        figure("bare aiohttp", "/s", None, [its.rate for its, _ in pairs]),
    ]


def _listening(process: subprocess.Popen[str]) -> Listening:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ended(process)
    return msgspec.json.decode(line, type=Listening)


def _first(server: Listening) -> tuple[Challenge, int]:
    """The server's challenge, which is good for all phones and for some minutes, and the length of a file."""
    desk = server.desks[0]
    connection = HTTPConnection(HOST, server.port)
    connection.request("GET", desk.path)
    response = connection.getresponse()
    response.read()
    challenge = choose(tuple(response.headers.get_all("WWW-Authenticate", ())))
    assert challenge is not None
    connection.request("GET", desk.path, headers={"Authorization": _authorization(desk, challenge)})
    body = connection.getresponse().read()
    connection.close()
    assert desk.name.encode() in body, body
    return challenge, len(body)


def _authorization(desk: Desk, challenge: Challenge) -> str:
    return authorization(challenge, desk.username, desk.password, "GET", desk.path, 1)


def _ask(desk: Desk, challenge: Challenge) -> Ask:
    agent = f"Yealink SIP-T46S 66.86.0.15 {desk.username}"
    get = (
        f"GET {desk.path} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n"
        f"Authorization: {_authorization(desk, challenge)}\r\n\r\n"
    )
    body = f'{{"last_name": "{NEW.decode()}"}}'
    rename = (
        f"PATCH /api/v1/accounts/{ACCOUNT}/users/{desk.extension} HTTP/1.1\r\nHost: {HOST}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    return Ask(get.encode(), desk.name.encode(), rename.encode())


def _load(job: Job) -> list[tuple[Round, Round]]:
    with started(["-m", LOAD]) as process:
        out, errors = process.communicate(msgspec.json.encode(job).decode())
        if process.returncode:
            raise RuntimeError(f"the load failed: {errors}")
    return msgspec.json.decode(out, type=list[tuple[Round, Round]])
