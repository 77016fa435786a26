"""Django settings: embedded engines by default, the hospital's own where the environment names them."""

import os

import dj_database_url

from config import env, modes
from config.model_server import model_server

env.load_env_file()

BASE_DIR = env.BASE_FOLDER
TACIT_MODE = modes.check_mode(env.text("TACIT_MODE", modes.DEMO))
IS_DEMO = TACIT_MODE == modes.DEMO
if IS_DEMO:
    modes.refuse_production_settings(
        {
            name: env.text(name)
            for name in (
                "TACIT_ALLOWED_HOSTS",
                "FHIR_BASE_URL",
                "DATABASE_URL",
                "REDIS_URL",
                "FHIR_BEARER_TOKEN",
            )
        }
    )

# Folders and addresses of this installation.
TACIT_HOME = env.folder("TACIT_HOME", BASE_DIR / "var")
TACIT_RUN_FOLDER = env.socket_folder(TACIT_HOME)
TACIT_CONTENT_FOLDER = env.folder("TACIT_CONTENT_FOLDER", BASE_DIR / ".venv" / "content")
TACIT_EVIDENCE_FOLDER = TACIT_HOME / "evidence"
TACIT_PORT = int(env.number("TACIT_PORT", 8000))
TACIT_HOME.mkdir(parents=True, exist_ok=True)

# The EHR.
FHIR_BEARER_TOKEN = env.text("FHIR_BEARER_TOKEN") or None
FHIR_DEADLINE_SECONDS = env.number("FHIR_DEADLINE_SECONDS", 5)
# Seconds in which a CDS Hooks call may fetch what was not prefetched.
TACIT_CDS_DEADLINE_SECONDS = env.number("TACIT_CDS_DEADLINE_SECONDS", 2)
SANDBOX_PORT = int(env.number("TACIT_SANDBOX_PORT", 8181))
RUNS_SANDBOX = IS_DEMO and not env.text("FHIR_BASE_URL")
FHIR_BASE_URL = (
    f"http://127.0.0.1:{SANDBOX_PORT}/fhir"
    if RUNS_SANDBOX
    else modes.require_tls("FHIR_BASE_URL", env.required("FHIR_BASE_URL", "the EHR's FHIR R4 address"))
)
# The EHRs that launch us and call our CDS services, and the keys that we prove ourselves to them with.
TACIT_EHRS = env.folder("TACIT_EHRS", TACIT_HOME / "ehrs.toml")
TACIT_CLIENT_KEYS = env.folder("TACIT_CLIENT_KEYS", TACIT_HOME / "client-keys")

# The local model.
TACIT_MODEL = env.text("TACIT_MODEL", "smollm2-135m-instruct")
TACIT_MODELS_FOLDER = env.folder("TACIT_MODELS_FOLDER", TACIT_HOME / "models")
TACIT_MODEL_HUB = env.text("TACIT_MODEL_HUB", "https://huggingface.co")
TACIT_HOURLY_PRICE = env.number("TACIT_HOURLY_PRICE", 0, may_be_zero=True)
TACIT_ENGINE_SOCKET = TACIT_RUN_FOLDER / "engine.sock"
TACIT_ENGINE_THREADS = int(env.number("TACIT_ENGINE_THREADS", len(os.sched_getaffinity(0))))
TACIT_ENGINE_DEADLINE_SECONDS = env.number("TACIT_ENGINE_DEADLINE_SECONDS", 30)
# Or a server of the hospital's own (docs/remote-models.md).
TACIT_ENGINE_ENDPOINT = model_server(
    env.text("TACIT_ENGINE_URL"),
    token=env.text("TACIT_ENGINE_TOKEN"),
    ca_file=env.text("TACIT_ENGINE_CA_FILE"),
    client_certificate=env.text("TACIT_ENGINE_CLIENT_CERT"),
    client_key=env.text("TACIT_ENGINE_CLIENT_KEY"),
)
TACIT_ENGINE_MODEL = (
    env.required("TACIT_ENGINE_MODEL", "the model's name on the server that TACIT_ENGINE_URL names")
    if TACIT_ENGINE_ENDPOINT
    else ""
)
# Lets Prometheus read /metrics; without it only an administrator's session may.
TACIT_METRICS_TOKEN = env.text("TACIT_METRICS_TOKEN")

# Specialties of the hospital's own, beside those that come with the product (docs/specialties.md).
TACIT_SPECIALTIES_FOLDER = env.folder("TACIT_SPECIALTIES_FOLDER", TACIT_HOME / "specialties")

# After so many days without a look, nobody knows any more whether a work was retracted (docs/evidence.md).
TACIT_RETRACTION_CHECK_DAYS = int(env.number("TACIT_RETRACTION_CHECK_DAYS", 180))

# NCBI's E-utilities: nothing is sent unless it is switched on (docs/evidence-sync.md).
TACIT_SYNC = env.switch("TACIT_SYNC")
TACIT_EUTILS_URL = env.text("TACIT_EUTILS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/")
TACIT_NCBI_API_KEY = env.text("TACIT_NCBI_API_KEY")
TACIT_NCBI_EMAIL = env.text("TACIT_NCBI_EMAIL")
TACIT_SYNC_WORDS = env.text("TACIT_SYNC_WORDS")

# The audit ledger: who keeps the key-encryption key, and where the ledger's own keys are (docs/audit-keys.md).
TACIT_AUDIT_TENANT = env.text("TACIT_AUDIT_TENANT", "default")
TACIT_AUDIT_ORIGIN = env.text("TACIT_AUDIT_ORIGIN", f"tacit.local/audit/{TACIT_AUDIT_TENANT}")
TACIT_AUDIT_KEYS = env.text("TACIT_AUDIT_KEYS", "file")
TACIT_AUDIT_KEYRING = env.folder("TACIT_AUDIT_KEYRING", TACIT_HOME / "audit" / "keyring.json")
TACIT_AUDIT_SIGNING_KEY = env.folder("TACIT_AUDIT_SIGNING_KEY", TACIT_HOME / "audit" / "signing-key.json")
TACIT_AUDIT_OFFICER_KEY = env.folder("TACIT_AUDIT_OFFICER_KEY", TACIT_HOME / "audit" / "officer-public.pem")
TACIT_VAULT_ADDR = env.text("TACIT_VAULT_ADDR")
TACIT_VAULT_TOKEN_FILE = env.text("TACIT_VAULT_TOKEN_FILE")
TACIT_VAULT_NAMESPACE = env.text("TACIT_VAULT_NAMESPACE")
TACIT_VAULT_MOUNT = env.text("TACIT_VAULT_MOUNT", "transit")
TACIT_VAULT_KEY = env.text("TACIT_VAULT_KEY", "tacit-audit")
TACIT_VAULT_CA_FILE = env.text("TACIT_VAULT_CA_FILE")
TACIT_KMS_KEY = env.text("TACIT_KMS_KEY")
TACIT_KMS_REGION = env.text("TACIT_KMS_REGION")
TACIT_KMS_ENDPOINT = env.text("TACIT_KMS_ENDPOINT")
# Where emergency events wait for the database, how the sealer works, and who sees its checkpoints (docs/audit.md).
TACIT_AUDIT_SPOOL = env.folder("TACIT_AUDIT_SPOOL", TACIT_HOME / "audit" / "spool")
TACIT_AUDIT_HEARTBEAT_SECONDS = env.number("TACIT_AUDIT_HEARTBEAT_SECONDS", 600)
TACIT_AUDIT_ANCHOR_FILE = env.text("TACIT_AUDIT_ANCHOR_FILE")
TACIT_AUDIT_ANCHOR_BUCKET = env.text("TACIT_AUDIT_ANCHOR_BUCKET")
TACIT_AUDIT_ANCHOR_ENDPOINT = env.text("TACIT_AUDIT_ANCHOR_ENDPOINT")
TACIT_AUDIT_ANCHOR_REGION = env.text("TACIT_AUDIT_ANCHOR_REGION")
TACIT_AUDIT_ANCHOR_SECONDS = env.number("TACIT_AUDIT_ANCHOR_SECONDS", 600)
TACIT_AUDIT_WITNESS_TOKEN = env.text("TACIT_AUDIT_WITNESS_TOKEN")
# An export about more patients than this needs a second officer; its package is gone after these hours.
TACIT_AUDIT_EXPORT_PATIENTS = int(env.number("TACIT_AUDIT_EXPORT_PATIENTS", 25, may_be_zero=True))
TACIT_AUDIT_EXPORT_HOURS = env.number("TACIT_AUDIT_EXPORT_HOURS", 24)
TACIT_AUDIT_EXPORTS = env.folder("TACIT_AUDIT_EXPORTS", TACIT_HOME / "audit" / "exports")

# Database: SQLite in write-ahead mode, or what DATABASE_URL names.
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{TACIT_HOME / 'tacit.sqlite3'}"), conn_max_age=60
    )
}
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;",
        "transaction_mode": "IMMEDIATE",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Queue: ids only, JSON only, no results kept, nothing about a task told to anyone.
RUNS_REDIS = not env.text("REDIS_URL")
REDIS_URL = env.text("REDIS_URL", f"unix://{TACIT_RUN_FOLDER / 'redis.sock'}")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 15 * 60
TACIT_REVIEW_HOURS = env.number("TACIT_REVIEW_HOURS", 24)

SECRET_KEY = (
    env.text("TACIT_SECRET_KEY") or env.generated_secret(TACIT_HOME / "secret_key")
    if IS_DEMO
    else env.required("TACIT_SECRET_KEY", "signs sessions and seals review results")
)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if IS_DEMO else env.items("TACIT_ALLOWED_HOSTS")
# Where EHRs reach us: it stands in what is registered with them.
TACIT_BASE_URL = modes.require_tls(
    "TACIT_BASE_URL",
    env.text(
        "TACIT_BASE_URL",
        f"http://127.0.0.1:{TACIT_PORT}" if IS_DEMO else f"https://{(ALLOWED_HOSTS or ['localhost'])[0]}",
    ).rstrip("/"),
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "config",
    "clinical",
    "ehr_integration",
    "compliance",
    "audit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "config.middleware.PrivateResponsesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ehr_integration.smart.framing.LaunchedFramesMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "config.context.site",
            ]
        },
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = False
SERVESTATIC_ROOT = None

AUTH_USER_MODEL = "compliance.Account"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Idle for half an hour and the session ends (45 CFR 164.312(a)(2)(iii), automatic logoff).
SESSION_ENGINE = "ehr_integration.smart.session_store"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SAMESITE = "Strict"
# One cookie does for both, since an EHR's frame needs it with other rules (config.middleware).
CSRF_USE_SESSIONS = True
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = not IS_DEMO
SECURE_HSTS_SECONDS = 0 if IS_DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not IS_DEMO
SECURE_PROXY_SSL_HEADER = None if IS_DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
# "no-referrer" would make Chromium send `Origin: null` with every form, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "clinical.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# A question is at most 2,000 characters. Django would spool a body above the third figure to a file on disk;
# config.asgi refuses such a body before it is read, and above 1 MiB everywhere but at the CDS services.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # Basic credentials make the demo's API easy to try; production has sessions (and later SMART tokens).
        *(["rest_framework.authentication.BasicAuthentication"] if IS_DEMO else []),
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"questions": "60/min", "reviews": "10/min"},
    "EXCEPTION_HANDLER": "clinical.problems.drf_exception_handler",
}
SPECTACULAR_SETTINGS = {
    # Three things have a kind: a source, a safety rule, an input of a calculator.
    "ENUM_NAME_OVERRIDES": {
        "SourceKindEnum": "clinical.answers.serializers.SOURCE_KINDS",
        "RuleKindEnum": "clinical.answers.serializers.RULE_KINDS",
        "InputKindEnum": "clinical.calculators.document.KINDS",
    },
    "TITLE": "Tacit",
    "DESCRIPTION": "The clinical assistant that cites its sources and keeps nothing.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"forgetful": {"()": "config.logging.ForgetfulFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "forgetful"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would mail or print what they were given.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
