import ssl
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509

from mlplatform.local.cluster.certificates import make_certificates

SERVICE = IPv4Address("172.20.0.1")


def test_the_server_is_known_by_loopback_and_by_its_service(tmp_path: Path):
    files = make_certificates(tmp_path / "pki", SERVICE)
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.IPAddress)) == {IPv4Address("127.0.0.1"), SERVICE}
    assert "kubernetes.default.svc" in names.get_values_for_type(x509.DNSName)


def test_the_server_is_signed_by_the_authority(tmp_path: Path):
    files = make_certificates(tmp_path / "pki", SERVICE)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    x509.load_pem_x509_certificate(files.certificate.read_bytes()).verify_directly_issued_by(authority)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(files.certificate, files.key)


def test_keys_are_for_this_user_alone(tmp_path: Path):
    files = make_certificates(tmp_path / "pki", SERVICE)
    assert {files.key.stat().st_mode & 0o777, files.account_key.stat().st_mode & 0o777} == {0o600}
    assert (tmp_path / "pki").stat().st_mode & 0o777 == 0o700
