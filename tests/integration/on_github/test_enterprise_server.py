"""GitHub Enterprise Server: an API below a path of its own, behind certificates of its own."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hitrate.demo.standin import GitHub, PullRequest
from hitrate.demo.standin.api import Api
from hitrate.demo.standin.server import Server
from hitrate.github.client import Access, Client
from hitrate.github.comment import Posting, post
from hitrate.github.retry import GitHubError, Patience
from tests.integration.on_github.world import BASE, HEAD, NUMBER, REPOSITORY, WRITE, FakeClock, marker


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that only itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    github = GitHub(REPOSITORY)
    github.add_token("default", "github-actions[bot]", WRITE)
    github.add_pull_request(PullRequest(NUMBER, HEAD, BASE, REPOSITORY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(lambda url: Api(github, f"{url}/api/v3"), github.clock, context) as server:
        yield f"{server.url}/api/v3"


def client(url: str, authorities: str | None) -> Client:
    patience = Patience(request_seconds=5)
    return Client(Access(url, "default", authorities), REPOSITORY, patience, FakeClock().clock)


def test_is_reached_with_its_own_certificates(url: str, certificate: Path) -> None:
    for run, expected in ((100, Posting.CREATED), (101, Posting.UPDATED)):
        with client(url, str(certificate)) as connected:
            posted = post(connected.conversation(NUMBER), marker(run), "text")
        assert posted.posting is expected


def test_is_not_trusted_without_them(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with (
        client(url, None) as connected,
        pytest.raises(GitHubError, match=r"the answer was incomplete \(SSLError\)"),
    ):
        post(connected.conversation(NUMBER), marker(), "text")
