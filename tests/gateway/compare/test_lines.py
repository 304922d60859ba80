"""Each kind of log tells who got mail and on which day; what is odd is counted and never fatal."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.gateway.compare import exchange, exim, postfix
from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine

TODAY = date(2026, 3, 2)
CALENDAR = Calendar(TODAY)

Read = Callable[[bytes, Calendar], Delivery | SkippedLine]
BOB = "bob@a.example"
IDS = "postfix/smtp[812]: 4C1D2E: "
SENT = "relay=a.mail.protection.outlook.com[192.0.2.1]:25, delay=1, dsn=2.6.0, status=sent (250 2.6.0 Queued)"

POSTFIX = [
    (f"Mar  1 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2026, 3, 1))),
    (f"Nov 12 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2025, 11, 12))),
    (f"Mar  3 00:10:01 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2026, 3, 3))),
    (f"Feb 29 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2024, 2, 29))),
    (f"2026-02-27T09:00:01.123456+01:00 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2026, 2, 27))),
    (f"<22>Mar  1 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", Delivery(BOB, date(2026, 3, 1))),
    (f"Mar  1 09:00:01 mx {IDS}to=<x@b.example>, orig_to=<bob@a.example>, {SENT}", Delivery(BOB, date(2026, 3, 1))),
    (f'Mar  1 09:00:01 mx {IDS}to=<"a > b"@a.example>, {SENT}', Delivery('"a > b"@a.example', date(2026, 3, 1))),
    (f"Mar  1 09:00:01 mx {IDS}to=<büro@bücher.example>, {SENT}", Delivery("büro@bücher.example", date(2026, 3, 1))),
    (f"Mar  1 09:00:01 mx {IDS}to=<bob@a.example>, {SENT.replace('status=sent', 'status=bounced')}", SkippedLine.OTHER),
    (
        f"Mar  1 09:00:01 mx {IDS}to=<bob@a.example>, relay=127.0.0.1[127.0.0.1]:10024, status=sent",
        SkippedLine.INTERNAL,
    ),
    ("Mar  1 09:00:01 mx postfix/smtpd[9]: connect from unknown[192.0.2.7]", SkippedLine.OTHER),
    (f"Xyz  1 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", SkippedLine.UNREADABLE),
    (f"Feb 31 09:00:01 mx {IDS}to=<bob@a.example>, {SENT}", SkippedLine.UNREADABLE),
    (f"yesterday mx {IDS}to=<bob@a.example>, {SENT}", SkippedLine.UNREADABLE),
]

EXIM = [
    (
        "2026-02-27 09:00:01 1vAbCd-000Efg-2H => bob@a.example R=relay T=smtp H=x [192.0.2.1]",
        Delivery(BOB, date(2026, 2, 27)),
    ),
    (
        "2026-02-27 09:00:01.123 +0100 [77] 1vAbCd-00000004Efg-2HIj -> bob@a.example R=relay T=smtp",
        Delivery(BOB, date(2026, 2, 27)),
    ),
    (
        '2026-02-27 09:00:01 1vAbCd-000Efg-2H => x <bob@a.example> R=user T=local C="<y@z.example> ok"',
        Delivery(BOB, date(2026, 2, 27)),
    ),
    (
        "2026-02-27 09:00:01 1vAbCd-000Efg-2H => |/bin/x y (x@a.example) <bob@a.example> R=al T=pipe",
        Delivery(BOB, date(2026, 2, 27)),
    ),
    (
        "2026-02-27 09:00:01 1vAbCd-000Efg-2H => bob@a.example P=<s@z.example> R=relay T=smtp",
        Delivery(BOB, date(2026, 2, 27)),
    ),
    (
        "Feb 27 09:00:01 mx exim[7]: 2026-02-27 09:00:01 1vAbCd-000Efg-2H >> bob@a.example R=relay",
        Delivery(BOB, date(2026, 2, 27)),
    ),
    ("2026-02-27 09:00:01 1vAbCd-000Efg-2H <= s@z.example H=x P=esmtp S=9 for bob@a.example", SkippedLine.OTHER),
    ("2026-02-27 09:00:01 1vAbCd-000Efg-2H ** bob@a.example R=relay T=smtp: 550 no", SkippedLine.OTHER),
    ("2026-02-27 09:00:01 1vAbCd-000Efg-2H == bob@a.example R=relay T=smtp defer (111)", SkippedLine.OTHER),
    ("2026-02-31 09:00:01 1vAbCd-000Efg-2H => bob@a.example R=relay T=smtp", SkippedLine.UNREADABLE),
]

REPORT = """\
origin_timestamp_utc,sender_address,recipient_status,message_subject
2026-02-27T09:00:01Z,s@z,"bob@a.example##Receive, Deliver;x@a.example##Receive, Fail","a, ""b""
c"
"""

EXCHANGE = [
    ('"Received","SenderAddress","RecipientAddress","Status"\n2026-02-27T09:00:01,s@z,bob@a.example,Delivered', BOB),
    ('"Received","SenderAddress","RecipientAddress","Status"\n2/27/2026 9:00:01 AM,s@z,bob@a.example,Expanded', BOB),
    ("Received;SenderAddress;RecipientAddress;Status\n27.02.2026 09:00;s@z;bob@a.example;Delivered", BOB),
    ("Received\tRecipientAddress\tStatus\n27/02/2026 09:00\tbob@a.example\tFilteredAsSpam", BOB),
    ("#TYPE Selected.Thing\nReceived,RecipientAddress\n2026-02-27,bob@a.example", BOB),
    (REPORT, BOB),
    ("Received,RecipientAddress,Status\n2026-02-27,bob@a.example,Failed", SkippedLine.OTHER),
    ("Received,RecipientAddress,Status\nsoon,bob@a.example,Delivered", SkippedLine.UNREADABLE),
    ("Received,RecipientAddress,Status\n2026-02-27", SkippedLine.UNREADABLE),
]


@pytest.mark.parametrize(("line", "told"), POSTFIX)
def test_postfix_tells_who_got_mail(line: str, told: Delivery | SkippedLine) -> None:
    assert postfix.delivery(line.encode() + b"\n", CALENDAR) == told


@pytest.mark.parametrize(("line", "told"), EXIM)
def test_exim_tells_who_got_mail(line: str, told: Delivery | SkippedLine) -> None:
    assert exim.delivery(line.encode() + b"\n", CALENDAR) == told


@pytest.mark.parametrize(("text", "told"), EXCHANGE)
def test_a_message_trace_tells_who_got_mail(text: str, told: str | SkippedLine) -> None:
    first, *_ = exchange.deliveries(text.splitlines(keepends=True), CALENDAR)
    assert first == (told if isinstance(told, SkippedLine) else Delivery(told, date(2026, 2, 27)))


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [(2, 27, date(2026, 2, 27)), (27, 2, date(2026, 2, 27)), (3, 2, date(2026, 3, 2)), (2, 3, date(2026, 3, 2))],
)
def test_of_two_orders_of_day_and_month_the_closer_day_is_meant(first: int, second: int, day: date) -> None:
    assert CALENDAR.either(first, second, 2026) == day


@pytest.mark.parametrize("read", [postfix.delivery, exim.delivery])
@given(
    line=st.binary(max_size=200),
    around=st.sampled_from(
        [b"%s", b" to=<%s>, status=sent", b"a => %s R=b", b"Mar  1 0:%s to=<a>, relay=b, c status=sent"]
    ),
)
def test_no_line_is_fatal(read: Read, line: bytes, around: bytes) -> None:
    assert isinstance(read(around % line, CALENDAR), Delivery | SkippedLine)


@given(text=st.text(max_size=300), head=st.sampled_from(["", "Received,RecipientAddress,Status\n", "Date;Recipient\n"]))
def test_no_row_is_fatal(text: str, head: str) -> None:
    for told in exchange.deliveries((head + text).splitlines(keepends=True), CALENDAR):
        assert isinstance(told, Delivery | SkippedLine)
