"""What a sender sees: the reply to RCPT TO, by a real dialogue."""

import smtplib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    text: str

    @property
    def codes(self) -> str:
        """The code and, where there is one, the enhanced code, as `550 5.1.1`."""
        return f"{self.code} {self.text.split(' ', 1)[0]}" if self.text[:2] in {"2.", "4.", "5."} else str(self.code)


def replies(port: int, *addresses: str) -> dict[str, Reply]:
    """Offer each address in one session, with SMTPUTF8 where one is not ASCII; no message is sent."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="sender.example", timeout=60) as session:
        session.ehlo()
        options = [] if all(map(str.isascii, addresses)) else ["SMTPUTF8"]
        session.mail("someone@sender.example", options)
        said = {address: session.rcpt(address) for address in addresses}
        session.rset()
    return {address: Reply(code, text.decode("utf-8", "replace")) for address, (code, text) in said.items()}


def said(port: int, *addresses: str) -> dict[str, str]:
    """Return the code and enhanced code for each address."""
    return {address: reply.codes for address, reply in replies(port, *addresses).items()}
