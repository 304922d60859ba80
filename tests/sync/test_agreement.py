"""Readings that run side by side conclude the same, whatever each of them says, and nobody waits for ever."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.base import Connector, RecordPage
from mailroll.connectors.delta import ChangeRound, DeltaCursor
from mailroll.reconcile.errors import Broken, MailrollError, Retry
from mailroll.reconcile.model import ExternalId, ObjectType, Record, RollUser
from mailroll.reconcile.touched import Extent
from mailroll.sync.readings.agreement import Agreement, Step
from mailroll.sync.readings.amendment import Inquest
from mailroll.sync.readings.survey import SurveyResult
from mailroll.sync.sources.gist import combined

# What a party does at a step: says a word, or that it has none, or ends before.
ENDS = "ends"
ACTS = st.sampled_from(["a", "b", None, ENDS])


@given(st.lists(st.tuples(*[ACTS] * len(Step)), min_size=1, max_size=4))
def test_all_conclude_the_same_and_only_where_each_said_a_word(acts: list[tuple[str | None, ...]]) -> None:
    said = {UUID(int=number): words for number, words in enumerate(acts)}
    agreement = Agreement(said)

    async def party(key: UUID) -> list[str | None]:
        concluded = []
        try:
            for step, word in zip(Step, said[key], strict=True):
                if word == ENDS:
                    break
                concluded.append(await agreement.reach(step, key, word))
        finally:
            await agreement.leave(key)
        return concluded

    async def together() -> list[list[str | None]]:
        return await asyncio.gather(*map(party, said))

    concluded = asyncio.run(together())
    for place in range(len(Step)):
        reached = {each[place] for each in concluded if len(each) > place}
        words = {key: words[place] for key, words in said.items() if ENDS not in words[: place + 1]}
        assert reached <= {combined(words) if words.keys() == said.keys() else None}


@dataclass
class Part:
    """One connection, of which nothing is new."""

    number: int
    tenant: str = ""
    new: frozenset[ExternalId] = frozenset()
    records: dict[ExternalId, Record] = field(default_factory=dict)
    fault: MailrollError | None = None

    async def tell(self, keys: Collection[ExternalId], users: Iterable[RollUser]) -> bool:
        raise AssertionError


@given(st.lists(st.sampled_from([True, None, ENDS]), min_size=1, max_size=4), st.none() | st.integers(0, 3))
def test_a_survey_is_made_once_of_the_parts_of_all_and_its_fault_is_raised_where_it_arose(
    acts: list[bool | str | None], faulty: int | None
) -> None:
    """As for what is skimmed and asked by id: either all of them go by it, or nobody does."""
    agreement, made = Agreement(map(_key, range(len(acts)))), []
    result = SurveyResult(Extent(frozenset(), ()), {})

    async def survey(parts: Mapping[UUID, Part]) -> SurveyResult | None:
        made.append(parts.keys())
        await asyncio.sleep(0)
        for part in parts.values():
            if part.number == faulty:
                part.fault = Broken("broken", "It broke.", "")
                return None
        return result

    async def party(number: int, act: bool | str | None) -> SurveyResult | str | None:
        try:
            if act == ENDS:
                return ENDS
            part = None if act is None else Part(number)
            return await agreement.compare(Step.COMPARED, _key(number), part, survey)
        except Broken as error:
            return error.code
        finally:
            await agreement.leave(_key(number))

    async def together() -> list[SurveyResult | str | None]:
        return await asyncio.gather(*(party(number, act) for number, act in enumerate(acts)))

    everybody = all(act is True for act in acts)
    blamed = faulty if everybody and faulty is not None and faulty < len(acts) else None
    outcome = result if everybody and blamed is None else None
    expected = [ENDS if act == ENDS else "broken" if number == blamed else outcome for number, act in enumerate(acts)]
    assert asyncio.run(together()) == expected
    assert made == ([{_key(number) for number in range(len(acts))}] if everybody else [])


class Busy:
    """A directory that is asked for more of an object, and says that it is busy."""

    @property
    def delta(self) -> "Busy":
        return self

    def merged(self, _cursor: DeltaCursor, _raw: bytes | None, entry: bytes) -> bytes:
        return entry

    async def decoded(self, _type: ObjectType, _objects: Iterable[bytes]) -> RecordPage:
        raise Retry("throttled", "It is busy.", after=60)


def test_what_goes_wrong_while_answers_are_looked_at_is_the_fault_of_whose_answers_they_are() -> None:
    told, user = ExternalId("a:b"), ObjectType.USER
    cursor = DeltaCursor(user, "", "")
    changes = ChangeRound(cursor, {told: (b"{}",)}, frozenset(), frozenset())
    part = Inquest(cast("Connector", Busy()), "a", frozenset({user}), frozenset(), frozenset())
    assert part.take([changes], filtered=False)
    part.raws[told] = b"{}"
    assert asyncio.run(part.holds(())) is False
    assert part.fault is not None
    assert part.fault.code == "throttled"


def _key(number: int) -> UUID:
    return UUID(int=number)
