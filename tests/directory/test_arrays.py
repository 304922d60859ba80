"""What is written for arrays and for COPY comes out of PostgreSQL as it was."""

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from mailroll.directory import arrays

_texts = st.text().map(lambda text: text.encode(errors="ignore").decode().replace("\0", ""))


@pytest.mark.django_db
def test_texts_of_any_kind_are_copied_as_they_are() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copied (place int, of text[], one text, yes boolean, key uuid) ON COMMIT DROP"
        )

        @given(st.lists(_texts), _texts | st.none(), st.booleans(), st.uuids())
        def comes_back(of: list[str], one: str | None, yes: bool, key: UUID) -> None:
            cursor.execute("TRUNCATE copied")
            row = arrays.row((1, arrays.texts(of), one, yes, key))
            assert row == "\t".join(map(arrays.field, (1, arrays.texts(of), one, yes, key)))
            with cursor.copy("COPY copied FROM STDIN") as copy:
                copy.write(f"{row}\n")
            cursor.execute("SELECT * FROM copied")
            assert cursor.fetchall() == [(1, of, one, yes, key)]

        comes_back()
