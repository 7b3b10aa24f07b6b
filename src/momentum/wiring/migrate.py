"""`momentum migrate`: makes the databases fit this code."""

from collections.abc import Callable

from momentum.environment import Environment
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.prepared import note_prepared


def run(environment: Environment, say: Callable[[str], None]) -> int:
    """Apply missing migrations and load the starter bank. Raises Refusal when the databases are from newer code."""
    set_up_django()
    from momentum.wiring import schema

    schema.migrate(say)
    note_prepared(environment)
    return 0
