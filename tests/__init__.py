"""The tests' surroundings, set before Django reads its settings: our own PostgreSQL, our own keys.

The cluster is shared by every run of this checkout at the same time; the last one out stops it.
"""

import os
from pathlib import Path

import django

from access import embedded

PROJECT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("FORTUR_TEST_HOME", PROJECT / ".run" / "tests"))
TEMPLATE_BUILD = "FORTUR_TEMPLATE_BUILD"  # set in the subprocess that fills the template
BENCH = "FORTUR_BENCH"  # set by make bench, which brings a server of its own, with commits on disk

if not {TEMPLATE_BUILD, BENCH} & os.environ.keys():
    os.environ["FORTUR_FAST"] = "1"
    CLUSTER = embedded.start(HOME)
    CLUSTER.ensure("fortur")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "casework.settings",
        "FORTUR_TESTING": "1",
        "FORTUR_DEMO": "0",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-and-known-to-everybody-who-reads-this",
        "FORTUR_KEY_FILE": str(HOME / "keys.json"),
        "DATABASE_URL": CLUSTER.url("fortur_app", "fortur"),
        "DATABASE_OWNER_URL": CLUSTER.url("fortur_owner", "fortur"),
    }
    for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES", "OIDC_SERVER_URL"):
        os.environ.pop(name, None)

if "DJANGO_SETTINGS_MODULE" in os.environ:
    django.setup()  # so that fixtures can import models at the top, like everything else
