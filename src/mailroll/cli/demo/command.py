"""The `demo` command: one parent that starts everything, waits, and stops it in order."""

import fcntl
import importlib.util
import shutil
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import typer

from mailroll import embedded
from mailroll.cli.complaints import complain
from mailroll.cli.demo import console, gateway, tour
from mailroll.cli.demo.guidance import Guidance
from mailroll.cli.demo.scene import Scene, command, environment, say, surroundings
from mailroll.cli.output import Exit
from mailroll.cli.processes import Guardian

FOLDER = Path(".demo")
_MARK = ".made-by-mailroll-demo"


def demo(
    folder: Annotated[Path, typer.Option(help="Where its database lives; emptied at the start.")] = FOLDER,
    port: Annotated[int, typer.Option(help="Where the Console listens; 0 takes any free port.", min=0, max=65535)] = 0,
    only_tour: Annotated[bool, typer.Option("--tour", help="All of the command line, no Console.")] = False,
    browse: Annotated[bool, typer.Option(help="Open the Console in a browser.")] = False,
) -> None:
    """Connect a simulated Microsoft 365 from the command line, then open the Console on another tenant of it."""
    _require_simulator()
    # Here, and nowhere else outside the tests: an installation without the extra still has every command.
    from mailroll_simulator import Simulator, tenants  # noqa: PLC0415
    from mailroll_simulator.panel.desk import Panel  # noqa: PLC0415

    data = folder.absolute()
    mark = _empty(data)
    place = console.ConsolePlace(console.free_port(port))
    panel = Panel(Guidance(place.url))
    firm, haulier, other = tenants.small_firm(), tenants.haulier(), tenants.practice()
    guardian = Guardian(keep=[mark.fileno()], environment=surroundings(data))
    guardian.finally_run(command("database", "stop"))
    try:
        with Simulator(
            tenants=[firm, haulier, other], seed=1, panel=None if only_tour else panel
        ).in_thread() as simulator:
            scene = Scene(environment(data, simulator), guardian)
            tour.begin(scene, simulator, firm, data)
            if only_tour:
                tour.bad_days(scene, simulator, firm)
                return
            console.prepare(scene, simulator, haulier, data, place)
            password = console.add_operator(scene, data)
            with console.served(scene, place) as web, gateway.served(scene) as server:
                say("The Console is open.")
                print(
                    console.welcome(place, password, haulier, panel),
                    gateway.welcome(server, scene, haulier),
                    flush=True,
                )
                if browse:
                    webbrowser.open(place.url)
                console.wait(web)
    finally:
        embedded.stop(data)
        with guardian:
            guardian.dismiss()
        mark.close()
        print(f"\nThe demo is over, and nothing of it is left running. Its data: {folder}")


def _require_simulator() -> None:
    if importlib.util.find_spec("mailroll_simulator") is None:
        complain(
            "simulator_not_installed",
            "The demo's simulated Microsoft 365 is not installed.",
            "Install it with: pip install 'mailroll[demo]'.",
            as_json=False,
        )
        raise typer.Exit(Exit.FAILED)


def _empty(folder: Path) -> TextIO:
    """Empty a folder that an earlier demo made, and return its mark, locked as long as it is open.

    A folder that anybody else made is refused, and one whose demo still runs.
    """
    mark = folder / _MARK
    try:
        if folder.exists() and any(folder.iterdir()):
            if not mark.exists():
                _refuse(f"{folder} is not empty, and no demo made it. Name another with --folder.")
            with _locked(mark):
                embedded.stop(folder)
                shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return _locked(mark)
    except OSError as error:
        _refuse(f"{error.filename or folder} cannot be used ({error.strerror}). Name another folder with --folder.")


def _locked(mark: Path) -> TextIO:
    file = mark.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        _refuse(f"A demo runs in {mark.parent}. End it with Ctrl-C, or name another folder with --folder.")
    return file


def _refuse(sentence: str) -> NoReturn:
    print(f"mailroll: {sentence}", file=sys.stderr)
    raise typer.Exit(Exit.FAILED)
