"""The list over HTTP, for those that hold a token: `application` answers, `listening` bounds who is let in."""

from mailroll.gateway.http.application import application
from mailroll.gateway.http.door import DoorLimits, Where, listening, where
from mailroll.gateway.http.gate import StoredTokens, Tokens
from mailroll.gateway.http.listener import HttpListener

__all__ = ["DoorLimits", "HttpListener", "StoredTokens", "Tokens", "Where", "application", "listening", "where"]
