"""Places: never more inside than there are, in the order of coming, and nobody has all of them."""

import asyncio

from mailroll.console.server.places import RequestPlaces


def test_who_waits_longest_comes_next() -> None:
    async def play() -> list[str]:
        places, came = RequestPlaces(1, queue_length=9, patience=60), []

        async def visit(name: str) -> None:
            assert await places.enter(name)
            came.append(name)

        await visit("a")
        others = [asyncio.create_task(visit(name)) for name in "bcd"]
        for name in "abc":
            await asyncio.sleep(0)
            places.leave(name)
        await asyncio.gather(*others)
        return came

    assert asyncio.run(play()) == ["a", "b", "c", "d"]


def test_the_queue_is_short_and_patience_ends() -> None:
    async def play() -> list[bool]:
        places = RequestPlaces(1, queue_length=2, patience=0.0)
        assert await places.enter("a")
        return list(await asyncio.gather(*(places.enter(name) for name in "bcd")))

    assert asyncio.run(play()) == [False, False, False]


def test_nobody_has_more_than_half_of_it() -> None:
    async def play() -> tuple[int, bool]:
        places = RequestPlaces(4, queue_length=4, patience=60)
        taken = [await places.enter("greedy") for _ in range(6)]
        return sum(taken), await asyncio.wait_for(_free(places), 60)

    async def _free(places: RequestPlaces) -> bool:
        places.leave("greedy")
        return await places.enter("modest")

    assert asyncio.run(play()) == (4, True)


def test_whoever_is_called_off_leaves_no_gap() -> None:
    async def play() -> bool:
        places = RequestPlaces(1, queue_length=4, patience=60)
        assert await places.enter("a")
        gone = asyncio.create_task(places.enter("b"))
        stays = asyncio.create_task(places.enter("c"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        places.leave("a")
        assert await stays
        places.leave("c")
        return await places.enter("d")

    assert asyncio.run(play())
