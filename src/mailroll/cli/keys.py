"""Commands about the keys that seal stored secrets."""

from mailroll.cli.answering import Answer, acting, answers
from mailroll.connections import resealing


@answers
def rotate() -> Answer:
    """Seal every stored secret with the first key; after that, the others can be taken away."""
    done = resealing.reseal(acting())
    counts = {"connections": done.connections, "consent": done.consent, "second_factors": done.second_factors}
    total = sum(counts.values())
    return Answer(counts, f"{total} secrets are sealed with the first key. The others can be taken away.")
