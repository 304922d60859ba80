"""Answers every question as Microsoft Graph does where nothing changed: a page of a delta round with nobody in it.

It reads no more of a request than where it ends, and what it is about. The simulator keeps permissions, tokens and
changes of tenants; here the one who asks is measured, so whoever answers has to be faster.
"""

import asyncio
import ssl
import sys
from typing import Final

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
_PAGE: Final = (
    b'{"@odata.context":"https://%(host)s/v1.0/$metadata#users","@odata.deltaLink":'
    b'"https://%(host)s/v1.0/%(what)s/delta?$deltatoken=%(token)s","value":[]}'
)
_TOKEN: Final = b"x" * 300
"""About as long as Microsoft's."""


class Graph(asyncio.Protocol):
    """One connection."""

    answers: Final[dict[bytes, bytes]] = {}
    host = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.rest = b""
        if isinstance(transport, asyncio.Transport):
            self.write = transport.write

    def data_received(self, data: bytes) -> None:
        *requests, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for request in requests:
            path = request[: request.find(b"\r\n")].split(b" ")[1]
            what = path.removeprefix(b"/v1.0/").partition(b"?")[0].partition(b"/")[0]
            if what not in self.answers:
                page = _PAGE % {b"host": self.host, b"what": what, b"token": _TOKEN}
                self.answers[what] = _HEAD % (len(page), page)
            self.write(self.answers[what])


async def main() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server = await asyncio.get_running_loop().create_server(Graph, "127.0.0.1", 0, ssl=context, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    Graph.host = f"127.0.0.1:{port}".encode()
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
