"""Readings that run side by side conclude the same, whatever each of them says, and nobody waits for ever."""

import asyncio
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mailroll.sync.agreement import Agreement, Step
from mailroll.sync.gist import combined

# What a party does at a step: says a word, or that it has none, or ends before.
ENDS = "ends"
ACTS = st.sampled_from(["a", "b", None, ENDS])


@given(st.lists(st.tuples(ACTS, ACTS), min_size=1, max_size=4))
def test_all_conclude_the_same_and_only_where_each_said_a_word(acts: list[tuple[str | None, str | None]]) -> None:
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
