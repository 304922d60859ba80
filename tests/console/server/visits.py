"""Asks an application as a server hands requests on, and stands for the Console behind whatever is in front of it."""

from typing import Final

from mailroll.console.server.asgi import Application, Message, Receive, Scope, Send, answer

BEHIND: Final = 418
"""The status that the Console answers with here, as nothing else does."""


async def console(_: Scope, __: Receive, send: Send) -> None:
    await answer(send, BEHIND, b"the Console", {})


async def visit(
    application: Application, path: str, method: str = "GET", *, peer: str = "127.0.0.1", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body. In the names of headers that are given `_` stands for a hyphen."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    place, _, query = path.partition("?")
    given = [(name.lower().replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": "http", "client": (peer, 1), "method": method, "headers": given}
    await application({**scope, "path": place, "query_string": query.encode()}, receive, send)
    return told[0]["status"], {name.decode(): value.decode() for name, value in told[0]["headers"]}, told[1]["body"]
