"""What a directory said of one address when somebody asked, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mailroll.connectors.words import DIRECTORY, parted
from mailroll.directory.models import Domain
from mailroll.insight.why.sayings import Mark
from mailroll.reconcile.addresses import Address
from mailroll.sync.addresses import questions
from mailroll.sync.models import AddressQuestion

_TYPES: Final = {"user": "User", "group": "Group", "contact": "Contact"}


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: a headline, and what it means below."""

    mark: Mark
    headline: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """What came of a question. `at` is when it was asked, `waits` whether nobody answered yet."""

    at: datetime
    waits: bool
    found: bool
    said: tuple[Said, ...] = ()


def of_address(address: Address, domain: Domain, now: datetime) -> DirectoryAnswer | None:
    """Tell what the last question about an address brought; None where nobody asked lately."""
    question = questions.newest(address, domain, now)
    return None if question is None else tell(question)


def tell(question: AddressQuestion) -> DirectoryAnswer:
    if question.answered_at is None:
        return DirectoryAnswer(question.asked_at, waits=True, found=False)
    if question.error is not None:
        failed = Said(Mark.FAILED, parted(question.error["message"])[0], question.error["help"])
        return DirectoryAnswer(question.asked_at, waits=False, found=False, said=(failed,))
    answer = question.answer or {}
    objects = [_object(directory_object) for directory_object in answer["objects"]]
    has = any(directory_object["has"] is not False for directory_object in answer["objects"])
    said = objects or [Said(Mark.FAILED, f"{DIRECTORY} does not have this address")]
    for name in answer["unread"]:
        said.append(Said(Mark.ATTENTION, f"No {name} was asked for", f"The permission to read each {name} is missing."))
    said += [Said(Mark.ATTENTION, "One of the connections did not answer", message) for message in answer["failed"]]
    return DirectoryAnswer(question.asked_at, waits=False, found=has, said=tuple(said))


def _object(directory_object: dict[str, object]) -> Said:
    key = str(directory_object["id"]).partition(":")[2]
    description = (
        f"{_TYPES[str(directory_object['type'])]} {directory_object['name'] or key}, object {key[:4]}…{key[-4:]},"
    )
    if directory_object["has"] is False:
        return Said(Mark.ATTENTION, f"{description} is there without this address", str(directory_object["why"]))
    match directory_object["taken"]:
        case True:
            return Said(Mark.OK, f"{description} has it", "The next run takes it into the list, or keeps it there.")
        case False:
            return Said(Mark.FAILED, f"{description} has it, and a run leaves it out", str(directory_object["why"]))
        case _:
            return Said(
                Mark.ATTENTION,
                f"{description} has it; whether a run takes it cannot be told",
                str(directory_object["why"]),
            )
