"""Hostile values for every route, parameter and field of the Console."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

import mailroll.console

_SOURCES = Path(mailroll.console.__file__).parent
_ASKED = re.compile(r"""(?:GET|POST|FILES)(?:\.get|\.getlist|\[)?\(?\[?["']([\w-]+)["']""")
_NAMED = re.compile(r"""\bname=["']([\w.-]+)["']""")
_FIELD = re.compile(r"^    (\w+) = forms\.", re.MULTILINE)

VALUES = (
    *("", "-1", "0", "1", "999999999999999999999", "9" * 5000, "1e999", "nan", "\u0662", "true", "on", "[]", "{}"),
    *("\0", "a\0b", "\x1b", "\r\nSet-Cookie: a=b", "\u202e", "\ufeff", "\u200b=1", "\ud7ff", "\U0010ffff", "a" * 9000),
    *("'", '"', "<script>", "%", "%00", "%ud800", "\\", "../../etc/passwd", "//evil.example", "https://evil.example"),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-02-30", "2026-11-29", "0000-00-00", "24:60"),
    *("a.example", "x" * 300 + ".example", "xn--a.example", "@", "a@b", "a@kestrel.example", "\u00e4@kestrel.example"),
    *("00000000-0000-0000-0000-000000000000", "not-a-uuid", "administrator", "save", "import", "rule:0", "remove:99"),
    *('{"all": [{"field": "\\ud800", "is": "x"}]}', '{"all": "\\u0000"}', "[" * 2000, '"' * 50, "null"),
)


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Yield every address that has a name, with the whole of it."""
    yield from _leaves(get_resolver().url_patterns, "")


def names() -> tuple[str, ...]:
    """Return what pages ask for, by their code: parameters, and fields of forms."""
    found: set[str] = set()
    for file in sorted(_SOURCES.rglob("*.py")):
        text = file.read_text()
        found.update(_ASKED.findall(text), _FIELD.findall(text))
    for file in sorted(_SOURCES.rglob("*.html")):
        found.update(_NAMED.findall(file.read_text()))
    return tuple(sorted(found - {"csrfmiddlewaretoken", "viewport", "color-scheme"}))


def value(chance: random.Random, known: tuple[str, ...]) -> str:
    if known and chance.random() < 0.3:
        return chance.choice(known)
    if chance.random() < 0.1:
        return "".join(chr(chance.choice((*range(32), *range(0x7F, 0x110), 0x2028, 0xFFFF))) for _ in range(8))
    return chance.choice(VALUES)


def arguments(route: URLPattern, chance: random.Random, known: dict[str, list[object]]) -> dict[str, object]:
    """Fill a route in: mostly with what exists, so that its page is reached, else with what does not."""
    filled: dict[str, object] = {}
    for name, converter in route.pattern.converters.items():
        kind = type(converter).__name__
        if known.get(name) and chance.random() < 0.8:
            filled[name] = chance.choice(known[name])
        elif kind == "UUIDConverter":
            filled[name] = uuid4()
        elif kind == "IntConverter":
            filled[name] = chance.choice((0, 1, 2**31, 2**63, 10**30))
        else:
            filled[name] = chance.choice(("x", "a\0b", "\u202e", "x" * 2000, "9" * 400, "..", "\n", "kestrel.example"))
    return filled


def fields(chance: random.Random, every: tuple[str, ...], known: tuple[str, ...]) -> dict[str, object]:
    chosen = chance.sample(every, chance.randint(0, min(12, len(every))))
    filled: dict[str, object] = {name: value(chance, known) for name in chosen}
    if chance.random() < 0.2:
        content = chance.choice((b"", b"\0\xff\xfe", b"address\n=1\n", b'{"all": ["\\ud800"]}', b"a,b\n" * 50))
        filled["file"] = SimpleUploadedFile("a.csv", content)
    return filled


def _leaves(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _leaves(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}", one
