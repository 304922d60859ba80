"""Every error that people meet by its code, read out of the code that raises it.

An error is raised with a code, a sentence on what happened and mostly one on what to do. Whatever calls something with
these in a row, a class or a function that makes one, is an entry. What a sentence fills in is not known here: "…".
"""

import ast
import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[2] / "src/mailroll"
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+", re.ASCII)
"""Of two words or more: one alone may be the name of a field."""
_NO_ERRORS: Final = {"Attribute", "Measure", "Need", "Permission", "FieldProblem", "_wrong"}
"""What has a name and a sentence, and is none."""
_SENTENCE: Final = re.compile(r"[A-Z“…].* .*[.!?…]”?", re.DOTALL)

_HEAD = """# Error codes

Made from the code by `make docs`. Every error, and every other thing that Mailroll has to say of a run, an address or a
connection, has a code that never changes; with `--json` it is the member `code`. Here is what each says happened, and
what to do. Where a sentence fills something in, such as a name, it stands here as “…”.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is said under a code; one code may be said of several."""

    code: str
    message: str
    help: str


def page() -> str:
    told: dict[str, dict[tuple[str, str], None]] = {}
    for entry in sorted(entries(), key=lambda one: (one.code, one.message, one.help)):
        told.setdefault(entry.code, {})[entry.message, entry.help] = None
    return _HEAD + "".join(_section(code, list(said)) for code, said in sorted(told.items()))


def _section(code: str, said: list[tuple[str, str]]) -> str:
    lines = [f"\n## `{code}` {{ #{code} }}\n"]
    for message, way_out in said:
        lines.append(f"\n{_plain(message)}{f'{chr(10)}{chr(10)}*What to do:* {_plain(way_out)}' if way_out else ''}\n")
    return "".join(lines)


def entries(source: Path = SOURCE) -> Iterator[Entry]:
    """Read every module; names of texts are looked up among all that modules name."""
    with _no_garbage():
        trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(source.rglob("*.py"))}
    shared = _texts(list(trees.values()))
    for path, tree in trees.items():
        if "migrations" in path.parts or "simulator" in path.parts:
            continue
        known = {**shared, **_texts([tree])}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _entries_of(node, known)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Have the collector not go through a million nodes again and again, of which none is to go."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _entries_of(call: ast.Call, known: Mapping[str, str]) -> Iterator[Entry]:
    if getattr(call.func, "id", getattr(call.func, "attr", "")) in _NO_ERRORS:
        return
    given = [_text(argument, known) for argument in call.args]
    named = {keyword.arg: _text(keyword.value, known) for keyword in call.keywords}
    for place, (code, message) in enumerate(pairwise(given)):
        if code is not None and message is not None and _CODE.fullmatch(code) and _SENTENCE.fullmatch(message):
            way_out = given[place + 2] if place + 2 < len(given) else named.get("help")
            yield Entry(code, message, way_out if way_out and _SENTENCE.fullmatch(way_out) else "")
            return


def _text(node: ast.expr, known: Mapping[str, str]) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return re.sub("…+", "…", "".join(_text(part, known) or "…" for part in parts))
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name) if name in known:
            return known[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            sides = _text(left, known), _text(right, known)
            return None if None in sides else "".join(map(str, sides))
        case _:
            return None


def _texts(trees: list[ast.Module]) -> dict[str, str]:
    """Return what modules name by upper-case constants; a name that stands for two texts stands for neither."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in tree.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    text = _text(value, {})
                    if text is not None:
                        found.setdefault(name, set()).add(text)
    return {name: texts.pop() for name, texts in found.items() if len(texts) == 1}


def _plain(text: str) -> str:
    """Have nothing of it be taken for markup."""
    filled = re.sub(r"\{\w*\}", "…", " ".join(text.split()))
    return re.sub(r"([\\*_`<>\[\]#|])", r"\\\1", filled)
