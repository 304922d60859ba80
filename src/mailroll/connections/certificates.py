"""Certificates for a customer's own app registration: the key never leaves here, the certificate is public."""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.connections.consent import tokens
from mailroll.connections.models import CertificateDraft, Source
from mailroll.reconcile.errors import BadInput

LIFE: Final = timedelta(days=365)
_KEY_BITS: Final = 3072


def make(source: Source, acting: Acting) -> CertificateDraft:
    """Make a key pair for a source, in place of one that was made before and not used."""
    now = acting.now()
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Mailroll {source.domain.name}"[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    with transaction.atomic():
        draft, _ = CertificateDraft.objects.update_or_create(
            source=source,
            defaults={
                "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
                "sealed_key": tokens.seal(source.owner_id, {"key": plain}),
                "ends_at": now + LIFE,
            },
        )
        note(
            acting,
            "certificate.made",
            source.domain,
            source=str(source.owner_id),
            fingerprint=fingerprint(draft.certificate),
        )
    return draft


def draft(source: Source) -> CertificateDraft | None:
    return CertificateDraft.objects.filter(source=source).first()


def key(draft: CertificateDraft) -> str:
    return tokens.unseal(draft.source_id, draft.sealed_key)["key"]


def fingerprint(certificate: str) -> str:
    """The SHA-256 of a certificate, as Entra shows it."""
    return _load(certificate).fingerprint(hashes.SHA256()).hex().upper()


def ends_at(certificate: str) -> datetime:
    return _load(certificate).not_valid_after_utc


def _load(certificate: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(certificate.encode())
    except ValueError as fault:
        raise BadInput(
            "certificate_malformed", "That is not a PEM certificate.", "Paste it whole, with its BEGIN and END lines."
        ) from fault
