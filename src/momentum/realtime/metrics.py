"""What operators can watch, at /metrics."""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("momentum_sockets", "Open sockets", ["role"])
GAMES = Gauge("momentum_games", "Games owned by this node")
MESSAGES_IN = Counter("momentum_messages_received_total", "Messages from clients")
FLUSHES = Counter("momentum_flushes_total", "Writes to sockets")
ERRORS = Counter("momentum_errors_total", "ERROR messages sent", ["code"])
CLOSES = Counter("momentum_closes_total", "Sockets closed by the server", ["code"])
ADMISSIONS = Counter("momentum_admissions_total", "Sockets admitted", ["by"])
REFUSED_TOKENS = Counter("momentum_refused_tokens_total", "Tokens that did not admit to a game", ["why"])
APPEND_SECONDS = Histogram(
    "momentum_append_seconds", "Time of a journal append", buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1, 5)
)
APPEND_EVENTS = Histogram("momentum_append_events", "Events in a journal append", buckets=(1, 2, 5, 10, 50, 200, 1000))
APPENDS_LOST = Counter("momentum_appends_lost_total", "Game slices that were not kept", ["why"])
TAKEOVERS = Counter("momentum_takeovers_total", "Games taken over from their journal")
GAMES_SET_ASIDE = Gauge("momentum_games_set_aside", "Games that cannot go on on this node")
DISK_FREE_BYTES = Gauge(
    "momentum_disk_free_bytes", "Free on the disk of the data directory, where it has the games", ["directory"]
)
LOOP_LAG_MS = Gauge("momentum_loop_lag_milliseconds", "How late the event loop's last housekeeping ran")
