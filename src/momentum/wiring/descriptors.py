"""How many files and sockets a process may have open."""

import resource

ENOUGH = 65_536


def allow_many() -> None:
    """Raise this process's limit as far as its user may, up to ENOUGH; the usual 1024 is too few for a game."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
