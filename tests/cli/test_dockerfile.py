"""The Dockerfile, as far as it can be tried without Docker: it is parsed, its files are there, its lists of packages
fit, its wheel is built and installed as it says, and its command and health check run. What is not tried: the base
image, the download of packages, `useradd`, and the daemon's own part (volumes, ports, users).
"""

from __future__ import annotations

import ast
import fnmatch
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[list[tuple[str, str]]]:
    """The stages, each the (instruction, rest) of its lines."""
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in TEXT.splitlines() if not line.startswith("#")))
    found = [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]
    stages: list[list[tuple[str, str]]] = []
    for word, rest in found:
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, " ".join(rest.split())))
    return stages


def all_of(word: str, stage: int = -1) -> list[str]:
    return [rest for one, rest in instructions()[stage] if one == word]


def pinned(name: str) -> dict[str, str]:
    """The packages of a lock, and their versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
    return dict(re.findall(r"(?m)^([a-z0-9.-]+)==([^ ;]+)", text))


def test_it_is_slim_and_runs_without_rights() -> None:
    build, run = instructions()
    assert [rest for word, rest in (*build, *run) if word == "FROM"] == [
        "python:3.12-slim AS build",
        "python:3.12-slim",
    ], "a tag that means one Python; no registry"
    assert all_of("USER") == ["pbxsim"]
    words = [word for word, _ in run]
    assert words.index("USER") < words.index("ENTRYPOINT")
    (user,) = all_of("RUN")
    assert re.search(r"useradd --system --uid 10001 .*/nologin pbxsim", user)
    assert re.search(r"install -d -o pbxsim -g pbxsim -m 0700 /data", user)
    assert all_of("VOLUME") == ["/data"]
    assert all_of("STOPSIGNAL") == ["SIGTERM"]
    assert all_of("COPY") == ["--from=build /opt/pbxsim /opt/pbxsim"], "no tools, no source, no tests"
    assert not re.search(r"(?i)password|secret|api_key", TEXT)
    assert set(re.findall(r"\w+://[^/' ]+", TEXT)) == {"http://127.0.0.1:8080"}


def test_it_fits_the_pythons_that_pbxsim_runs_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (version,) = set(re.findall(r"python:(\d+\.\d+)-slim", TEXT))
    lower, upper = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()  # type: ignore[union-attr]
    assert int(lower) <= int(version.partition(".")[2]) < int(upper)


def test_what_it_copies_is_there_and_let_in() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [name for rest in all_of("COPY", 0) for name in rest.split()[:-1]]
    assert {"pbxsim", "provisioning", "device_emulator", "requirements-server.lock"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name, pattern) for pattern in let_in), f"{name} is kept out by .dockerignore"
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
        "packages"
    ]
    assert set(packages) <= set(copied)


def test_what_it_installs_is_pinned_as_everything_is_and_no_more_than_a_server_needs() -> None:
    server, whole = pinned("requirements-server.lock"), pinned("requirements.lock")
    assert server.items() <= whole.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.match(r"[a-z0-9-]+", one)[0] for one in project["dependencies"]}  # type: ignore[index]
    assert needed <= server.keys()
    assert not server.keys() & {"pytest", "mypy", "ruff", "hypothesis", "schemathesis"}
    installs = [part for rest in all_of("RUN", 0) for part in rest.split(" && ") if " install " in part]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel in it, built and installed by the Dockerfile's own commands, with this Python."""
    folder = tmp_path_factory.mktemp("image")
    source, wheels, venv = folder / "src", folder / "wheels", folder / "venv"
    source.mkdir()
    for rest in all_of("COPY", 0):
        *names, _ = rest.split()
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, source / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    runs = all_of("RUN", 0)
    (build,) = [one for one in runs if " pip wheel " in one]
    build = build.replace("/tools/bin/python", sys.executable).replace("/wheels", str(wheels))
    subprocess.run(["/bin/sh", "-c", f"{build} -q --disable-pip-version-check"], check=True, cwd=source)
    (install,) = [one for one in runs if "--no-index" in one]
    python = f"{sys.executable} -m pip --python {venv}/bin/python"
    install = install.replace("/opt/pbxsim/bin/python -m pip", python).replace("/wheels", str(wheels))
    subprocess.run(["/bin/sh", "-c", f"{install} -q --disable-pip-version-check"], check=True, cwd=folder)
    packages = next((venv / "lib").glob("python*")) / "site-packages"
    ours = next(Path(sys.prefix, "lib").glob("python*")) / "site-packages"
    (packages / "others.pth").write_text(f"{ours}\n")  # what `requirements-server.lock` would have put there
    return venv


def test_its_command_serves_and_its_health_check_agrees(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    data = tmp_path / "data"
    data.mkdir(mode=0o700)

    def filled(text: str) -> list[str]:
        words: list[str] = ast.literal_eval(text)
        return [
            word.replace("/data", str(data)).replace("8080", port).replace("0.0.0.0", "127.0.0.1") for word in words
        ]

    (command,), (check,) = all_of("ENTRYPOINT"), all_of("HEALTHCHECK")
    words = filled(command)
    words[0] = str(installed / "bin" / words[0])
    probe = filled(check.partition("CMD ")[2])
    probe[0] = sys.executable
    assert subprocess.run(probe, stderr=subprocess.DEVNULL).returncode != 0, "nobody serves yet"
    env = {"PATH": os.environ["PATH"], "HOME": str(data), "PYTHONUNBUFFERED": "1"}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [*words, "--public-url", "https://pbx.example.com"], stdout=subprocess.PIPE, stderr=log, text=True, env=env
        )
    assert server.stdout is not None
    try:
        said = "".join(iter(server.stdout.readline, "Stop with Ctrl-C.\n"))
        assert f"kept in {data}/world.sqlite3" in said
        assert subprocess.run(probe).returncode == 0
        assert stat.S_IMODE((data / "token").stat().st_mode) == 0o600
        assert (data / "token").read_text().strip() not in said
        where = subprocess.run(
            [str(installed / "bin" / "python"), "-c", "import pbxsim; print(pbxsim.__file__)"],
            capture_output=True,
            text=True,
            cwd=data,
        )
        assert where.stdout.startswith(str(installed)), "the wheel's, and not the source's"
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    logged = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert any(line.get("path") == "/healthz" and line["status"] == 200 for line in logged)


def test_the_commands_in_the_document_are_those_of_the_file() -> None:
    document = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(docker build .*?)```", document, re.DOTALL)
    (port,) = all_of("EXPOSE")
    for line in block.splitlines():
        if line.startswith("docker run"):
            assert f"-p 8080:{port} " in line
            assert "-v pbxsim:/data " in line
    assert "docker exec pbxsim cat /data/token" in block
    help_ = subprocess.run([sys.executable, "-m", "pbxsim", "serve", "--help"], capture_output=True, text=True).stdout
    (entry,) = all_of("ENTRYPOINT")
    options = re.findall(r"--(?:host|port|db|token-file|log-[a-z]+|public-url|allow-host)\b", entry + block)
    assert len(options) > 5
    assert all(option in help_ for option in options)
