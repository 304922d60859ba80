"""nginx and Caddy of a test's own, with the configurations that the page on proxies shows, on loopback ports."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.gateways_real.servers import debian, processes

NAME = "mailroll.example.com"
"""What the page calls the Console, and tests call localhost."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the web server listens without TLS and with it, and where the Console is behind it."""

    plain: int
    safe: int
    console: int


@contextmanager
def nginx(root: Path, folder: Path, page: str, ports: Ports) -> Iterator[Path]:
    """Run nginx with the example; gives the certificate to trust. Of the example only names and numbers are changed."""
    certificate, key = _certificate(folder)
    example = re.sub(r"^ +listen \[::\].*\n", "", page, flags=re.MULTILINE)
    for said, here in (
        ("listen 80;", f"listen 127.0.0.1:{ports.plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{ports.safe} ssl;"),
        (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(certificate)),
        (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(key)),
        (f"https://{NAME}$request_uri", f"https://localhost:{ports.safe}$request_uri"),
        (NAME, "localhost"),
        ("127.0.0.1:8000", f"127.0.0.1:{ports.console}"),
    ):
        assert said in example, said
        example = example.replace(said, here)
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\nuser root;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{example}}}\n",
        encoding="utf-8",
    )
    words: list[str | Path] = [root / "usr/sbin/nginx", "-p", folder, "-c", file, "-e", "stderr"]
    with processes.running(words, debian.environment(root), folder / "nginx.log", lambda: _listens(ports)):
        yield certificate


@contextmanager
def caddy(root: Path, folder: Path, page: str, ports: Ports) -> Iterator[Path]:
    """Run Caddy with the example; for localhost it makes an authority of its own, whose certificate is given."""
    example = page.replace(NAME, "localhost").replace("127.0.0.1:8000", f"127.0.0.1:{ports.console}")
    assert "localhost {" in example
    own = f"admin off\ndefault_bind 127.0.0.1\nhttp_port {ports.plain}\nhttps_port {ports.safe}\nskip_install_trust\n"
    file = folder / "Caddyfile"
    file.write_text(f"{{\n{own}}}\n{example}", encoding="utf-8")
    places = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    words: list[str | Path] = [root / "usr/bin/caddy", "run", "--config", file, "--adapter", "caddyfile"]
    with processes.running(words, debian.environment(root) | places, folder / "caddy.log", lambda: _listens(ports)):
        yield folder / "caddy/pki/authorities/local/root.crt"


def _listens(ports: Ports) -> bool:
    return processes.listens(ports.plain) and processes.listens(ports.safe)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, file = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, file
