"""Sessions of people who are logged in, written into a site's database: a real login hashes a password."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime, timedelta

from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.utils.crypto import salted_hmac

from tests.realtime.database import execute, query

HASH_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
STORE_SALT = "django.contrib.sessions.SessionStore"  # whatever the engine
BACKEND = "django.contrib.auth.backends.AllowAllUsersModelBackend"
LETTERS = string.ascii_lowercase + string.digits


def open_session(database_url: str, user: str, *, secret_key: str) -> dict[str, str]:
    """Log somebody in. Return the cookies of their browser."""
    [(pk, password)] = query(database_url, "SELECT id, password FROM auth_user WHERE username = ?", user)
    data = {
        "_auth_user_id": str(pk),
        "_auth_user_backend": BACKEND,
        "_auth_user_hash": salted_hmac(
            HASH_SALT, password, secret=secret_key, algorithm="sha256"
        ).hexdigest(),
    }
    session_key = "".join(secrets.choice(LETTERS) for _ in range(32))
    execute(
        database_url,
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)",
        session_key,
        signing.dumps(data, key=secret_key, salt=STORE_SALT, serializer=JSONSerializer, compress=True),
        (datetime.now(UTC) + timedelta(days=14)).strftime("%Y-%m-%d %H:%M:%S+00:00"),
    )
    return {"sessionid": session_key, "csrftoken": "".join(secrets.choice(LETTERS) for _ in range(32))}


def _hash_of(password: str, secret_key: str) -> str:
    """What ends a session when its owner gets another password."""
    return salted_hmac(HASH_SALT, password, secret=secret_key, algorithm="sha256").hexdigest()
