from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpRequest

class SocialApp:
    class DoesNotExist(Exception): ...

    def __init__(self, **fields: Any) -> None: ...

class SocialToken(models.Model):
    token: str

class SocialAccount(models.Model):
    user_id: UUID
    uid: str
    extra_data: dict[str, Any]
    user: Any

class SocialLogin:
    account: Any
    user: Any
    state: dict[str, Any]
    # Ours: what the issuer said, read once.
    identity: Any
    authenticated_at: float | None
    def get_redirect_url(self, request: HttpRequest) -> str | None: ...
    @property
    def is_existing(self) -> bool: ...
