"""What a PostgreSQL server must be like to keep what Momentum acknowledges, and to have room for its processes."""

from collections.abc import Iterator

import psycopg

from momentum.environment import Environment
from momentum.web.databases import MOST_CONNECTIONS
from momentum.wiring.site import THREADS

OLDEST = 14
CONNECTIONS = {"web": MOST_CONNECTIONS, "worker": 2, "realtime": THREADS + 4}
"""At most, of each process: the site's own threads, the worker's two; realtime's few questions to the site, and a share
for the journal that nobody else can use up. docs/reference/connections.md says the same."""
ROOM = sum(CONNECTIONS.values()) + 2
"""What one installation wants: two more are for `momentum migrate`, `backup` and whoever looks."""

ASKED = """
SELECT
    current_setting('server_version_num')::int / 10000,
    current_setting('fsync'),
    current_setting('synchronous_commit'),
    current_setting('full_page_writes'),
    pg_encoding_to_char(encoding),
    LEAST(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        NULLIF(datconnlimit, -1),
        (SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)
    )
FROM pg_database WHERE datname = current_database()
"""


def shortcomings(environment: Environment) -> Iterator[str]:
    """What has to be changed on the server, a sentence each. Raises psycopg.Error where it cannot be asked."""
    assert environment.database_url is not None
    with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
        row = connection.execute(ASKED).fetchone()
    assert row is not None
    version, fsync, synchronous_commit, full_page_writes, encoding, room = row
    if version < OLDEST:
        yield f"PostgreSQL {version} is too old: update the server to {OLDEST} or newer."
    if encoding != "UTF8":
        yield f"The database's encoding is {encoding}: make it anew with ENCODING 'UTF8'."
    if environment.durability == "power":
        kept = {"fsync": fsync, "synchronous_commit": synchronous_commit, "full_page_writes": full_page_writes}
        for name in (name for name, value in kept.items() if value == "off"):
            yield (
                f"The PostgreSQL server has {name}=off, so a power cut could lose acknowledged answers: set it to on, "
                "or accept that with DURABILITY=process."
            )
    if room < ROOM:
        yield (
            f"The PostgreSQL server leaves {room} connections to this user and database, and one installation may need "
            f"{ROOM}: raise max_connections, or the limit of the role or database."
        )
