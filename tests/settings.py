"""The product's settings over a state folder of the test run's own, so that no test meets a real installation."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="tacit-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["TACIT_HOME"] = str(HOME)
os.environ["TACIT_MODE"] = "demo"
# Tests that load the model in this process: its threads are not bound to CPUs, so they must hardly spin.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
# Two tests run at a time: an engine that takes both cores would wait for the other one at every step.
os.environ.setdefault("TACIT_ENGINE_THREADS", "1")
for name in ("FHIR_BASE_URL", "REDIS_URL", "FHIR_BEARER_TOKEN", "TACIT_ALLOWED_HOSTS", "TACIT_ENGINE_URL"):
    os.environ[name] = ""

from config.settings import *  # noqa: E402, F403 - the environment must be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
