"""Reads the forms of the list back as their readers do, each by rules of its own."""

import csv
import json
from base64 import b64decode
from collections.abc import Mapping
from io import StringIO

Files = Mapping[str, str]
"""The text of each file by its name."""


def accepted(form: str, files: Files) -> set[str]:
    """Return every address and `@domain` that a form takes."""
    return _READERS[form](files)


def _texthash(files: Files) -> set[str]:
    return {key for key, value in _words(files["recipients"]) if value == "OK"}


def _words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


def _exim(files: Files) -> set[str]:
    keys = set()
    for line in files["recipients"].split("\n")[:-1]:
        assert not line.startswith("#")
        key = line[1:].partition('"')[0] if line.startswith('"') else line.partition(":")[0]
        assert " " not in key
        keys.add(key.removeprefix("*"))
    return keys


def _rspamd(files: Files) -> set[str]:
    keys = _rspamd_keys(files["recipients.map"])
    names = {f"@{key}" for key in keys if "@" not in key}
    listed = _rspamd_keys(files["domains.map"])
    assert not {f"@{name}" for name in listed} & names
    return {key for key in keys if "@" in key} | names


def _rspamd_keys(text: str) -> set[str]:
    keys = set()
    for line in text.split("\n")[:-1]:
        assert not line.startswith("/")
        key = line[1:].partition('"')[0] if line.startswith('"') else line.partition("#")[0]
        assert len(key.split(" ")) == 1
        keys.add(key)
    return keys


def entries(ldif: str) -> list[dict[str, list[str]]]:
    """Return the entries of an LDIF file; attributes by their names, the entry's own name as `dn`."""
    found = []
    for block in ldif.removesuffix("\n\n").split("\n\n"):
        entry: dict[str, list[str]] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            text = b64decode(value[2:]).decode() if value.startswith(":") else value.removeprefix(" ")
            entry.setdefault(name, []).append(text)
        found.append(entry)
    return found


def _ldif(files: Files) -> set[str]:
    values = [value for entry in entries(files["recipients.ldif"]) for value in entry.get("proxyAddresses", ())]
    assert all(value[:5].lower() == "smtp:" for value in values)
    return {value[5:] for value in values}


def _csv(files: Files) -> set[str]:
    return {row["address"] for row in csv.DictReader(StringIO(files["recipients.csv"], newline=""))}


def _json_lines(files: Files) -> set[str]:
    return {json.loads(line)["address"] for line in files["recipients.jsonl"].splitlines()}


_READERS = {
    "texthash": _texthash,
    "exim": _exim,
    "rspamd": _rspamd,
    "ldif": _ldif,
    "csv": _csv,
    "jsonl": _json_lines,
}
