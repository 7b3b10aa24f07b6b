"""Making sure that nothing of an installation runs, for commands that need it to themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from momentum.environment import Environment
from momentum.wiring import probe
from momentum.wiring.instance import only_one
from momentum.wiring.refusal import Refusal
from momentum.wiring.services import web_url
from momentum.wiring.status import worker_runs


@contextmanager
def nothing_runs(environment: Environment) -> Iterator[None]:
    """Raise Refusal while a service of this data directory runs, or anybody is connected to the PostgreSQL database.

    `serve` and realtime cannot start on this data directory meanwhile.
    """
    with only_one(environment.data_dir), only_one(environment.data_dir, "realtime"):
        if worker_runs(environment):
            raise Refusal("The worker runs: stop it first.")
        if probe.ask(f"{web_url(environment)}/healthz") is not None:
            raise Refusal(f"The site, or another program, answers at {web_url(environment)}: stop it first.")
        if environment.database_url is not None and (others := _connected(environment.database_url)):
            raise Refusal(f"{others} connections to the database are open: stop Momentum on every machine first.")
        yield


def _connected(url: str) -> int:
    """Connections of others to this database."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.Error as error:
        raise Refusal(f"The database cannot be asked ({type(error).__name__}): momentum check says why.") from None
    return row[0] if row else 0
