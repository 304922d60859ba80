"""Rows that are packed come back as they were added, by pile and in the order of ids."""

import pytest

from mailroll.reconcile import piles
from mailroll.reconcile.piles import WIDTH, Piles

Row = tuple[str, str, bytes]


@pytest.mark.parametrize("most", [0, 1, 1_000_000])
@pytest.mark.parametrize("count", [0, 63, 64, 150])
def test_rows_come_back_as_they_were(count: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "_PLAIN_MAX", most)
    labels = ("b" * WIDTH, "a" * WIDTH, "a" * 5)
    rows: list[tuple[str, Row]] = [
        (label, (f"{number * 7919 % 1000:03}", f"text {number}", number.to_bytes(2, "big")))
        for number in range(count)
        for label in labels
    ]
    packed = Piles(2)
    packed.extend(rows)
    assert sorted(packed.rows()) == sorted(rows)
    assert [*packed.in_order()] == sorted(rows, key=lambda row: row[0] + row[1][0])
    assert sorted(packed.marks()) == sorted(row[-1] for _, row in rows)
    columns = [[*zip(*several, strict=True)] for several in packed.columns()]
    assert sorted(row for several in columns for row in several) == sorted(row[:-1] for _, row in rows)
