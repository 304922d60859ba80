"""The page that follows one address through the product names no file that the address does not pass."""

from contextlib import suppress
from types import FrameType

from mailroll.gateway.copy import ServerClock
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.follower import follow
from mailroll.gateway.socketmap import Maps, netstring
from tests.followed import followed, named
from tests.gateway.copies import filled
from tests.sync.world import DOMAIN, Customer

SECOND = f"ann.second@{DOMAIN}"


def test_an_added_address_passes_every_file_of_its_page(customer: Customer) -> None:
    files, passed = named("one-address.md"), set[str]()

    def look(file: str, frame: FrameType, value: object) -> None:
        if file in passed or file not in files:
            return
        # What is only being made cannot be shown yet.
        with suppress(AttributeError):
            if any(SECOND in repr(each) for each in (*frame.f_locals.values(), value)):
                passed.add(file)

    customer.sync()
    roll = filled()
    ann = customer.tenant.user(f"p3@{DOMAIN}")
    customer.tenant.change_user(ann, proxyAddresses=[*ann.proxy_addresses, f"smtp:{SECOND}"])
    with followed(look):
        customer.sync()
        follow(roll)
        maps = Maps(roll, AskedTally(), ServerClock())
        assert maps.at_once(netstring(f"recipients {SECOND}")) == netstring("OK OK")
        # With a tag it is the rule itself that is asked, and not what stands for it where most mail is for.
        assert maps.reply(f"recipients {SECOND.replace('@', '+x@')}".encode()) == netstring("OK OK")
    assert len(files) > 20
    assert files == passed
