"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with what OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane.

    Django's own default takes 100 MB and eight threads for each login, and realtime logs people in while games run.
    Passwords kept with other parameters still fit, and are kept anew at the next login.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
