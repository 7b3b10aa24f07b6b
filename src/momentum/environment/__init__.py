"""The settings of every process, read once from environment variables and a `.env` file, checked, and handed on.

A leaf: it knows nothing else of Momentum. Only wiring, the command line and the site's settings module import it.
"""

from momentum.environment.errors import SettingsError
from momentum.environment.reading import Environment, Limits

__all__ = ["Environment", "Limits", "SettingsError"]
