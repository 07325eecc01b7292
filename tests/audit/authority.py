"""A little time-stamp authority (RFC 3161) of the tests' own: honest, or wrong in one way."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import _rust

AT = datetime(2026, 11, 22, 19, 5, 1, tzinfo=UTC)
YEAR, DAY = timedelta(days=365), timedelta(days=1)
INTEGER, OCTETS, NULL, OID, SEQUENCE, SET, TIME, EXPLICIT = (
    0x02, 0x04, 0x05, 0x06, 0x30, 0x31, 0x18, 0xA0,
)  # fmt: skip


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (size if len(body) < 0x80 else bytes([0x80 | len(size)]) + size) + body


def integer(number: int) -> bytes:
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(text: str) -> bytes:
    return der(OID, bytes.fromhex(text))


SHA_256 = der(SEQUENCE, oid("608648016503040201"), der(NULL))
ECDSA = der(SEQUENCE, oid("2a8648ce3d040302"))
POLICY, SIGNED_DATA = oid("2a0304"), oid("2a864886f70d010702")
TST_INFO, OTHER_CONTENT = oid("2a864886f70d0109100104"), oid("2a864886f70d010701")
CONTENT_TYPE, DIGEST = oid("2a864886f70d010903"), oid("2a864886f70d010904")
SIGNING_CERTIFICATE = oid("2a864886f70d010910022f")


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.cert.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)


def holder(
    common: str, by: Holder | None = None, *, until: datetime = AT + YEAR, critical: bool = True,
    usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.TIME_STAMPING,
) -> Holder:  # fmt: skip
    """A root, or what somebody issues for that usage."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.cert.subject if by else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - YEAR)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if by and usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=critical)
    return Holder(builder.sign(by.key if by else key, SHA256()), key)


ROOT = holder("Root")
SIGNER = holder("Time-stamps", ROOT)


@dataclass(frozen=True)
class Authority:
    """Answers requests. What isn't given is honest."""

    signer: Holder = SIGNER
    chain: tuple[Holder, ...] = (ROOT,)  # certificates that go with the signer's
    key: ec.EllipticCurvePrivateKey | None = None
    status: int = 0
    digest: bytes | None = None
    nonce: int | None = None
    content: bytes = TST_INFO

    def __call__(self, asked: bytes) -> bytes:
        """A TimeStampResp to a TimeStampReq."""
        request = _rust.parse_timestamp_request(asked)
        nonce = request.nonce if self.nonce is None else self.nonce
        token = self.token(self.digest or request.message_imprint.message, nonce)
        return der(SEQUENCE, der(SEQUENCE, integer(self.status)), b"" if self.status > 1 else token)

    def token(self, digest: bytes, nonce: int | None = None) -> bytes:
        """A token on that digest (RFC 3161, 2.4.2; RFC 5652, 5; RFC 5816)."""
        info = der(
            SEQUENCE, integer(1), POLICY, der(SEQUENCE, SHA_256, der(OCTETS, digest)), integer(77),
            der(TIME, AT.strftime("%Y%m%d%H%M%SZ").encode()),
            b"" if nonce is None else integer(nonce),
        )  # fmt: skip
        mine = der(
            SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTETS, sha256(self.signer.der).digest())))
        )
        attributes = b"".join(sorted([
            der(SEQUENCE, CONTENT_TYPE, der(SET, self.content)),
            der(SEQUENCE, DIGEST, der(SET, der(OCTETS, sha256(info).digest()))),
            der(SEQUENCE, SIGNING_CERTIFICATE, der(SET, mine)),
        ]))  # fmt: skip
        signature = (self.key or self.signer.key).sign(der(SET, attributes), ec.ECDSA(SHA256()))
        cert = self.signer.cert
        who = der(SEQUENCE, cert.issuer.public_bytes(), integer(cert.serial_number))
        certificates = b"".join(sorted(one.der for one in (self.signer, *self.chain)))
        return der(SEQUENCE, SIGNED_DATA, der(EXPLICIT, der(
            SEQUENCE, integer(3), der(SET, SHA_256),
            der(SEQUENCE, self.content, der(EXPLICIT, der(OCTETS, info))),
            der(EXPLICIT, certificates),
            der(SET, der(
                SEQUENCE, integer(1), who, SHA_256, der(EXPLICIT, attributes), ECDSA,
                der(OCTETS, signature),
            )),
        )))  # fmt: skip
