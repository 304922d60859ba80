"""Every error that people meet by its code, read out of the code that raises it.

An error is raised with a code, a sentence on what happened and mostly one on what to do. Whatever calls something with
these in a row, a class or a function that makes one, is an entry. What a sentence fills in is not known here: "…".
Of the errors themselves it is enough that the code is known.
"""

import ast
import gc
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
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
    shared, makers = texts_of(list(trees.values())), makers_of(trees.values())
    for path, tree in trees.items():
        if "migrations" in path.parts or "simulator" in path.parts:
            continue
        for call, known in calls(tree, {**shared, **texts_of([tree])}):
            yield from _entries_of(call, known, makers)
        yield from _members(tree)


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


def _members(tree: ast.Module) -> Iterator[Entry]:
    """Read what stands in enumerations, a member a code: findings of runs."""
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef) and "StrEnum" in map(name_of, made.bases):
            for line in made.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
                    code, *rest = (_text(one, {}) for one in line.value.elts)
                    sentence = next((text for text in rest if text and " " in text), None)
                    if code is not None and code.isidentifier() and sentence is not None:
                        yield Entry(code, sentence, "")


def calls(node: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[ast.Call, Mapping[str, str]]]:
    """Yield every call below a node, with the texts that are named where it stands."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, known
        inner = known
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = {**known, **_texts_among(ast.walk(child))}
        yield from calls(child, inner)


def makers_of(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Return the names of errors that are made with a code in front, and of the functions that return one so made."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    family = {"MailrollError", "EmbeddedError", "SealingError"}
    while new := {one.name for one in classes if one.name not in family and family & set(map(name_of, one.bases))}:
        family |= new
    others = {one.name for one in classes if one.name in family and not _begins_with_code(one)}
    makers = {
        one.name
        for one in nodes
        if isinstance(one, ast.FunctionDef) and name_of(one.returns) in family and _takes_code(one.args.args[:1])
    }
    return frozenset(family - others | makers | {"complain", "Wording"})


def _begins_with_code(made: ast.ClassDef) -> bool:
    inits = [one for one in made.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    return all(_takes_code(one.args.args[1:2]) for one in inits)


def _takes_code(arguments: Sequence[ast.arg]) -> bool:
    return [one.arg for one in arguments] == ["code"]


def name_of(node: ast.AST | None) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _entries_of(call: ast.Call, known: Mapping[str, str], makers: Container[str]) -> Iterator[Entry]:
    if name_of(call.func) in _NO_ERRORS:
        return
    given = [_text(argument, known) for argument in call.args]
    named = {keyword.arg: _text(keyword.value, known) for keyword in call.keywords}
    for place, (code, message) in enumerate(pairwise(given)):
        if code is not None and message is not None and _CODE.fullmatch(code) and _SENTENCE.fullmatch(message):
            way_out = given[place + 2] if place + 2 < len(given) else named.get("help")
            yield Entry(code, message, way_out if way_out and _SENTENCE.fullmatch(way_out) else "")
            return
    if given and given[0] is not None and name_of(call.func) in makers:
        code, message, way_out = (*given, named.get("help"), None, None)[:3]
        yield Entry(str(code), message or "…", way_out or "")


def code_of(call: ast.Call, known: Mapping[str, str]) -> str | None:
    """Return the code that an error is made with; None where a caller gives it, or an error that is passed on."""
    first = call.args[0]
    is_given = isinstance(first, ast.Name) and first.id not in known
    return None if is_given or isinstance(first, ast.Attribute) else _text(first, known)


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


def texts_of(trees: list[ast.Module]) -> dict[str, str]:
    """Return what modules name by upper-case constants; a name that stands for two texts stands for neither."""
    return _texts_among(node for tree in trees for node in tree.body)


def _texts_among(nodes: Iterable[ast.AST]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for node in nodes:
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
