"""Our own webhook, signed as the Standard Webhooks say: whoever has the secret can tell that it is ours, and how old.

The headers `webhook-id`, `webhook-timestamp` and `webhook-signature`; what is signed is id, timestamp and body, joined
by full stops, with HMAC-SHA256 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md). The id
stays the same when a message is sent again, so that a receiver can tell it has had it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from mailroll.alerts.channels import poster
from mailroll.alerts.channels.poster import ReceiverReply

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def make_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, key: UUID, at: datetime, body: bytes) -> str:
    signed = f"{key}.{int(at.timestamp())}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def send(url: str, secret: str, key: UUID, events: Sequence[Mapping[str, Any]], at: datetime) -> ReceiverReply:
    """Post what there is to tell. Raises `NotSent`."""
    body = json.dumps(
        {"type": "mailroll.alerts", "timestamp": at.isoformat(), "data": {"events": list(events)}}
    ).encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "Mailroll",
        "webhook-id": str(key),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(secret, key, at, body),
    }
    return poster.post(url, body, headers)
