"""The pin: links of an answer may lead to the connection's own Graph and nowhere else."""

import re
from typing import Final

from yarl import URL

from mailroll.reconcile.errors import Broken

LINK_MAX: Final = 16_384
"""Characters. Graph's links exceed 2,000; a request line of more than this is no server's."""

# What RFC 3986 lets a path and a query hold, without the characters that parsers disagree on (\, #, @ in the path).
_PATH: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:%/-]+", re.ASCII)
_QUERY: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/?{}|^\[\]\"-]*", re.ASCII)
_DISGUISED: Final = re.compile(r"%(?:2e|2f|5c|25|00|0a|0d)", re.IGNORECASE | re.ASCII)


class Pin:
    """Checks by the text of the link, before any parser has a say: parsers differ, and that is how they are fooled."""

    def __init__(self, graph: str) -> None:
        self._root = f"{graph}/v1.0/"
        self._origin = URL(graph)

    def own(self, path: str) -> URL:
        """Return the URL of a path of ours below the version."""
        return URL(f"{self._root}{path}", encoded=True)

    def inside(self, path: str) -> str:
        """Return a path of ours as a batch names it; raises `Broken` for what would lead anywhere else."""
        self.checked(f"{self._root}{path}")
        return f"/{path}"

    def checked(self, link: str) -> URL:
        """Return a link of the answer as the URL to send, untouched; raises `Broken` where it leads elsewhere."""
        path, _, query = link.removeprefix(self._root).partition("?")
        if (
            len(link) > LINK_MAX
            or not link.startswith(self._root)
            or not _PATH.fullmatch(path)
            or not _QUERY.fullmatch(query)
            or _DISGUISED.search(path)
            or {"", ".", ".."} & set(path.split("/"))
        ):
            raise _elsewhere()
        url = URL(link, encoded=True)
        if url.origin() != self._origin.origin() or url.user is not None:  # a second opinion
            raise _elsewhere()
        return url


def _elsewhere() -> Broken:
    return Broken(
        "link_to_other_host",
        "An answer of Microsoft Graph named a next page that is not on the Graph host of this connection.",
        "Nothing was sent there. If this comes again, look for a proxy that changes answers.",
    )
