"""The image and the composition: what can be told, and done, without a container engine.

Its steps run for real, in a folder in place of the image's root. That the image starts, and what
Compose makes of its file, no test here has seen; docs/how-to/install.md says so.
"""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailroll.cli.app import COMMANDS
from mailroll.cli.branches import Branch
from mailroll.settings import Settings
from tests.gateways_real.servers import processes
from tests.ports import reserved_port

ROOT = Path(__file__).parents[2]
Step = tuple[str, str]


def instructions() -> list[list[Step]]:
    """The instructions of each stage: the word, and the rest with its lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    stages: list[list[Step]] = []
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        if word:
            stages[-1].append((word, rest.strip()))
    return stages


BUILD, IMAGE = instructions()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_hadolint_has_nothing_to_say() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint has no wheel for this machine")
    words = [linter, "--no-color", str(ROOT / "Containerfile")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_runs_as_a_number_that_is_not_root_and_says_how_it_is() -> None:
    told = dict(IMAGE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", told["USER"])
    assert told["USER"].partition(":")[0] in told["RUN"]
    assert "CMD" in told["HEALTHCHECK"]
    assert not any(word == "ADD" for stage in (BUILD, IMAGE) for word, _ in stage)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_closed_off_and_watched(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    # The Console's is the one of the image; those of the others would ask for what they do not serve.
    assert ("healthcheck" in service) is (name != "web")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert name == "database" or "user" not in service
    assert service.get("user", "") != "root"


def test_what_the_composition_names_is_there() -> None:
    settings = {*Settings.variables()}
    for name, service in COMPOSE["services"].items():
        for place in service["volumes"]:
            source = place.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file()
        if name == "database":
            continue
        assert set(service["environment"]) <= settings
        commands: Any = COMMANDS
        for word in service["command"]:
            commands = commands[word].commands if isinstance(commands[word], Branch) else None
            if commands is None:
                break
        assert commands is None


def test_nothing_of_the_checkout_gets_into_the_image_but_what_is_copied() -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*"
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {source for stage in (BUILD, IMAGE) for _, source, _ in _copies(stage)}
    assert copied == let_in - {"Containerfile"}
    assert (ROOT / ".dockerignore").readlink() == Path(".containerignore")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the building stage makes, in a folder: its steps, with other places and without the bytecode.

    The step that gets the installer is that of `make setup`, which made this environment.
    """
    root = tmp_path_factory.mktemp("image")
    checkout = root / "checkout"
    for step, source, target in _copies(BUILD):
        assert step == "COPY"
        _copy(ROOT / source, checkout / target, into=target.endswith("/"))
    places = {"/opt/mailroll": f"{root}/opt/mailroll", "/builder": f"{root}/builder", "/wheels": f"{root}/wheels"}
    commands = [rest for word, rest in BUILD if word == "RUN" and "requirements/uv.txt" not in rest]
    assert len(commands) == 2
    for command in commands:
        here = command.replace("--compile-bytecode", "").replace("/tools/bin/uv", f"{sys.executable} -m uv --quiet")
        for place, instead in places.items():
            here = here.replace(place, instead)
        environment = {**os.environ, "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
        environment.pop("VIRTUAL_ENV", None)
        done = subprocess.run(  # noqa: S602 - our own file
            here, shell=True, cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return root / "opt/mailroll"


@pytest.fixture
def working(image: Path, database_url: str, tmp_path: Path) -> Iterator[int]:
    """The command of the image, as it starts by itself, but for loopback alone; gives its port."""
    told, port = dict(IMAGE), reserved_port()
    words = [image / "bin" / json.loads(told["ENTRYPOINT"])[0], *json.loads(told["CMD"]), "--port", str(port)]
    words[words.index("0.0.0.0")] = "127.0.0.1"  # noqa: S104
    environment = {"PATH": f"{image}/bin:/usr/bin:/bin", "DATABASE_URL": database_url, "HOME": "/nonexistent"}
    environment["MAILROLL_DATA_DIR"] = str(tmp_path / "data")
    with processes.running(words, environment, tmp_path / "log", lambda: processes.listens(port)):
        yield port


def test_what_is_built_serves_and_the_check_of_its_health_sees_it(image: Path, working: int) -> None:
    assert [*image.glob("lib/python*/site-packages/mailroll/console/help_pages/index.html")]
    told = dict(IMAGE)["HEALTHCHECK"]
    program, script, page = json.loads(told.partition("CMD ")[2])
    words = [str(image / "bin" / program), str(ROOT / "container" / Path(script).name)]

    def healthy(place: str) -> bool:
        return subprocess.run([*words, place], check=False).returncode == 0  # noqa: S603

    here = page.replace(":8000", f":{working}")
    assert healthy(here)
    assert healthy(f"tcp://127.0.0.1:{working}")
    assert not healthy(here.replace("/readyz", "/no/such/page"))
    nobody = reserved_port()
    assert not healthy(f"tcp://127.0.0.1:{nobody}")
    assert not healthy(f"http://127.0.0.1:{nobody}/readyz")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("useradd"), reason="accounts are made by root, with shadow")
def test_the_account_of_the_image_can_be_made_and_owns_one_folder(tmp_path: Path) -> None:
    """The step of the image itself, with a folder in place of its root."""
    (command,) = [rest for word, rest in IMAGE if word == "RUN"]
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group", "shadow", "gshadow"):
        (tmp_path / "etc" / name).touch()
    shutil.copy("/etc/login.defs", tmp_path / "etc")
    (tmp_path / "var/lib").mkdir(parents=True)
    here = command.replace("add --", f"add --prefix {tmp_path} --")
    here = here.replace("0700 /var", f"0700 {tmp_path}/var")
    done = subprocess.run(here, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - our own file
    assert (done.returncode, done.stderr) == (0, "")
    told = (tmp_path / "etc/passwd").read_text().strip()
    assert told == "mailroll:x:10001:10001::/var/lib/mailroll:/usr/sbin/nologin"
    (folder,) = (tmp_path / "var/lib").iterdir()
    found = folder.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (10001, 10001, 0o700)


def _copies(stage: list[Step]) -> Iterator[tuple[str, str, str]]:
    """What is copied from the checkout: the word, each source, and the target."""
    for word, rest in stage:
        if word == "COPY" and not rest.startswith("--from="):
            *sources, target = shlex.split(rest)
            for source in sources:
                yield word, source, target


def _copy(source: Path, target: Path, *, into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        return
    place = target / source.name if into else target
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, place)
