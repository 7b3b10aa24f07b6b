"""The running container of one game on a node: its only writer. It sees requests and envelopes, never sockets.

Rule: a request changes the game in memory at once; what it makes anybody hear waits for the journal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from momentum.game import commands
from momentum.game.apply import apply
from momentum.game.decide import decide
from momentum.game.events import (
    AnswerGiven,
    Event,
    GameEnded,
    GamePaused,
    GameResumed,
    PlayerJoined,
    PlayerLeft,
    QuestionOpened,
)
from momentum.game.model import Game
from momentum.game.outcome import Outcome, Recorded, Rejection
from momentum.game.phases import Phase
from momentum.game.timers import next_timer
from momentum.protocol import audience, codec, snapshot, to_client
from momentum.protocol.boards import LIST_LIMIT, Boards
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.tickets import Keys
from momentum.realtime.committer import Committer
from momentum.realtime.doorkeeper import Doorkeeper, close_code
from momentum.realtime.game_clock import GameClock
from momentum.realtime.host_watch import HostWatch
from momentum.realtime.journal.contract import Entry
from momentum.realtime.losses import Loss
from momentum.realtime.messages import Attach, Detach, Dismissal, Envelope, Parcel, Request, Revoke, Say
from momentum.realtime.presence import Presence
from momentum.realtime.results import results_of
from momentum.realtime.snapshots import Snapshots
from momentum.realtime.speech import as_command
from momentum.realtime.throttle import Throttle
from momentum.realtime.timing import Timer, Timing
from momentum.realtime.voice import Voice

log = structlog.get_logger(__name__)

NEWS_EVERY_MS = 250
ROSTER_EVERY_MS = 1_000
"""In large games comings and goings are told together."""
HAND_OVER_MS = 250
"""A seat's time starts when its question is handed over, but at most this much after the opening."""

ONLY_SHOWS = to_client.Error("not_allowed", "A screen only shows the game. Use your own device.")

Outgoing = list[Parcel | Dismissal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the hubs of a node share. `publish`: tell the rooms of a game. `may_speak`: the node has been heard of.
    `websocket_urls`: see GAME_STATE. `lost`: a hub has stopped before its game has."""

    timing: Timing
    committer: Committer
    keys: Keys
    publish: Callable[[str, Envelope], None]
    may_speak: Callable[[], bool]
    websocket_urls: Callable[[str], tuple[str, ...]]
    lost: "Callable[[Hub, Loss], None]"


class Hub:
    """`at`: where the game's clock goes on. `incarnation`: of the game's history."""

    def __init__(self, game: Game, at: int, incarnation: str, around: Surroundings) -> None:
        now = around.timing.mono_ms()
        self.game = game
        self._incarnation = incarnation
        self.presence = Presence(now)
        self._around = around
        self._clock = GameClock(at, now, running=not game.paused)
        self._view = Boards(game)
        self._door = Doorkeeper(game, self.presence, around.keys)
        self._host_watch = HostWatch(now)
        self._host_told = False
        self._voice = Voice(lambda: self.game.epoch, lambda envelope: around.publish(game.id, envelope))
        self._timer: Timer | None = None
        self._timed: tuple[int, commands.Command] | None = None
        self._progress = Throttle(around.timing, NEWS_EVERY_MS, self._tell_progress)
        self._roster = Throttle(around.timing, ROSTER_EVERY_MS, self._tell_roster)
        self._snapshots = Snapshots()
        self._latest_move: PlayerJoined | PlayerLeft | None = None
        self._alive = True

    @property
    def game_id(self) -> str:
        return self.game.id

    @property
    def epoch(self) -> int:
        return self.game.epoch

    @property
    def empty(self) -> bool:
        """No socket is here."""
        return not self.presence.connected

    @property
    def timed(self) -> bool:
        """The game waits for its clock."""
        return self._timed is not None

    def begin(self, node: str) -> None:
        """Say in the journal who writes from here on, and go on."""
        self.command(commands.Take(epoch=self.epoch, node=node))

    def handle(self, request: Request) -> None:
        """Do what a room asks."""
        if self._may_act():
            with self._crash_only():
                self.presence.now_ms = self._around.timing.mono_ms()
                self._handle(request)

    def command(self, command: commands.Command) -> Outcome:
        """Do what a timer, the watch or an operator asks."""
        outcome: Outcome = []
        if self._may_act():
            with self._crash_only():
                outcome = decide(self.game, command, self._at())
                if isinstance(outcome, list) and outcome:
                    self._commit(outcome)
        return outcome

    def watch(self) -> None:
        """Housekeeping, about once a second: what the game's own clock does not time."""
        if self._may_act():
            with self._crash_only():
                self._watch()

    def stop(self) -> None:
        """Hear nobody any more. What has been done is still told once it is kept."""
        self._alive = False
        self._progress.stop()
        self._roster.stop()
        if self._timer is not None:
            self._timer.cancel()

    def close(self) -> None:
        """Stop for good, in order: everything is told."""
        self.stop()
        self._voice.tell(state="closed")

    def lost(self, why: Loss) -> None:
        """Stop without a word on what was not kept, and without any where the game has another writer."""
        if self._voice.silent:
            return
        self.stop()
        self._around.committer.drop(self)
        if why != "fenced":
            self._voice.tell(state="lost")
        self._voice.silent = True
        self._around.lost(self, why)

    def _may_act(self) -> bool:
        """A process that was stopped for a while finds out here that others may believe it dead."""
        if self._alive and self.game.phase is not Phase.OVER and not self._around.may_speak():
            self.lost("unheard")
        return self._alive

    @contextmanager
    def _crash_only(self) -> Iterator[None]:
        """A failure loses this hub and no other: its game comes back from the journal."""
        try:
            yield
        except Exception:
            log.exception("hub_failed", game=self.game_id)
            self.lost("defect")

    def _watch(self) -> None:
        self._voice.pulse()
        now = self.presence.now_ms = self._around.timing.mono_ms()
        self.presence.expire()
        if self.game.phase is Phase.QUESTION:
            self.command(commands.PresenceChanged(present=self.presence))
        due = self._host_watch.due(self.game, now, host_present=self._door.host_present)
        if due is not None:
            self.command(due)

    def _at(self) -> int:
        return self._clock.at(self._around.timing.mono_ms())

    # What rooms ask

    def _handle(self, request: Request) -> None:
        match request:
            case Say():
                self._say(request)
            case Attach():
                self._attach(request)
            case Detach():
                self._detach(request)
            case Revoke():
                self._revoke(request.user_id)

    def _say(self, request: Say) -> None:
        who = self._door.insider(request.connection)
        if who is None:
            return
        if who.role == "screen":
            return self._answer(request.connection, ONLY_SHOWS)
        at = self._at()
        command = as_command(
            request.message,
            who.user_id,
            self.presence,
            elapsed_ms=self._elapsed(request.measured_ms, at),
            credit_ms=request.credit_ms,
        )
        outcome = self._decided(command, at)
        if isinstance(outcome, Rejection):
            self._answer(request.connection, audience.refused(command, outcome))
        elif isinstance(outcome, Recorded):
            self._answer(request.connection, audience.repeated(self.game, outcome))
        elif outcome:
            self._commit(outcome)

    def _decided(self, command: commands.Command, at: int) -> Outcome:
        """Deciding changes nothing, so a defect there costs the game nothing but this one command."""
        try:
            return decide(self.game, command, at)
        except Exception:
            log.exception("command_failed", game=self.game_id, command=type(command).__name__)
            return Rejection("server_error", "The server failed. Nothing has changed; try something else.")

    def _elapsed(self, measured_ms: int | None, at: int) -> int:
        """The time since the hand-over as the socket's node measured it, held to what the game's clock allows."""
        span = at - self.game.opened_at
        late = 0 if measured_ms is None else max(0, span - measured_ms)
        return span - min(late, HAND_OVER_MS)

    def _attach(self, request: Attach) -> None:
        if self._door.insider(request.connection):
            return self._commit([], admit=request.connection)
        if request.again:
            return self._commit([], [_dismissal(request.connection, CloseCode.REPLACED)])
        if self._door.too_often(request):
            return self._commit([], [_dismissal(request.connection, CloseCode.TOO_MANY_MESSAGES)])
        outcome: Outcome = []
        if self._door.takes_seat(request):
            outcome = decide(self.game, self._door.seat_command(request), self._at())
        elif self._door.stale(request):
            outcome = Rejection("bad_token", "This admission is no longer valid. Sign in again.")
        if isinstance(outcome, Rejection):
            return self._turn_away(request.connection, outcome)
        assert isinstance(outcome, list)
        first, replaced = self._door.let_in(request)
        self._commit(outcome, [_dismissal(other, CloseCode.REPLACED) for other in replaced], admit=request.connection)
        new_seat = any(isinstance(event, PlayerJoined) for event in outcome)
        if first and not new_seat:
            self._tell_connection(request.user_id, connected=True)
        self._tell_host()

    def _turn_away(self, connection: str, rejection: Rejection) -> None:
        error = to_client.Error(rejection.code, rejection.message)
        parcel = Parcel(content=codec.encode(error), connection=connection)
        self._commit([], [parcel, _dismissal(connection, close_code(rejection))])

    def _detach(self, request: Detach) -> None:
        who = self._door.let_out(request.connection)
        if who is not None and who.last:
            self._tell_connection(who.user_id, connected=False)
            self._tell_host()

    def _revoke(self, user_id: str) -> None:
        game = self.game
        if not (user_id in game.generations or user_id in game.hosts or user_id in self.presence.connected):
            return
        outcome = [] if game.phase is Phase.OVER else decide(game, commands.Rekey(user_id=user_id), self._at())
        assert isinstance(outcome, list)
        self._commit(outcome, self._dismissals(user_id, CloseCode.NOT_ADMITTED))

    # What happens

    def _commit(self, events: list[Event], out: Outgoing | None = None, *, admit: str | None = None) -> None:
        """Apply `events`; tell of them, after `out` and the state for the connection to `admit`, once they are kept."""
        now = self._around.timing.mono_ms()
        entries: list[Entry] = []
        heard: list[tuple[audience.Hearing, int]] = []
        dismissals: Outgoing = []
        for event in events:
            apply(self.game, event)
            entries.append(Entry(self.game.rev, event, now))
            heard += [(hearing, _opens(event)) for hearing in self._hearings(event)]
            dismissals += self._consequences(event, now)
        parcels = [self._parcel(hearing, opens) for hearing, opens in heard]
        outgoing = [*(out or ()), *self._admission(admit), *parcels, *dismissals]
        over = any(isinstance(event, GameEnded) for event in events)
        results = results_of(self.game, self._around.timing.unix_ms()) if over else None
        rev = self.game.rev
        snapshot = self._snapshots.after(self.game, events)
        self._around.committer.submit(self, entries, lambda: self._voice.tell(outgoing, rev=rev), results, snapshot)
        if events:
            self._arm()

    def _hearings(self, event: Event) -> list[audience.Hearing]:
        if isinstance(event, PlayerJoined | PlayerLeft) and self.game.player_count > LIST_LIMIT:
            self._latest_move = event
            self._roster.poke()
            return []
        return list(audience.hears(self._view, event, self.presence.connected))

    def _consequences(self, event: Event, now: int) -> Outgoing:
        """What an event means for the clock, the throttled news and the sockets."""
        if isinstance(event, AnswerGiven):
            self._progress.poke()
        elif isinstance(event, GamePaused | GameEnded):
            self._clock.stop(now)
        elif isinstance(event, GameResumed):
            self._clock.run(now)
        elif isinstance(event, PlayerLeft):
            why = CloseCode.REMOVED if event.reason == "kicked" else CloseCode.LEFT
            return self._dismissals(event.user_id, why)
        return []

    def _arm(self) -> None:
        timed = next_timer(self.game)
        if timed == self._timed or not self._alive:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timed = timed
        self._timer = self._around.timing.call_later(max(0, timed[0] - self._at()), self._due) if timed else None

    def _due(self) -> None:
        timed, self._timed, self._timer = self._timed, None, None
        if timed is not None and self._at() >= timed[0]:
            self.command(timed[1])
        self._arm()

    # What is told

    def _answer(self, connection: str, message: to_client.ToClient) -> None:
        """Tell one socket what changes nothing; it too waits for what came before."""
        self._commit([], [Parcel(content=codec.encode(message), connection=connection)])

    def _tell_everyone(self, message: to_client.ToClient) -> None:
        self._commit([], [Parcel(content=codec.encode(message, self.game.rev))])

    def _tell_progress(self) -> None:
        with self._crash_only():
            if self.game.phase is Phase.QUESTION:
                self._tell_everyone(audience.progress(self.game))

    def _tell_roster(self) -> None:
        with self._crash_only():
            if self._latest_move is not None:
                hearings = audience.hears(self._view, self._latest_move, self.presence.connected)
                self._commit([], [self._parcel(hearing, 0) for hearing in hearings])

    def _tell_connection(self, user_id: str, *, connected: bool) -> None:
        """In large games nobody looks at a list of everybody, and thousands may come back at once: not told."""
        if self.game.seated(user_id) is not None and self.game.player_count <= LIST_LIMIT:
            self._tell_everyone(to_client.PlayerConnection(user_id, connected))

    def _tell_host(self) -> None:
        if self._door.host_present != self._host_told:
            self._host_told = self._door.host_present
            self._tell_everyone(to_client.HostChanged(self._host_told))

    def _admission(self, connection: str | None) -> Outgoing:
        if connection is None:
            return []
        state = snapshot.game_state(
            self._view,
            self._door.receiver(connection, self._around.timing.unix_ms() // 1000),
            at=self._at(),
            connected=self.presence.connected,
            host_present=self._door.host_present,
            incarnation=self._incarnation,
            websocket_urls=self._around.websocket_urls(self.game_id),
        )
        return [Parcel(content=codec.encode(state, self.game.rev), connection=connection, admits=True)]

    def _parcel(self, hearing: audience.Hearing, opens: int) -> Parcel:
        content = codec.encode(hearing.message, self.game.rev, hearing.own)
        return Parcel(content=content, user_id=hearing.to, opens=opens)

    def _dismissals(self, user_id: str, why: CloseCode) -> Outgoing:
        return [_dismissal(connection, why) for connection in self._door.connections_of(user_id)]


def _opens(event: Event) -> int:
    return event.number if isinstance(event, QuestionOpened) else 0


def _dismissal(connection: str, why: CloseCode) -> Dismissal:
    return Dismissal(connection=connection, why=why)
