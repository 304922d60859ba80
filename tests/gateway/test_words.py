"""Python and the database use the same words."""

from django.db import connection

from mailroll.gateway.answers import Answer
from mailroll.gateway.words import ACCESS
from tests.gateway.conftest import Shelf


def test_the_words_are_those_of_the_function(shelf: Shelf) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = 'gateway.access(text)'::regprocedure")
        (source,) = cursor.fetchone()
    said = {answer: f"WHEN '{answer}' THEN '{words}'" in source for answer, words in ACCESS.items()}
    assert said == dict.fromkeys(Answer, True)
