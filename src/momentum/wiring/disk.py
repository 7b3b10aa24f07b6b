"""How much more the SQLite files may grow."""

import shutil

from momentum.environment import Environment


def free_bytes(environment: Environment) -> int | None:
    """Free on the disk of the data directory. None: a PostgreSQL server has the data, and a disk of its own."""
    if environment.database_url is not None:
        return None
    data_dir = environment.data_dir.absolute()
    return shutil.disk_usage(next(path for path in (data_dir, *data_dir.parents) if path.exists())).free


def in_words(size: int) -> str:
    """Bytes, as people read them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
