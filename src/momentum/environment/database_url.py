"""The address of a PostgreSQL database, in every form that PostgreSQL's own library takes."""

from momentum.environment.errors import SettingsError

HOW = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or postgresql:///DATABASE?host=/FOLDER for a Unix socket"


def checked_database_url(name: str, value: str) -> str:
    """`value`, if it is an address that names a database. Raises SettingsError, which shows nothing of it."""
    from psycopg import ProgrammingError, conninfo  # only where there is such an address to be read

    if not value.startswith(("postgresql://", "postgres://")):
        raise SettingsError(f"{name} is no address of a PostgreSQL database: write {HOW}.")
    try:
        parts = conninfo.conninfo_to_dict(value)
    except ProgrammingError:
        raise SettingsError(
            f"{name} cannot be read: write {HOW}, and %XX for special characters in the password."
        ) from None
    if not parts.get("dbname"):
        raise SettingsError(f"{name} names no database: write {HOW}.")
    return value
