"""Django's own commands, as `momentum manage`."""

from collections.abc import Sequence

from momentum.environment import Environment
from momentum.wiring.django_setup import set_up_django


def run(_environment: Environment, arguments: Sequence[str]) -> int:
    """Run `momentum manage ARGUMENTS`."""
    set_up_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["momentum manage", *arguments])
    return 0
