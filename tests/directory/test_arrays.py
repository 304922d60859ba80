"""A list written as an array comes back as it was."""

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import arrays

_texts = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_texts, st.lists(st.uuids()))
def test_what_is_written_as_an_array_is_read_as_it_was(db: None, texts: list[str], uuids: list[UUID]) -> None:
    texts = [*texts, "", "NULL", "a,b", "{}", '"', "\\", "%s", " ", "o'neil"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::uuid[]", [arrays.texts(texts), arrays.uuids(uuids)])
        assert cursor.fetchone() == (texts, uuids)
