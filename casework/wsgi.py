"""The web server's door. It stays shut on a database or a role that would void the second wall."""

import os

from django.core.wsgi import get_wsgi_application

from access.checks import refuse_unsafe_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
application = get_wsgi_application()
refuse_unsafe_database()
