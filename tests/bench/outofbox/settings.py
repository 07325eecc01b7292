"""Only what the packages' own first pages ask for."""

from casework import environment

SECRET_KEY = environment.text("SECRET_KEY")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
    "auditlog",
    "tests.bench.outofbox.apps.OutOfBoxConfig",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
# Django's own defaults: what is tuned in ours (prepared on the server) isn't out of the box.
DATABASES = {"default": environment.database(environment.text("DATABASE_URL")) | {"OPTIONS": {}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
