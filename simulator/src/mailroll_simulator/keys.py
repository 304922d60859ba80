"""The keys that sign tokens, and the key set that Entra publishes of them."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mailroll_simulator.values import Json, base64url

_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_LIFETIME = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key with the self-signed certificate that Entra shows beside it."""

    kid: str
    private: rsa.RSAPrivateKey
    certificate: bytes  # DER

    def as_jwk(self, issuer: str) -> dict[str, Json]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": base64url(numbers.e.to_bytes(3, "big")),
            "x5c": [base64.b64encode(self.certificate).decode("ascii")],
            "issuer": issuer,
        }

    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(slots=True)
class KeyRing:
    """Published keys, the first of which signs; rotation puts a new one first."""

    _count: int = 0
    published: list[SigningKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rotate()

    @property
    def current(self) -> SigningKey:
        return self.published[0]

    def rotate(self, *, keep_old: bool = True) -> SigningKey:
        """Sign with a new key from now on; the old one is still published unless told otherwise."""
        fresh = _signing_key(self._count)
        self._count += 1
        self.published = [fresh, *(self.published if keep_old else ())]
        return fresh

    def stranger(self) -> SigningKey:
        """Give a key that is never published, to forge with."""
        return _signing_key(-1)


@cache  # Making an RSA key takes up to half a second: one process makes each only once.
def _signing_key(number: int) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Simulated token signing key {number}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_SINCE + _LIFETIME)
        .sign(private, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    kid = base64url(hashlib.sha1(certificate, usedforsecurity=False).digest())
    return SigningKey(kid, private, certificate)
