"""What a browser complains of: every test of a page fails on a word of it."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError

_LOUD = {"error", "warning"}


@dataclass
class Complaints:
    """Console errors and warnings (a breach of the policy among them), script errors, and answers of 500."""

    heard: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Parts of complaints that a test provokes, such as the browser's own line about a 404."""

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in _LOUD:
            self._note(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _script(self, error: WebError) -> None:
        self._note(f"script: {error.error}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status} at {response.url}")

    def _note(self, words: str) -> None:
        if not any(part in words for part in self.expected):
            self.heard.append(words)


def broken_buttons(page: Page) -> list[str]:
    """The words of the buttons in sight that take two lines, though they are few: up to 16 signs."""
    words: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.button')].filter(button => button.checkVisibility()).filter(button => {
            const text = document.createRange()
            text.selectNodeContents(button)
            const lines = [...text.getClientRects()].filter(box => box.width > 1)
            return Math.max(...lines.map(box => box.top)) > Math.min(...lines.map(box => box.bottom))
        }).map(button => button.innerText).filter(words => words.length <= 16)"""
    )
    return words


def sideways(page: Page) -> int:
    """How many pixels the page itself can be scrolled sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
