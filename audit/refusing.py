"""What a command answers where it couldn't do its work: a sentence and exit status 2, no traceback.

1 is kept for a trail that is broken, so that a script can tell the two apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import django.db
import psycopg
from django.conf import settings
from django.core.management.base import CommandError

from audit.signing import NoKey

UNABLE = 2


def unable(why: object) -> CommandError:
    """It was asked wrongly, or something that it needs isn't there."""
    return CommandError(str(why), returncode=UNABLE)


def auditor() -> psycopg.Connection:
    """A connection that reads every unit's lines. Another login sees none, and none is broken."""
    url = settings.DATABASE_AUDITOR_URL
    if not url:
        raise unable(
            "DATABASE_AUDITOR_URL is not set: a login in the role fortur_auditor, which reads"
            " every unit's lines. The service's own login can't."
        )
    reader = psycopg.connect(url, autocommit=True)
    if reader.execute("SELECT pg_has_role('fortur_auditor', 'USAGE')").fetchone() != (True,):
        reader.close()
        raise unable("DATABASE_AUDITOR_URL is not a login in the role fortur_auditor")
    return reader


@contextmanager
def in_words() -> Iterator[None]:
    """The database's, the disk's and the key's refusals as sentences."""
    try:
        yield
    except (psycopg.Error, django.db.Error) as fault:
        said = str(fault).strip().partition("\n")[0]
        raise unable(f"The database can't be used: {said}") from fault
    except FileExistsError as there:
        raise unable(f"{there.filename} is there already") from there
    except OSError as fault:
        raise unable(f"{fault.filename or 'The file'}: {fault.strerror}") from fault
    except NoKey as fault:
        raise unable(fault) from fault
