"""A certificate authority of a studio's own, for a name that no public one vouches for."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from nimble_tui.studio.tls_files import CertificateError

_AUTHORITY_LIFE: Final = timedelta(days=3650)
_LIFE: Final = timedelta(days=397)
"""The longest validity that browsers accept, with a day to spare."""
_SLACK: Final = timedelta(hours=1)
"""A certificate is valid from so long ago, for clocks that are behind."""
_LONGEST_COMMON_NAME: Final = 64


class Pair(NamedTuple):
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


def new_authority(name: str, now: datetime) -> Pair:
    """Return a new authority that is named after a host; `now` is aware."""
    key = ec.generate_private_key(ec.SECP256R1())
    common_name = f"nimble-tui studio {name}"[:_LONGEST_COMMON_NAME]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _begun(subject, subject, key, now, now + _AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pair([certificate], key)


def new_certificate(authority: Pair, names: Sequence[str], now: datetime) -> Pair:
    """Return a certificate for host names and IP addresses, with its authority's after it.

    Raises CertificateError where the authority cannot be used.
    """
    try:
        issuer = x509.load_pem_x509_certificate(authority.certificate)
        issuer_key = load_pem_private_key(authority.key, password=None)
    except (ValueError, TypeError):
        raise CertificateError("The authority's files are damaged.") from None
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey) or (
        issuer_key.public_key() != issuer.public_key()
    ):
        raise CertificateError("The authority's key does not fit its certificate.")
    if issuer.not_valid_after_utc <= now:
        raise CertificateError(
            "The authority's certificate has expired; create a new one in another folder."
        )
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:_LONGEST_COMMON_NAME])])
    ends_at = min(now + _LIFE, issuer.not_valid_after_utc)
    certificate = (
        _begun(subject, issuer.subject, key, now, ends_at)
        .add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    return _pair([certificate, issuer], key)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    ends_at: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pair(chain: Sequence[x509.Certificate], key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(
        b"".join(one.public_bytes(Encoding.PEM) for one in chain),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
