"""Settings, all from the environment (README: configuration). Nonsense is refused at start."""

import sys
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from casework import environment as env
from casework.demo.people import PEOPLE

django_stubs_ext.monkeypatch()  # Django's classes take type parameters at run time too

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO = env.flag("FORTUR_DEMO")
TESTING = env.flag("FORTUR_TESTING")
DEBUG = env.flag("DEBUG")
HTTPS = not (DEMO or TESTING or DEBUG)

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")  # whose X-Forwarded-For is believed

if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters")
if DEMO and (
    CSRF_TRUSTED_ORIGINS
    or TRUSTED_PROXIES
    or env.text("OIDC_SERVER_URL", "")
    or not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
):
    raise ImproperlyConfigured("FORTUR_DEMO=1 is for one machine and refuses production settings")

# --- the house -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "casework",
    "access",
    "audit",
    "access.apps.AdministrationConfig",  # django.contrib.admin with our own doors
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # allauth's list of security keys uses it
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "csp",
    "django_filters",
    "django_htmx",
    "guardian",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "access.request.SafeRequest",  # request id, client address, no-store; nonsense gets 400
    "access.session.OneTransaction",  # owns the transaction that everything below runs in
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "access.session.Acting",  # who asks: request.actor, PostgreSQL's settings, the trail's stamp
]
ROOT_URLCONF = "casework.urls"
WSGI_APPLICATION = "casework.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "access.session.page",  # actor, demo, roles' menu
            ],
        },
    },
]
FORM_RENDERER = "casework.forms.rendering.Renderer"

# --- data ------------------------------------------------------------------------------------
# Migrations and key rotation run as the tables' owner, all else as the unprivileged role.
AS_OWNER = sys.argv[1:2] in (["migrate"], ["rotate_keys"], ["continue_trail"])
# The worker does one thing at a time: what somebody keeps locked must not keep it from sealing.
AS_WORKER = sys.argv[1:3] == ["procrastinate", "worker"]
DATABASES = {
    "default": env.database(
        env.text("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"), 60 if AS_WORKER else 0
    )
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
LOCAL_SOCKET = str(DATABASES["default"]["HOST"])[:1] in ("", "/")
if not HTTPS and not LOCAL_SOCKET:
    raise ImproperlyConfigured(
        "FORTUR_DEMO, FORTUR_TESTING and DEBUG open doors: only with a database on a local socket"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
KEY_FILE = Path(env.text("FORTUR_KEY_FILE", str(BASE_DIR / ".run" / "keys.json")))

# --- the trail -------------------------------------------------------------------------------
AUDITLOG_LOGENTRY_MODEL = "audit.Change"
AUDITLOG_STORE_JSON_CHANGES = True
DATABASE_AUDITOR_URL = env.text("DATABASE_AUDITOR_URL", "")  # manage.py verify_trail reads with it
DATABASE_DESTROYER_URL = env.text("DATABASE_DESTROYER_URL", "")  # the worker destroys with it
DATABASE_SEALER_URL = env.text("DATABASE_SEALER_URL", "")  # the worker seals with it
# The key that signs seals, and beside it (.pub) the public keys that check them.
SEAL_KEY_FILE = Path(env.text("FORTUR_SEAL_KEY_FILE", str(KEY_FILE.with_name("seal-key.pem"))))
TIMESTAMP_URL = env.text("FORTUR_TIMESTAMP_URL", "")  # RFC 3161; empty: none is asked
# Its root certificate, those of earlier services, too. Empty: signatures are not checked here.
TIMESTAMP_ROOTS = env.certificates("FORTUR_TIMESTAMP_ROOT")

EXTRACT_NAMES = env.flag("FORTUR_EXTRACT_NAMES")  # staff by name in a log extract; roles else

# --- who -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["access.identity.Backend"]
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian holds named exceptions; it lets nobody in
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "access.identity.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth asks for a list
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
# Behind one address may sit a whole municipality: per account it is tighter, and never for good.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key"}
MFA_ADAPTER = "access.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "access.second_factor.AuthenticateForm",
    "reauthenticate": "access.second_factor.ReauthenticateForm",
    "add_webauthn": "access.second_factor.AddWebAuthnForm",
    "edit_webauthn": "access.second_factor.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_REQUIRED = not (DEMO or TESTING)
SESSION_ENGINE = "access.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 15 * 60)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    if not TESTING
    else "django.contrib.auth.hashers.MD5PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

DEMO_PEOPLE = PEOPLE if DEMO else ()  # shown on the login page

# --- the browser -----------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Nothing to other sites. Browsers take the last word that they know: "no-referrer" alone would make
# them send forms with "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = ("no-referrer", "same-origin")
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 12_000_000  # an import file stays in memory, never on disk
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- words -----------------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["casework.formats"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

# --- operational log: no personal data (paths hold random ids only) ---------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "access.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Refusals (4xx) have their line in the trail; faults (5xx) are for whoever runs the service.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
