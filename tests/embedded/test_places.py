"""The address of an embedded server is known before the server is."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from mailroll import embedded
from mailroll.embedded.places import places


def test_computing_an_address_touches_nothing(tmp_path: Path) -> None:
    embedded.dsn(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["/srv/mailroll", "/srv/my data/100%", "/srv/käse?x=1&y#z", "/srv/$(id)"])
def test_libpq_reads_back_from_the_url_what_the_address_says(folder: str) -> None:
    address = embedded.address(Path(folder))
    assert conninfo_to_dict(embedded.dsn(Path(folder))) == {
        "host": address.host,
        "port": str(address.port),
        "user": address.user,
        "dbname": address.dbname,
    }


def test_a_short_path_keeps_its_socket_in_the_closed_cluster() -> None:
    assert embedded.address(Path("/srv/mailroll")).host == "/srv/mailroll/postgresql"


def test_no_socket_path_is_longer_than_the_kernel_takes() -> None:
    lengths = {len(bytes(places(Path("/srv") / ("x" * length)).socket)) for length in range(1, 200)}
    assert max(lengths) <= 103


def test_two_long_paths_have_two_sockets() -> None:
    one, other = (embedded.address(Path("/srv") / (letter * 150)).host for letter in "ab")
    assert one != other
