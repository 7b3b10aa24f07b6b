"""decide(game, command, at): what a command leads to. Reads the game, never changes it.

The outcome is a list of events (possibly empty: nothing changes), a Rejection (with a code, for the sender alone),
or Recorded (the answer was given before: its record is told again).
"""

from collections.abc import Callable, Container
from typing import Any

from momentum.game import commands, events, scoring, seating
from momentum.game.model import Game, Seat
from momentum.game.outcome import Outcome, Recorded, Rejection
from momentum.game.phases import Phase


def decide(game: Game, command: commands.Command, at: int) -> Outcome:
    """The outcome of `command` at `at` milliseconds of the game's clock."""
    if isinstance(command, commands.HostCommand) and command.by not in game.hosts:
        return Rejection("not_host", "Only the host can do this.")
    return _DECIDERS[type(command)](game, command, at)


def _leave(game: Game, command: commands.Leave, at: int) -> Outcome:
    if game.phase is Phase.OVER or game.seated(command.user_id) is None:
        return []
    left: list[events.Event] = [_left(game, command.user_id, "left", at)]
    return left + _close_if_complete(game, at, command.present, without=command.user_id)


def _kick(game: Game, command: commands.Kick, at: int) -> Outcome:
    if command.user_id in game.hosts:
        return Rejection("not_allowed", "A host cannot be removed.")
    if game.phase is Phase.OVER:
        return Rejection("game_over", "This game is over.")
    if command.user_id in game.banned:
        return []
    if command.user_id not in game.seats:
        return Rejection("no_such_player", "There is no such player in this game.")
    kicked: list[events.Event] = [_left(game, command.user_id, "kicked", at)]
    return kicked + _close_if_complete(game, at, command.present, without=command.user_id)


def _left(game: Game, user_id: str, reason: events.LeaveReason, at: int) -> events.PlayerLeft:
    return events.PlayerLeft(at=at, user_id=user_id, username=game.seats[user_id].username, reason=reason)


def _start(game: Game, command: commands.Start, at: int) -> Outcome:
    if game.phase is Phase.OVER:
        return Rejection("game_over", "This game is over.")
    if game.started:
        return []
    if not game.questions:
        return Rejection("cannot_start", "A game needs at least one question. Add questions to the contest first.")
    if not game.player_count:
        return Rejection("cannot_start", "A game needs at least one player. Share the PIN first.")
    started = events.GameStarted(at=at, first_question_at=at + game.settings.countdown_ms)
    return [started] if game.settings.countdown_ms else [started, _opening(game, 1, at)]


def _answer(game: Game, command: commands.Answer, at: int) -> Outcome:
    seat = game.seated(command.user_id)
    if seat is None:
        return Rejection("not_seated", "Only players of this game can answer.")
    if recorded := _recorded(game, seat, command.question_id):
        return recorded
    if refused := _cannot_answer(game, command, at):
        return refused
    return _answered(game, command, at)


def _recorded(game: Game, seat: Seat, question_id: str) -> Recorded | None:
    for number, answer in seat.answers.items():
        if game.questions[number - 1].id == question_id:
            return Recorded(answer)
    return None


def _cannot_answer(game: Game, command: commands.Answer, at: int) -> Rejection | None:
    if game.phase is not Phase.QUESTION:
        return Rejection("not_open", "No question is open.")
    if game.paused:
        return Rejection("paused", "The game is paused.")
    if command.question_id != game.question.id:
        return Rejection("wrong_question", "This is not the open question.")
    if command.user_id not in game.awaited:
        return Rejection("not_eligible", "You joined during this question. You play from the next one on.")
    if at > (game.last_call if command.relayed else game.deadline):
        return Rejection("too_late", "The time for this question is over.")
    if command.answer not in game.question.options:
        return Rejection("no_such_option", "Answer with one of the question's options.")
    return None


def _answered(game: Game, command: commands.Answer, at: int) -> Outcome:
    timer_ms = game.settings.timer_ms
    choice = game.question.options.index(command.answer)
    correct = choice == game.question.correct
    credit_ms = scoring.credit(command.elapsed_ms, command.credit_ms)
    t_ms = scoring.time_taken(command.elapsed_ms, credit_ms, timer_ms)
    answer = events.AnswerGiven(
        at=at,
        number=game.number,
        user_id=command.user_id,
        choice=choice,
        correct=correct,
        points=scoring.points(correct=correct, t_ms=t_ms, timer_ms=timer_ms),
        t_ms=t_ms,
        credit_ms=credit_ms,
    )
    if correct and game.settings.pace == "race":
        return [answer, _closing(game, at, "won")]
    return [answer, *_close_if_complete(game, at, command.present, without=command.user_id, answered=True)]


def _close_if_complete(
    game: Game, at: int, present: Container[str], *, without: str | None = None, answered: bool = False
) -> list[events.Event]:
    """The closing, if nobody but `without` is left to wait for.

    As long as nobody has answered at all, players who are away still have their time: they may come back.
    """
    if game.phase is not Phase.QUESTION or game.paused:
        return []
    others = len(game.awaited) - (without in game.awaited)
    if others and any(user_id in present for user_id in game.awaited if user_id != without):
        return []
    if others and not (answered or game.answered):
        return []
    return [_closing(game, at, "answered")]


def _presence_changed(game: Game, command: commands.PresenceChanged, at: int) -> Outcome:
    return _close_if_complete(game, at, command.present)


def _skip(game: Game, command: commands.Skip, at: int) -> Outcome:
    if game.phase is not Phase.QUESTION:
        return Rejection("not_open", "No question is open.")
    return [*_resumed(game, at), _closing(game, at, "skipped", voided=True)]


def _close_question(game: Game, command: commands.CloseQuestion, at: int) -> Outcome:
    open_now = game.phase is Phase.QUESTION and command.number == game.number and not game.paused
    return [_closing(game, at, "deadline")] if open_now and at > game.last_call else []


def _next(game: Game, command: commands.Next, at: int) -> Outcome:
    if game.phase not in (Phase.STARTING, Phase.REVEAL):
        return Rejection("not_now", "There is no question to go on to now.")
    return [*_resumed(game, at), *_going_on(game, at)]


def _open_question(game: Game, command: commands.OpenQuestion, at: int) -> Outcome:
    waiting = game.phase in (Phase.STARTING, Phase.REVEAL) and command.after == game.number and not game.paused
    due = waiting and game.next_at is not None and at >= game.next_at
    return _going_on(game, at) if due else []


def _carry_on(game: Game, command: commands.CarryOn, at: int) -> Outcome:
    if command.after != game.number or not game.started or game.phase is Phase.OVER:
        return []
    stuck = game.phase is Phase.REVEAL and game.next_at is None
    return _back_in_play(game, at) + (_going_on(game, at) if stuck else [])


def _going_on(game: Game, at: int) -> list[events.Event]:
    if game.number == len(game.questions):
        return [events.GameEnded(at=at, reason="completed")]
    number = game.number + 1
    opened: list[events.Event] = [_opening(game, number, at)]
    return opened if game.player_count else [*opened, _closing(game, at, "answered", number=number)]


def _pause(game: Game, command: commands.Pause, at: int) -> Outcome:
    if game.phase in (Phase.LOBBY, Phase.OVER):
        return Rejection("not_now", "Only a running game can be paused.")
    return [] if game.paused else [events.GamePaused(at=at)]


def _resume(game: Game, command: commands.Resume, at: int) -> Outcome:
    return _back_in_play(game, at)


def _back_in_play(game: Game, at: int) -> list[events.Event]:
    """The end of a pause, and of the question if everybody it waited for has gone meanwhile."""
    emptied = game.paused and game.phase is Phase.QUESTION and not game.awaited
    return _resumed(game, at) + ([_closing(game, at, "answered")] if emptied else [])


def _resumed(game: Game, at: int) -> list[events.Event]:
    return [events.GameResumed(at=at)] if game.paused else []


def _lock(game: Game, command: commands.Lock, at: int) -> Outcome:
    if game.phase is Phase.OVER:
        return Rejection("game_over", "This game is over.")
    return [] if game.locked == command.locked else [events.GameLocked(at=at, locked=command.locked)]


def _end(game: Game, command: commands.End, at: int) -> Outcome:
    if game.phase is Phase.OVER:
        return []
    ended: list[events.Event] = [events.GameEnded(at=at, reason="ended_by_host")]
    if game.phase is Phase.QUESTION:
        return [*_resumed(game, at), _closing(game, at, "ended", voided=True), *ended]
    return _resumed(game, at) + ended


def _expire(game: Game, command: commands.Expire, at: int) -> Outcome:
    return [events.GameEnded(at=at, reason="expired")] if game.phase is Phase.LOBBY else []


def _take(game: Game, command: commands.Take, at: int) -> Outcome:
    return [events.GameTaken(at=at, epoch=command.epoch, node=command.node)]


def _opening(game: Game, number: int, at: int) -> events.QuestionOpened:
    return events.QuestionOpened(at=at, number=number, deadline=at + game.settings.timer_ms)


def _closing(
    game: Game, at: int, reason: events.CloseReason, *, number: int | None = None, voided: bool = False
) -> events.QuestionClosed:
    """The closing of question `number`: the open one, unless told otherwise."""
    wait = game.settings.intermission_ms
    next_at = None if wait is None else at + wait
    number = game.number if number is None else number
    return events.QuestionClosed(at=at, number=number, reason=reason, voided=voided, next_at=next_at)


_DECIDERS: dict[type[commands.Command], Callable[[Game, Any, int], Outcome]] = {
    commands.Join: seating.join,
    commands.Rekey: seating.rekey,
    commands.Leave: _leave,
    commands.Answer: _answer,
    commands.Start: _start,
    commands.Next: _next,
    commands.Skip: _skip,
    commands.Pause: _pause,
    commands.Resume: _resume,
    commands.Kick: _kick,
    commands.Lock: _lock,
    commands.End: _end,
    commands.OpenQuestion: _open_question,
    commands.CloseQuestion: _close_question,
    commands.PresenceChanged: _presence_changed,
    commands.CarryOn: _carry_on,
    commands.Expire: _expire,
    commands.Take: _take,
}
