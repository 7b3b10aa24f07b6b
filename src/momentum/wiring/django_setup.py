"""Django, made ready for a process of ours. Only processes of the site call this; realtime never does."""

import os

import django


def set_up_django() -> None:
    """Load the site's settings and models. They read the same environment variables as this process did."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "momentum.web.settings")
    django.setup()
