"""The floor of a socketmap server in Python: takes netstrings apart, and says OK to each."""

import asyncio
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.write = transport.write

    def data_received(self, data: bytes) -> None:
        length, _, rest = data.partition(b":")
        while rest:
            rest = rest[int(length) + 1 :]
            self.write(b"5:OK OK,")
            length, _, rest = rest.partition(b":")


async def main() -> None:
    server = await asyncio.get_running_loop().create_unix_server(Echo, sys.argv[1])
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
