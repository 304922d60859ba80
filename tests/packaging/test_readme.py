"""What the README points to is there, and what it tells people to type exists."""

import re
import struct
from pathlib import Path

from mailroll.cli.app import COMMANDS
from mailroll.cli.branches import Leaf

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = 200_000
"""Bytes: everybody who clones the repository carries every version of it."""


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_every_command_exists() -> None:
    for line in re.findall(r"^mailroll ([a-z ]+[a-z0-9]*)", README, re.MULTILINE):
        commands = COMMANDS
        for word in line.split():
            assert word in commands, line
            command = commands[word]
            if isinstance(command, Leaf):
                break
            commands = command.commands


def test_the_picture_is_one_and_small() -> None:
    content = (ROOT / "docs/console.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", content[16:24]) == (1200, 760)
    assert len(content) < SMALL
