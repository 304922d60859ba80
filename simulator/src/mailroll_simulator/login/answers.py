"""How a refusal is told: as JSON, and as the description that goes into a redirect."""

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.wire import LoginResponse, Trace
from mailroll_simulator.values import Json

_HELP = "https://login.microsoftonline.com/error?code="
# RFC 6749, 5.1: nothing of a token answer may be stored.
NO_STORE = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache", "X-Content-Type-Options": "nosniff"}


def description(error: LoginError, trace: Trace) -> str:
    """Give the text with its ids, the parts separated by line breaks as Entra does."""
    return (
        f"AADSTS{error.code}: {error.text}\r\nTrace ID: {trace.trace_id}\r\n"
        f"Correlation ID: {trace.correlation_id}\r\nTimestamp: {trace.timestamp}"
    )


def help_uri(error: LoginError) -> str:
    return f"{_HELP}{error.code}"


def refusal(error: LoginError, trace: Trace) -> LoginResponse:
    body: dict[str, Json] = {
        "error": error.word,
        "error_description": description(error, trace),
        "error_codes": [error.code],
        "timestamp": trace.timestamp,
        "trace_id": trace.trace_id,
        "correlation_id": trace.correlation_id,
        "error_uri": help_uri(error),
    }
    response = LoginResponse.of(body | error.extra, error.status)
    response.fault = error.fault
    return response
