"""Tasks that are to end do, also where one cancellation is lost on the way."""

import asyncio

from mailroll.sync import shutdown


def test_a_task_ends_that_was_given_what_it_waits_for_in_the_moment_of_its_cancellation() -> None:
    async def end() -> tuple[int, bool]:
        given, taken = asyncio.Event(), 0

        async def take() -> None:
            nonlocal taken
            while True:
                await asyncio.wait_for(given.wait(), 3600)
                given.clear()
                taken += 1

        task = asyncio.create_task(take())
        for _ in range(2):  # it begins, and then waits
            await asyncio.sleep(0)
        given.set()
        await shutdown.cancel({task})
        return taken, task.cancelled()

    taken, ended = asyncio.run(end())
    assert ended
    # Python 3.11 lets it go on once, and that is what has to be heard.
    assert taken <= 1


def test_the_error_of_a_task_that_ended_before_is_left_to_who_asks_for_it() -> None:
    async def end() -> str:
        async def fail() -> None:
            raise ValueError("of old")

        task = asyncio.create_task(fail())
        await asyncio.wait({task})
        await shutdown.cancel({task})
        return str(task.exception())

    assert asyncio.run(end()) == "of old"
