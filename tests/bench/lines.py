"""Lines a second: sealed, verified with chains, hashes, tree and signatures, and only read.

Verified three times: the median, and the processor time that it takes when others are at work.
"""

import json
import resource
import statistics
import sys
import time

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.seal import seal_now
from audit.signing import Signer
from audit.verification import Verdict, verify
from tests.bench import raw

ROUNDS = 3


def reader() -> psycopg.Connection:
    return psycopg.connect(settings.DATABASE_AUDITOR_URL, autocommit=True)


def main() -> None:
    signer = Signer(Ed25519PrivateKey.generate())
    began = time.perf_counter()
    with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
        lines = seal_now(sealer, signer)
    sealed = time.perf_counter() - began
    used = own_time()
    verdicts = [verified(signer) for _ in range(ROUNDS)]
    used = own_time() - used
    began = time.perf_counter()
    with reader() as connection, connection.cursor().copy(raw.HASHES.encode()) as copy:
        chained = sum(1 for _ in copy)
    read = time.perf_counter() - began
    figures = {
        "trail_lines": verdicts[0].lines,
        "sealed_s": lines / sealed,
        "verified_s": statistics.median(one.lines / one.seconds for one in verdicts),
        "verified_own_us": used / ROUNDS / verdicts[0].lines * 1_000_000,
        "only_read_s": chained / read,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def verified(signer: Signer) -> Verdict:
    verdict = verify(reader, {signer.key: signer.public})
    assert verdict.breach is None, verdict
    return verdict


def own_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
