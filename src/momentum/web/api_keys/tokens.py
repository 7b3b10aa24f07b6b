"""What a key looks like: `mk_` and 256 random bits. Only its digest is kept, so nobody can read it out of a backup.

A plain SHA-256 will do: nobody can guess through 256 bits, however fast they hash.
"""

import hashlib
import re
import secrets

FORM = re.compile(r"mk_[A-Za-z0-9_-]{43}")
SHOWN = 9
"""So many characters are kept readable, for people to tell their keys apart."""


def mint() -> str:
    return f"mk_{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_key(token: str) -> bool:
    """Whether a text has the form of a key."""
    return FORM.fullmatch(token) is not None
