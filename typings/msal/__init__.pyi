from collections.abc import Mapping, Sequence
from typing import Any, Protocol

class _HttpClient(Protocol):
    # Called with headers, and for a POST with data; both with more that an HTTP client of one's own may ignore.
    def get(self, url: str, *, headers: Mapping[str, str] | None = ...) -> Any: ...
    def post(self, url: str, *, headers: Mapping[str, str] | None = ..., data: Mapping[str, str]) -> Any: ...
    def close(self) -> None: ...

class _ThrottledHttpClient:
    http_client: _HttpClient

class ConfidentialClientApplication:
    http_client: _ThrottledHttpClient
    def __init__(
        self,
        client_id: str,
        client_credential: str | Mapping[str, str] | None = ...,
        authority: str | None = ...,
        *,
        instance_discovery: bool | None = ...,
        azure_region: str | bool | None = ...,
        http_client: _HttpClient | None = ...,
    ) -> None: ...
    def acquire_token_for_client(self, scopes: Sequence[str], claims_challenge: str | None = ...) -> dict[str, Any]: ...
    def remove_tokens_for_client(self) -> None: ...
    def initiate_auth_code_flow(
        self,
        scopes: Sequence[str],
        redirect_uri: str | None = ...,
        *,
        login_hint: str | None = ...,
    ) -> dict[str, Any]: ...
    def acquire_token_by_auth_code_flow(
        self, auth_code_flow: Mapping[str, Any], auth_response: Mapping[str, str]
    ) -> dict[str, Any]: ...
    def acquire_token_by_refresh_token(self, refresh_token: str, scopes: Sequence[str]) -> dict[str, Any]: ...
