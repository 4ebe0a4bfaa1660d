"""All settings, all from the environment; every reader of a bad value says in one sentence what to do."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

from config import env, logging
from towerdesk.lib.postgres import dsn as embedded_dsn

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir()
DEBUG = env.flag("TOWERDESK_DEBUG")
SECRET_KEY = env.secret("django")
PUBLIC_URL = env.url("TOWERDESK_URL", f"http://127.0.0.1:{env.port()}")
ALLOWED_HOSTS = [*env.words("TOWERDESK_HOSTS"), "127.0.0.1", "localhost", "[::1]", urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "towerdesk.web",  # first: its templates stand in for those of the sign-in library
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "towerdesk.events",
    "towerdesk.accounts",
    "towerdesk.people",
    "towerdesk.channels",
    "towerdesk.connectors",
    "towerdesk.knowledge",
    "towerdesk.hours",
    "towerdesk.tickets",
    "towerdesk.intake",
    "towerdesk.delivery",
    "towerdesk.chats",
    "towerdesk.insights",
    "towerdesk.sla",
    "towerdesk.notifications",
    "towerdesk.actions",
    "towerdesk.problems",
    "towerdesk.automation",
    "towerdesk.assistant",
    "towerdesk.rehearsal",
    "towerdesk.portal",
    "towerdesk.api",
    "towerdesk.apps.TowerdeskConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "towerdesk.web.gate.Gate",
    "towerdesk.web.errors.TroubleMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "towerdesk.web.context.desk",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "towerdesk.lib.backend",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None if not env.flag("TOWERDESK_POOL") else 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,  # the server plans a statement once: half of its work for most pages
            "prepare_threshold": 3,
            **{name: unquote(value) for name, value in query.items()},
            **({"pool": {"min_size": 1, "max_size": 8, "timeout": 10}} if env.flag("TOWERDESK_POOL") else {}),
        },
    }


DATABASES = {"default": _database(env.database_url() or embedded_dsn(DATA_DIR))}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # jobs are imported when the desk begins: towerdesk.apps
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["towerdesk.accounts.signed_in.Backend"]
SESSION_ENGINE = "towerdesk.accounts.signed_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "towerdesk.web.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Towerdesk"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = f"towerdesk_{env.port()}"  # several desks on one host do not sign each other out
CSRF_COOKIE_NAME = f"towerdesk_csrf_{env.port()}"
CSRF_FAILURE_VIEW = "towerdesk.web.errors.form_too_old"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
if env.flag("TOWERDESK_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DESK_NAME = env.text("TOWERDESK_NAME", "Help")
"""What customers see above the help centre, e.g. the company's name."""

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = env.text("TOWERDESK_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []
_FILES: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": str(DATA_DIR / "files"), "base_url": None},
}
if env.text("TOWERDESK_S3_BUCKET"):
    _FILES = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("TOWERDESK_S3_BUCKET"),
            "endpoint_url": env.url("TOWERDESK_S3_URL") or None,
            "access_key": env.text("TOWERDESK_S3_KEY") or None,
            "secret_key": env.text("TOWERDESK_S3_SECRET") or None,
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "towerdesk.web.statics.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 2**20

RELAY_URL = env.url("TOWERDESK_RELAY", schemes=("smtp", "smtps", "smtp+tls"))
"""Where replies leave by, e.g. smtp+tls://user:password@mail.example.com:587. Empty: they wait, and the desk says so."""
TRUSTED_MAIL_HOSTS = env.words("TOWERDESK_TRUSTED_MAIL_HOSTS")
"""authserv-ids whose Authentication-Results (RFC 8601) we believe."""
VERIFY_MAIL = env.flag("TOWERDESK_VERIFY_MAIL")
"""Ask the DNS about SPF, DKIM and DMARC of mail that comes straight to our door and that no trusted host has judged."""
MAX_MAIL_BYTES = env.max_mail_bytes()
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}

CONNECTOR_HOSTS = env.words("TOWERDESK_CONNECTOR_HOSTS")
"""Hosts in private networks, as HOST or HOST:PORT, that connections to other systems may reach."""
HOOK_HOSTS = env.words("TOWERDESK_HOOK_HOSTS")
"""Hosts in private networks that webhooks of people and teams may reach, and by plain http if they must."""

LLM = env.text("TOWERDESK_LLM")
"""provider:model of pydantic-ai, e.g. `openai:gpt-5-mini` or `ollama:qwen3`; empty: no model is asked."""

LANGUAGES_SPOKEN = env.words("TOWERDESK_LANGUAGES", ["en", "de", "fr", "es"])

LOGGING_CONFIG = None
logging.configure(debug=DEBUG)
