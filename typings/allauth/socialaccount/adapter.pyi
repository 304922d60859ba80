from typing import Any

from django.http import HttpRequest

class DefaultSocialAccountAdapter:
    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any: ...

def get_adapter(request: HttpRequest | None = None) -> Any: ...
