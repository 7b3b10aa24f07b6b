"""Django's settings, made from `momentum.environment`. Nothing else of the site reads the environment."""

import os
from pathlib import Path
from typing import Any

from momentum.environment import Environment
from momentum.environment.addresses import lan_addresses
from momentum.web import addresses, assets, databases

MOMENTUM = Environment.read(os.environ)
WEB = Path(__file__).parent
PRODUCTION = MOMENTUM.mode == "production"
# A public URL that says http is a decision for plain HTTP; browsers would not send Secure cookies there.
HTTPS = PRODUCTION and not (MOMENTUM.public_url or "").startswith("http://")

DEBUG = False
SECRET_KEY = MOMENTUM.secret_key
# Health probes come by the local names, whatever the site is called.
ALLOWED_HOSTS = list(dict.fromkeys([*MOMENTUM.allowed_hosts, *addresses.LOCAL_HOSTS]))
CSRF_TRUSTED_ORIGINS = list(MOMENTUM.allowed_origins)
LAN_ADDRESSES = lan_addresses() if MOMENTUM.mode == "development" else ()
ROOT_URLCONF = "momentum.web.urls"
WSGI_APPLICATION = "momentum.web.wsgi.application"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",  # the site serves its files the same way everywhere
    "momentum.web.site",
    "momentum.web.accounts",
    "momentum.web.api_keys",
    "momentum.web.questions",
    "momentum.web.contests",
    "momentum.web.attempts",
    "momentum.web.games",
    "momentum.web.play",
    "momentum.web.webhooks",
    "momentum.web.invitations",
    "momentum.web.results",
    "momentum.web.leaderboards",
    "momentum.web.dashboard",
    "momentum.web.mail",
    "momentum.web.own_data",
    "momentum.web.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "lucide",
    "ninja",
]

MIDDLEWARE = [
    "momentum.web.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "momentum.web.middleware.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "momentum.web.middleware.JsonRefusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES: dict[str, Any] = databases.configuration(
    MOMENTUM.database_url, MOMENTUM.data_dir, survive_power_cut=MOMENTUM.durability == "power"
)
DATABASE_ROUTERS = databases.routers(MOMENTUM.database_url)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",  # failures count per account over all addresses, and per address in accounts.login_limits
    "security.W005",  # other hosts of the domain are not ours to decide about
    "security.W021",
    "security.W004",  # HSTS, redirects and Secure cookies are for HTTPS only: see HTTPS above
    "security.W008",
    "security.W012",
    "security.W016",
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "momentum.web.accounts.authentication.ConfirmedAddresses",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["momentum.web.accounts.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "momentum.web.accounts.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "momentum.web.accounts.adapter.SessionsAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
# Signing up with an address that has an account looks like any other: an address is somebody's once it is confirmed.
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Asking for a click in a mail before the first question is only worth it where mails really leave the machine.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION and MOMENTUM.email_url else "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "momentum", "moderator", "system"]
# A school shares one address: limits per address are wide, failed logins are axes' business alone.
ACCOUNT_RATE_LIMITS = {
    "login": "200/m/ip",
    "login_failed": None,
    "signup": "200/m/ip",
    "reset_password": "200/m/ip,5/m/key",
}
HEADLESS_CLIENTS = ("app", "browser")

AXES_HANDLER = "momentum.web.accounts.login_limits.LoginLimits"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "momentum.web.accounts.login_limits.account_key"
AXES_CLIENT_IP_CALLABLE = "momentum.web.addresses.client_network"
AXES_LOCKOUT_CALLABLE = "momentum.web.errors.too_many_logins"
AXES_FAILURE_LIMIT = MOMENTUM.limits.login_failures_per_account
AXES_COOLOFF_TIME = "momentum.web.accounts.login_limits.cool_off"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "email", "password1", "csrfmiddlewaretoken"]

# Cookies, headers
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "momentum.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
# Browsers ignore it on plain HTTP, and complain of it on every page.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Files: the digest of all is in their address, so imports between modules stay relative and caches never go stale.
STATIC_URL = f"/static/{assets.digest(WEB)}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/"

# Mail and tasks
EMAIL_BACKEND = "momentum.web.mail.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MOMENTUM.email_from
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # of mails; the pages are English
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        # One line for each refused request would let anybody fill the log; psycopg.pool says each try to connect.
        **{
            name: {"level": "ERROR"}
            for name in ("django.request", "django.security", "axes", "waitress.queue", "psycopg.pool")
        },
    },
}
