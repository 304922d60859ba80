"""A folder of numbered generations of a list, of which `current` names one that is always whole.

A generation is written beside the others and flushed to the disk, and then `current`, a symbolic link, is swapped for
one to it by a single rename: readers find the old files or the new ones, whatever fails in between.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from mailroll.disk import flush_folder
from mailroll.reconcile.errors import Broken, Retry

CURRENT: Final = "current"
MANIFEST: Final = "manifest.json"
_TOLD: Final = ".told"
_KEPT: Final = 3
"""Generations that stay, the current one among them: to compare with, and to go back to by hand."""


class Disk:
    """What has to reach the disk in its order."""

    def flush(self, file: TextIO) -> None:
        file.flush()
        os.fsync(file.fileno())

    def flush_folder(self, folder: Path) -> None:
        flush_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. `asked` are the names that were asked for, None for all; `count` is one of addresses."""

    form: str
    generation: int
    made_at: str
    mark: str
    """Where the roll stood, as `departures` say it."""
    asked: list[str] | None
    count: int
    files: dict[str, dict[str, Any]]
    """SHA-256 and size in bytes of each file by its name."""
    domains: list[dict[str, Any]] = field(default_factory=list)


class Generations:
    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self._all = folder / "generations"
        self._disk = disk

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other exports out; what they left unfinished is cleared away."""
        try:
            self._all.mkdir(parents=True, exist_ok=True)
            file = (self.folder / ".lock").open("w", encoding="ascii")
        except OSError as failed:
            raise unwritable(self.folder, failed) from failed
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                message = f"Another export writes to {self.folder}."
                raise Retry("export_under_way", message, "Try again when it is done.", after=60) from busy
            for unfinished in self._all.glob(".new-*"):
                shutil.rmtree(unfinished, ignore_errors=True)
            yield

    def current(self) -> Manifest | None:
        """Return what the current generation is; None where there is none yet."""
        try:
            return _manifest(self.folder / CURRENT)
        except FileNotFoundError:
            if not (self.folder / CURRENT).is_symlink():
                return None
            raise self.unreadable() from None
        except (OSError, ValueError, TypeError) as broken:
            raise self.unreadable() from broken

    def announcement(self) -> str:
        """Return what `tell` kept; empty where it kept nothing."""
        file = self.folder / _TOLD
        return file.read_text(encoding="ascii") if file.exists() else ""

    def tell(self, files: str) -> None:
        """Keep of which files the readers have been told."""
        try:
            (self.folder / _TOLD).write_text(files, encoding="ascii")
        except OSError as failed:
            raise unwritable(self.folder, failed) from failed

    def next(self) -> int:
        numbers = [int(generation.name) for generation in self._all.iterdir() if generation.name.isdigit()]
        return max(numbers, default=0) + 1

    @contextmanager
    def beginning(self, number: int) -> Iterator[Path]:
        """Give a new folder to write a generation into; it is gone afterwards unless it was published."""
        new = self._all / f".new-{number:06}"
        new.mkdir()
        try:
            yield new
        finally:
            with suppress(OSError):
                shutil.rmtree(new)

    @contextmanager
    def file(self, new: Path, name: str) -> Iterator[TextIO]:
        with (new / name).open("w", encoding="utf-8", newline="") as file:
            yield file
            self._disk.flush(file)

    def publish(self, new: Path, manifest: Manifest) -> None:
        """Make a generation that was written the current one.

        1. Its manifest and its names reach the disk.
        2. It gets its number.
        3. `current` is swapped.
        4. Old generations go.
        """
        with self.file(new, MANIFEST) as file:
            json.dump(asdict(manifest), file, indent=2, sort_keys=True)
        self._disk.flush_folder(new)
        place = self._all / f"{manifest.generation:06}"
        self._disk.rename(new, place)
        self._disk.flush_folder(self._all)
        link = self.folder / f".{CURRENT}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(place.relative_to(self.folder), target_is_directory=True)
        self._disk.rename(link, self.folder / CURRENT)
        self._disk.flush_folder(self.folder)
        self._prune()

    def older(self) -> list[Path]:
        """Return the folders of the generations beside the current one, the oldest first."""
        current = (self.folder / CURRENT).resolve().name
        return sorted(place for place in self._all.iterdir() if place.name.isdigit() and place.name != current)

    def remove_older(self, unwanted: Callable[[Path, Manifest], bool]) -> None:
        """Remove those of them that are not wanted any more. What is no generation is left alone."""
        for place in self.older():
            try:
                manifest = _manifest(place)
            except (OSError, ValueError, TypeError):
                continue
            if unwanted(place, manifest):
                # By this name the next export clears it away, should this one end in the midst.
                shutil.rmtree(place.rename(self._all / f".new-{place.name}"))

    def _prune(self) -> None:
        for place in self.older()[: -(_KEPT - 1)]:
            shutil.rmtree(place, ignore_errors=True)

    def unreadable(self) -> Broken:
        return Broken(
            "generation_unreadable",
            f"What lies in {self.folder / CURRENT} is no generation of a list, or a spoilt one.",
            "Look at it, and export to another folder, or remove the link first.",
        )


def _manifest(place: Path) -> Manifest:
    return Manifest(**json.loads((place / MANIFEST).read_text(encoding="utf-8")))


def unwritable(folder: Path, failed: OSError) -> Broken:
    return Broken(
        "export_unwritable",
        f"The list cannot be written to {folder} ({failed.strerror}).",
        "What is there is whole. Look at the disk, and at the rights of that folder.",
    )
