"""Tests beside each other: each runs once, and who takes long begins."""

from hypothesis import given
from hypothesis import strategies as st

from tests.order import LONG, dealt

_PATHS = st.sampled_from([*(f"{begin}test_it.py" for begin in LONG if begin.endswith("/")), "tests/x.py", "tests/y.py"])


@given(st.lists(_PATHS), st.integers(1, 4))
def test_each_is_there_once_and_those_of_a_long_module_follow_each_other(paths: list[str], workers: int) -> None:
    ordered = dealt(list(enumerate(paths)), workers)
    assert sorted(ordered) == list(range(len(paths)))
    for path in {path for path in paths if path.startswith(LONG)}:
        places = [place for place, test in enumerate(ordered) if paths[test] == path]
        assert places == list(range(places[0], places[-1] + 1))


def test_each_stretch_begins_with_its_share_of_the_long_ones() -> None:
    short, long = [(f"short {number}", "tests/x.py") for number in range(7)], ("tests/bench/", "tests/backup/")
    ordered = dealt([*short, *((path, path) for path in long)], 2)
    assert ordered == ["tests/bench/", *(f"short {number}" for number in range(3)), "tests/backup/"] + [
        f"short {number}" for number in range(3, 7)
    ]
