"""The page that follows one address through the product names no file that the address does not pass."""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from mailroll.gateway.copy import ServerClock
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.follower import follow
from mailroll.gateway.socketmap import Maps, netstring
from tests.gateway.copies import filled
from tests.sync.world import DOMAIN, Customer

ROOT = Path(__file__).parents[2]
SOURCES = f"{ROOT / 'src' / 'mailroll'}/"
PAGE = (ROOT / "docs" / "explanation" / "one-address.md").read_text(encoding="utf-8")
SECOND = f"ann.second@{DOMAIN}"


@contextmanager
def in_hand(text: str, files: set[str]) -> Iterator[set[str]]:
    """Collect those of the files in which a function of them is called with a text, or comes by it."""
    found = set[str]()

    def look(frame: FrameType, event: str, value: object) -> None:
        file = frame.f_code.co_filename.removeprefix(SOURCES)
        if file in found or file not in files or event not in {"call", "return"}:
            return
        # What is only being made cannot be shown yet.
        with suppress(AttributeError):
            if any(text in repr(each) for each in (*frame.f_locals.values(), value)):
                found.add(file)

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_an_added_address_passes_every_file_of_its_page(customer: Customer) -> None:
    customer.sync()
    roll = filled()
    ann = customer.tenant.user(f"p3@{DOMAIN}")
    customer.tenant.change_user(ann, proxyAddresses=[*ann.proxy_addresses, f"smtp:{SECOND}"])
    files = {file for file in re.findall(r"`([a-z0-9_/]+\.py)`", PAGE) if (ROOT / "src" / "mailroll" / file).exists()}
    with in_hand(SECOND, files) as passed:
        customer.sync()
        follow(roll)
        maps = Maps(roll, AskedTally(), ServerClock())
        assert maps.at_once(netstring(f"recipients {SECOND}")) == netstring("OK OK")
        # With a tag it is the rule itself that is asked, and not what stands for it where most mail is for.
        assert maps.reply(f"recipients {SECOND.replace('@', '+x@')}".encode()) == netstring("OK OK")
    assert len(files) > 20
    assert files == passed
