"""`pbxsim phone` against a plain folder of files behind a server on this machine, with a boot file and without: whole
processes, bytecode cached. The phone boots twice and its files are checked, as always. Bar: a second more than
`pbxsim --version` takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure
from benchmarks.processes import HOST, answers, free_port, started

MAC = "805ec0112233"
HEAD = "#!version:1.0.0.1\n"
ACCOUNT = """\
account.1.enable = 1
account.1.label = Bob
account.1.user_name = 204
account.1.password = hush
account.1.sip_server.1.address = pbx.example
"""
SERVER = """\
import functools, http.server as h
class Quiet(h.SimpleHTTPRequestHandler):
    log_message = lambda *_: None
handler = functools.partial(Quiet, directory={0!r})
h.ThreadingHTTPServer(({1!r}, {2}), handler).serve_forever()
"""


def measure(effort: Effort) -> list[Figure]:
    """The pair before the first writes the bytecode."""
    found = []
    for name, boot in (("without boot files", ""), ("with boot files", f"{HEAD}include:config {MAC}.cfg\n")):
        with _folder(boot) as url:
            phone = ["phone", url, "--model", "yealink-t46s", "--mac", MAC]
            pairs = alternate(effort.processes, lambda: _process("--version"), lambda words=phone: _process(*words))  # type: ignore[misc]
        found.append(figure(f"pbxsim phone adds, {name}", "ms", at_most(1000), [ours - bare for bare, ours in pairs]))
    return [*found, figure("pbxsim --version", "ms", None, [bare for bare, _ in pairs])]


def _process(*words: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "pbxsim", *words], check=True, env=environment, stdout=subprocess.DEVNULL)
    return (perf_counter() - began) * 1e3


@contextmanager
def _folder(boot: str) -> Iterator[str]:
    """The address of a server that has a phone's file of some 150 lines, and a boot file if that has text."""
    with tempfile.TemporaryDirectory() as folder:
        keys = "".join(f"linekey.{number}.type = 0\nlinekey.{number}.label = key {number}\n" for number in range(1, 28))
        dial = "".join(f"dialnow.item.{number} = {number}xx\n" for number in range(1, 90))
        Path(folder, f"{MAC}.cfg").write_text(HEAD + ACCOUNT + keys + dial)
        if boot:
            Path(folder, f"{MAC}.boot").write_text(boot)
        port = free_port()
        with started(["-c", SERVER.format(folder, HOST, port)]) as server:
            answers(server, port, f"/{MAC}.cfg", 200)
            yield f"http://{HOST}:{port}/"
