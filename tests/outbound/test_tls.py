"""TLS is always verified, for the name that was asked for."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from oversight.outbound.connect import tls_context
from oversight.outbound.limits import Limits

from .conftest import Serve, client_for, failure_of
from .servers import Server, ok, redirect


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost`, with its key, that nobody trusts unless told to."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the certificate of this test, is not installed")
    made = tmp_path_factory.mktemp("tls") / "localhost.pem"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(made), "-out", str(made.with_suffix(".crt"))]
    subprocess.run([openssl, *options.split(), *names], check=True, capture_output=True)
    made.write_text(made.read_text() + made.with_suffix(".crt").read_text())
    return made


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(ok(b"agenda"), context=context)
    yield server
    server.close()


def test_a_trusted_certificate_of_the_name_passes(server: Server, certificate: Path) -> None:
    client = client_for(server.port, host="localhost", authorities=certificate)
    assert client.fetch(server.url(scheme="https", host="localhost")).body == b"agenda"


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    client = client_for(server.port, host="localhost")
    assert failure_of(client, server.url(scheme="https", host="localhost")).outcome == "tls_error"
    assert server.requests == []


def test_a_certificate_of_another_name_is_refused(server: Server, certificate: Path) -> None:
    client = client_for(server.port, authorities=certificate)
    assert failure_of(client, server.url(scheme="https")).outcome == "tls_error"
    assert server.requests == []


def test_plain_http_where_tls_was_asked_is_refused(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    assert failure_of(client_for(server.port), server.url(scheme="https")).outcome == "tls_error"


def test_a_redirect_from_https_to_http_is_refused(certificate: Path, serve: Serve) -> None:
    plain = serve(ok(b"agenda"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(redirect(plain.url(host="localhost")), context=context)
    client = client_for(server.port, plain.port, host="localhost", authorities=certificate)
    failure = failure_of(client, server.url(scheme="https", host="localhost"))
    server.close()
    assert failure.outcome == "bad_redirect"
    assert plain.requests == []


def test_a_handshake_that_hangs_is_cut_off(serve: Serve) -> None:
    def silent(sock: socket.socket, _request: bytes) -> None:
        sock.recv(1)

    server = serve(silent)
    client = client_for(server.port, limits=Limits(total_seconds=0.3))
    assert failure_of(client, server.url(scheme="https")).outcome == "timeout"


def test_verification_cannot_be_turned_off_by_an_argument(certificate: Path) -> None:
    for context in (tls_context(None), tls_context(certificate)):
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
