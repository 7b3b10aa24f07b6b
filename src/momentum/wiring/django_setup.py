"""Django, made ready for a process of ours. Realtime calls this only when it first needs the site."""

import os


def set_up_django() -> None:
    """Load the site's settings and models. They read the same environment variables as this process did."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "momentum.web.settings")
    django.setup()
