"""A server of maps over HTTP that notes who asked, and can go away."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(slots=True)
class Maps:
    """What is served by path, and the requests so far: method, path and `Authorization`."""

    pages: Mapping[str, str]
    url: str = ""
    requests: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[Maps]:
    """Serve pages until the block ends."""
    maps = Maps(pages)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            maps.requests.append((self.command, self.path, self.headers.get("Authorization", "")))
            body = maps.pages.get(self.path)
            content = (body or "").encode()
            self.send_response(404 if body is None else 200)
            self.send_header("ETag", f'"{hash(content)}"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        maps.url = f"127.0.0.1:{server.server_port}"
        try:
            yield maps
        finally:
            server.shutdown()
            thread.join()
