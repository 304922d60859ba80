"""Postfix asks gateway.access and gateway.lookup as the recipes say, and a sender sees what they answer."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailroll.directory.models import Serving
from mailroll.gateway import demand, ways
from mailroll.gateway.recipes import render
from mailroll.gateway.verify import QuestionKind, VerifyQuestion, verify
from mailroll.gateway.ways import Effect
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateway.roles import administrator
from tests.gateways_real.conftest import Database
from tests.gateways_real.servers import postfix
from tests.gateways_real.servers.postfix import Postfix
from tests.gateways_real.servers.smtp import said


def prepared(recipe: str, root: Path, folder: Path, database: Database, *more: str) -> AbstractContextManager[Postfix]:
    """A Postfix with exactly the blocks of a recipe, and more lines in its main.cf where a test says so."""
    main, *others = render(recipe, replace(database.place, configuration=str(folder)))
    made = postfix.configure(
        root, folder, "\n".join([main.text, *more, ""]), {block.name: block.text for block in others}
    )
    return postfix.started(made)


@pytest.fixture(scope="session")
def lasting(root: Path, lasting_folder: Path, lasting_database: Database) -> Iterator[Postfix]:
    """A Postfix for every test that breaks nothing of it."""
    with prepared("postfix-pgsql", root, lasting_folder, lasting_database) as running:
        yield running


def old(shelf: Shelf) -> None:
    shelf.set(read_at=datetime.now(UTC) - timedelta(days=4))


# What everybody is answered while all is well; texts and codes are the contract with gateways.
REPLIES = {
    f"bob@{NAME}": "250 2.1.5",
    f"BOB@{NAME.upper()}": "250 2.1.5",
    f"bob@{ALIAS}": "250 2.1.5",
    f"robert@{NAME}": "250 2.1.5",
    f"bob+news@{NAME}": "250 2.1.5",
    f"postmaster@{NAME}": "250 2.1.5",
    f"leaving@{NAME}": "250 2.1.5",
    f"left@{NAME}": "450 4.2.1",
    f"joiner@{NAME}": "450 4.2.1",
    f"gone@{NAME}": "550 5.1.1",
    f"nobody@{NAME}": "550 5.1.1",
    f"o'neil@{NAME}": "550 5.1.1",
    f"bob@mail.{NAME}": "454 4.7.1",
    "bob@elsewhere.example": "454 4.7.1",
}


def test_access_answers_each_kind_of_recipient(lasting: Postfix, roll: Shelf) -> None:
    assert said(lasting.port, *REPLIES) == REPLIES


def test_a_question_of_postfix_is_noted(lasting: Postfix, roll: Shelf) -> None:
    with administrator() as database:
        database.execute("DELETE FROM gateway.noted")
    assert demand.last_asked(roll.domain) == ()
    said(lasting.port, f"bob@{NAME}")
    assert [one.kind for one in demand.last_asked(roll.domain)] == ["pgsql"]


def test_postmap_answers_as_a_sender_is_answered(
    lasting: Postfix, roll: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**lasting.environment, "PATH": f"{lasting.root}/usr/sbin:/usr/bin:/bin"}.items():
        monkeypatch.setenv(name, value)
    access = ways.Postmap(f"pgsql:{lasting.folder}/mailroll-access.cf")
    questions = [
        VerifyQuestion(QuestionKind.KNOWN, f"bob@{NAME}", Effect.ACCEPTED),
        VerifyQuestion(QuestionKind.TAG, f"bob+news@{NAME}", Effect.ACCEPTED),
        VerifyQuestion(QuestionKind.RETIRED, f"gone@{NAME}", Effect.REFUSED),
        VerifyQuestion(QuestionKind.UNKNOWN, f"left@{NAME}", Effect.LATER),
    ]
    assert [one.reply.effect for one in verify([access], questions)] == [one.expected for one in questions]
    domains = ways.Postmap(f"pgsql:{lasting.folder}/mailroll-domains.cf")
    assert (domains.ask(NAME).words, domains.ask("elsewhere.example").effect) == ("OK", Effect.REFUSED)
    assert ways.Postmap(f"pgsql:{lasting.folder}/missing.cf").ask(NAME).effect is Effect.NO_ANSWER


def test_names_in_their_own_letters_are_found_though_postfix_sends_them_doubly_encoded(
    lasting: Postfix, roll: Shelf
) -> None:
    wanted = {f"bob@{SHOWN}": "250 2.1.5", f"nobody@{SHOWN}": "550 5.1.1", f"bób@{SHOWN}": "550 5.1.1"}
    assert said(lasting.port, *wanted) == wanted
    # What really arrives: the key comes back as it was sent, in twice the bytes of its letters.
    table = lasting.folder / "echo.cf"
    domains = (lasting.folder / "mailroll-domains.cf").read_text()
    table.write_text(f"{domains.partition('query')[0]}query = SELECT octet_length('%s')\n")
    assert lasting.ask(f"pgsql:{table}", SHOWN).stdout == f"{len(SHOWN.encode()) + 2}\n"


def test_postfix_folds_letters_beyond_ascii_before_it_asks(lasting: Postfix, roll: Shelf) -> None:
    """So what has a capital of them is unknown, and the roll keeps it all the same: see decision 34."""
    roll.has(f"zoë@{NAME}")
    roll.has(f"mÜller@{NAME}")
    wanted = {f"zoë@{NAME}": "250 2.1.5", f"ZOË@{NAME}": "250 2.1.5", f"mÜller@{NAME}": "550 5.1.1"}
    assert said(lasting.port, *wanted) == wanted


def test_the_tag_is_not_taken_off_where_the_domain_has_none(lasting: Postfix, roll: Shelf) -> None:
    roll.set(plus_tags=False)
    wanted = {f"bob+news@{NAME}": "550 5.1.1", f"bob@{NAME}": "250 2.1.5"}
    assert said(lasting.port, *wanted) == wanted


def test_a_recipient_delimiter_changes_nothing_for_access_but_takes_tags_off_for_lookup(
    root: Path, folder: Path, database: Database, roll: Shelf
) -> None:
    roll.set(plus_tags=False)
    for recipe, code in (("postfix-pgsql", "550 5.1.1"), ("postfix-pgsql-lookup", "250 2.1.5")):
        place = folder / recipe
        place.mkdir()
        with prepared(recipe, root, place, database, "recipient_delimiter = +") as running:
            assert said(running.port, f"bob+news@{NAME}") == {f"bob+news@{NAME}": code}


def test_a_stale_domain_refuses_nobody(lasting: Postfix, roll: Shelf) -> None:
    old(roll)
    wanted = {f"bob@{NAME}": "250 2.1.5", f"nobody@{NAME}": "451 4.3.0", f"gone@{NAME}": "451 4.3.0"}
    assert said(lasting.port, *wanted) == wanted
    # No outsider can take the map away by asking for such an address.
    assert said(lasting.port, *wanted) == wanted


def test_an_empty_roll_refuses_nobody(lasting: Postfix, roll: Shelf) -> None:
    roll.clear()
    wanted = {f"bob@{NAME}": "451 4.3.0", f"postmaster@{NAME}": "250 2.1.5"}
    assert said(lasting.port, *wanted) == wanted


@pytest.mark.parametrize("serving", [Serving.WATCH, Serving.PASS])
def test_a_domain_that_is_watched_or_passed_through_takes_all(lasting: Postfix, roll: Shelf, serving: Serving) -> None:
    roll.set(serving=serving)
    assert said(lasting.port, f"nobody@{NAME}") == {f"nobody@{NAME}": "250 2.1.5"}


def test_odd_recipients_leave_the_map_as_it_is(lasting: Postfix, roll: Shelf) -> None:
    odd = (
        f'"bob smith"@{NAME}',
        f"a\\b@{NAME}",
        f"a%b_c@{NAME}",
        f"x'; DROP TABLE y; --@{NAME}",
        f"{'x' * 2000}@{NAME}",
    )
    assert all(code[0] in "45" for code in said(lasting.port, *odd).values())
    assert said(lasting.port, f"bob@{NAME}") == {f"bob@{NAME}": "250 2.1.5"}


def test_a_database_that_is_down_refuses_nobody(root: Path, folder: Path, database: Database, roll: Shelf) -> None:
    with prepared("postfix-pgsql", root, folder, database) as running:
        assert said(running.port, f"nobody@{NAME}") == {f"nobody@{NAME}": "550 5.1.1"}
        database.line.cut()
        wanted = {f"bob@{NAME}": "451 4.3.0", f"nobody@{NAME}": "451 4.3.0", "bob@elsewhere.example": "451 4.3.0"}
        assert said(running.port, *wanted) == wanted


def test_a_role_that_lost_its_rights_refuses_nobody(root: Path, folder: Path, database: Database, roll: Shelf) -> None:
    stranger = replace(database, place=replace(database.place, database_role="nobody_at_all"))
    with prepared("postfix-pgsql", root, folder, stranger) as running:
        assert said(running.port, f"nobody@{NAME}") == {f"nobody@{NAME}": "451 4.3.0"}


def test_lookup_says_yes_and_no(root: Path, folder: Path, database: Database, roll: Shelf) -> None:
    wanted = {
        **{address: code for address, code in REPLIES.items() if not code.startswith("450")},
        f"bob@{SHOWN}": "250 2.1.5",
        f"nobody@{SHOWN}": "550 5.1.1",
    }
    with prepared("postfix-pgsql-lookup", root, folder, database) as running:
        assert said(running.port, *wanted) == wanted
        recipients = f"pgsql:{folder}/mailroll-recipients.cf"
        assert running.ask(recipients, f"bob@{NAME}").stdout == "OK\n"
        # Postfix's own question after an address that has no row.
        assert running.ask(recipients, f"@{NAME}").returncode == 1


def test_one_raise_of_lookup_takes_the_map_away_for_every_recipient(
    root: Path, folder: Path, database: Database, roll: Shelf
) -> None:
    """Why gateway.access is the recipe: whoever may send mail here could bring this about at any time."""
    with prepared("postfix-pgsql-lookup", root, folder, database) as running:
        assert said(running.port, f"bob@{NAME}") == {f"bob@{NAME}": "250 2.1.5"}
        both = {f"left@{NAME}": "451 4.3.0", f"bob@{NAME}": "451 4.3.0"}
        assert said(running.port, *both) == both
