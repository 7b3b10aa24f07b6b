"""apply(game, event): the only code that changes a game. Total: an event that was decided always applies."""

from collections.abc import Callable, Iterable
from typing import Any

from momentum.game import events, names, phases
from momentum.game.model import Game, Seat


def apply(game: Game, event: events.Event) -> None:
    """Change `game` by one event, in place."""
    phase = phases.after(game.phase, event)
    _HANDLERS[type(event)](game, event)
    game.phase = phase
    game.rev += 1
    if type(event) not in _MOVES_NOBODY:
        game.board_rev = game.rev
    game.last_at = max(game.last_at, event.at)


def replay(log: Iterable[events.Event]) -> Game:
    """The game that a journal tells of, from its first event on."""
    entries = iter(log)
    first = next(entries, None)
    assert isinstance(first, events.GameCreated), "a journal begins with game_created"
    game = Game.created(first)
    for event in entries:
        apply(game, event)
    return game


def _player_joined(game: Game, event: events.PlayerJoined) -> None:
    seat = game.seats.get(event.user_id)
    if seat is None:
        game.joins += 1
        seat = Seat(event.user_id, event.username, event.is_host, order=game.joins)
        game.seats[event.user_id] = seat
        game.names[names.key(event.username)] = event.user_id
    seat.gone = None
    game.player_count += 1
    if event.user_id in game.eligible and event.user_id not in game.answered:
        game.awaited.add(event.user_id)


def _player_left(game: Game, event: events.PlayerLeft) -> None:
    seat = game.seats[event.user_id]
    game.player_count -= seat.gone is None
    game.awaited.discard(event.user_id)
    if event.reason == "kicked":
        game.banned.add(event.user_id)
    if game.started:
        seat.gone = event.reason
    else:
        del game.seats[event.user_id]
        del game.names[names.key(seat.username)]


def _seat_rekeyed(game: Game, event: events.SeatRekeyed) -> None:
    game.generations[event.user_id] = event.generation


def _game_locked(game: Game, event: events.GameLocked) -> None:
    game.locked = event.locked


def _game_started(game: Game, event: events.GameStarted) -> None:
    game.next_at = event.first_question_at


def _question_opened(game: Game, event: events.QuestionOpened) -> None:
    game.number = event.number
    game.opened_at, game.deadline, game.next_at = event.at, event.deadline, None
    game.eligible = {seat.user_id for seat in game.players}
    game.awaited = set(game.eligible)
    game.answered = {}


def _answer_given(game: Game, event: events.AnswerGiven) -> None:
    game.awaited.discard(event.user_id)
    game.answered[event.user_id] = event
    game.seats[event.user_id].answers[event.number] = event


def _question_closed(game: Game, event: events.QuestionClosed) -> None:
    game.closings.append(event)
    game.next_at = event.next_at
    game.eligible, game.awaited = set(), set()
    if event.voided:
        return
    for answer in game.answered.values():
        if answer.correct:
            seat = game.seats[answer.user_id]
            seat.score += answer.points
            seat.correct_ms += answer.t_ms
            seat.correct_count += 1


def _game_paused(game: Game, event: events.GamePaused) -> None:
    game.paused = True


def _game_resumed(game: Game, event: events.GameResumed) -> None:
    game.paused = False


def _game_taken(game: Game, event: events.GameTaken) -> None:
    game.epoch = event.epoch


def _game_ended(game: Game, event: events.GameEnded) -> None:
    game.end_reason = event.reason
    game.next_at = None


_MOVES_NOBODY = frozenset({events.SeatRekeyed, events.AnswerGiven, events.GameTaken})

_HANDLERS: dict[type[events.Event], Callable[[Game, Any], None]] = {
    events.PlayerJoined: _player_joined,
    events.PlayerLeft: _player_left,
    events.SeatRekeyed: _seat_rekeyed,
    events.GameLocked: _game_locked,
    events.GameStarted: _game_started,
    events.QuestionOpened: _question_opened,
    events.AnswerGiven: _answer_given,
    events.QuestionClosed: _question_closed,
    events.GamePaused: _game_paused,
    events.GameResumed: _game_resumed,
    events.GameTaken: _game_taken,
    events.GameEnded: _game_ended,
}
