"""What every command leads to in every phase, and the abuses that the rules refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from momentum.game import commands, events
from momentum.game.model import Game
from momentum.game.outcome import Recorded, Rejection

from .table import (
    ALICE,
    BOB,
    CHARLIE,
    DORA,
    INTERMISSION_MS,
    RIGHT,
    SITUATIONS,
    TIMER_MS,
    WRONG,
    Anybody,
    Table,
    answering,
    created,
    playing,
    seated,
)

NOBODY: frozenset[str] = frozenset()
MakeCommand = Callable[[Game], commands.Command]


def of(by: str, command: type[commands.HostCommand]) -> MakeCommand:
    return lambda game: command(by=by)


def join(user_id: str, generation: int | None = None) -> MakeCommand:
    return lambda game: commands.Join(user_id=user_id, username=user_id.title(), generation=generation)


def leave(user_id: str) -> MakeCommand:
    return lambda game: commands.Leave(user_id=user_id, present=Anybody())


def kick(user_id: str, by: str = ALICE) -> MakeCommand:
    return lambda game: commands.Kick(by=by, user_id=user_id, present=Anybody())


def lock(locked: bool, by: str = ALICE) -> MakeCommand:
    return lambda game: commands.Lock(by=by, locked=locked)


def answer(user_id: str) -> MakeCommand:
    return lambda game: answering(game, user_id)


def in_all(told: str, **but: str) -> dict[str, str]:
    return dict.fromkeys(SITUATIONS, told) | {situation.replace("_", " "): told for situation, told in but.items()}


def started(told: str, *, lobby: str, over: str) -> dict[str, str]:
    return in_all(told, lobby=lobby, over=over)


HOST_COMMANDS: dict[str, Callable[[str], MakeCommand]] = {
    "start": lambda by: of(by, commands.Start),
    "next": lambda by: of(by, commands.Next),
    "skip": lambda by: of(by, commands.Skip),
    "pause": lambda by: of(by, commands.Pause),
    "resume": lambda by: of(by, commands.Resume),
    "end": lambda by: of(by, commands.End),
    "kick": lambda by: kick(DORA, by),
    "lock": lambda by: lock(True, by),
}

TABLE: dict[str, tuple[MakeCommand, dict[str, str]]] = {
    "a stranger joins": (join(CHARLIE), in_all("player_joined seat_rekeyed", over="!game_over")),
    "a player comes back": (join(BOB), in_all("seat_rekeyed", over="")),
    "a player comes back with an old token": (join(BOB, 1), in_all("!bad_token")),
    "a player comes back with the token": (join(BOB, 3), in_all("seat_rekeyed", over="")),
    "the host who does not play joins": (join(ALICE), in_all("!not_allowed")),
    "a player logs out": (lambda game: commands.Rekey(user_id=BOB), in_all("seat_rekeyed")),
    "a player leaves": (leave(BOB), in_all("player_left", over="")),
    "a stranger leaves": (leave(CHARLIE), in_all("")),
    "Bob answers": (
        answer(BOB),
        in_all(
            "!not_open",
            question="answer_given",
            reveal="recorded",
            over="recorded",
            paused_question="!paused",
            paused_reveal="recorded",
        ),
    ),
    "Dora answers": (
        answer(DORA),
        in_all("!not_open", question="answer_given", paused_question="!paused"),
    ),
    "a stranger answers": (answer(CHARLIE), in_all("!not_seated")),
    "the host who does not play answers": (answer(ALICE), in_all("!not_seated")),
    "start": (of(ALICE, commands.Start), started("", lobby="game_started", over="!game_over")),
    "next": (
        of(ALICE, commands.Next),
        in_all(
            "!not_now",
            starting="question_opened",
            reveal="question_opened",
            paused_starting="game_resumed question_opened",
            paused_reveal="game_resumed question_opened",
        ),
    ),
    "skip": (
        of(ALICE, commands.Skip),
        in_all("!not_open", question="question_closed", paused_question="game_resumed question_closed"),
    ),
    "pause": (
        of(ALICE, commands.Pause),
        in_all(
            "", lobby="!not_now", over="!not_now", **dict.fromkeys(("starting", "question", "reveal"), "game_paused")
        ),
    ),
    "resume": (
        of(ALICE, commands.Resume),
        in_all("", **dict.fromkeys(("paused_starting", "paused_question", "paused_reveal"), "game_resumed")),
    ),
    "kick a player": (kick(BOB), in_all("player_left", over="!game_over")),
    "kick a stranger": (kick(CHARLIE), in_all("!no_such_player", over="!game_over")),
    "kick the host": (kick(ALICE), in_all("!not_allowed")),
    "lock": (lock(True), in_all("game_locked", over="!game_over")),
    "unlock what is not locked": (lock(False), in_all("", over="!game_over")),
    "end": (
        of(ALICE, commands.End),
        in_all(
            "game_ended",
            question="question_closed game_ended",
            over="",
            paused_starting="game_resumed game_ended",
            paused_question="game_resumed question_closed game_ended",
            paused_reveal="game_resumed game_ended",
        ),
    ),
    "the wait is not over": (lambda game: commands.OpenQuestion(after=game.number), in_all("", starting="", reveal="")),
    "the deadline is not here": (lambda game: commands.CloseQuestion(number=game.number), in_all("")),
    "everybody is away": (lambda game: commands.PresenceChanged(present=NOBODY), in_all("")),
    "carry on": (
        lambda game: commands.CarryOn(after=game.number),
        in_all("", **dict.fromkeys(("paused_starting", "paused_question", "paused_reveal"), "game_resumed")),
    ),
    "an old carry on": (lambda game: commands.CarryOn(after=game.number - 1), in_all("")),
    "expire": (lambda game: commands.Expire(), in_all("", lobby="game_ended")),
    "another node takes over": (lambda game: commands.Take(epoch=2, node="node-2"), in_all("game_taken")),
}
CASES = [
    pytest.param(make, situation, told, id=f"{name}-{situation}")
    for name, (make, expected) in TABLE.items()
    for situation, told in expected.items()
]


@pytest.mark.parametrize(("make", "situation", "told"), CASES)
def test_each_command_in_each_phase(make: MakeCommand, situation: str, told: str) -> None:
    table = SITUATIONS[situation]()
    before = list(table.journal)
    assert table.told(make(table.game)) == told
    assert told[:1] != "!" or table.journal == before


def test_the_table_knows_every_command() -> None:
    game = playing().game
    known = {kind for kind in vars(commands).values() if isinstance(kind, type) and issubclass(kind, commands.Command)}
    known -= {commands.Command, commands.HostCommand}
    assert {type(make(game)) for make, _ in TABLE.values()} == known


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("by", [BOB, CHARLIE])
@pytest.mark.parametrize("command", HOST_COMMANDS)
def test_only_hosts_may_command(command: str, by: str, situation: str) -> None:
    table = SITUATIONS[situation]()
    assert table.told(HOST_COMMANDS[command](by)(table.game)) == "!not_host"


def test_a_co_host_may_do_what_the_host_may() -> None:
    table = Table(created(hosts=(ALICE, DORA)))
    table.join(BOB)
    assert table.told(commands.Start(by=DORA)) == "game_started"


def test_joining_first_makes_nobody_host() -> None:
    table = seated(BOB)
    assert not table.game.seats[BOB].is_host
    assert table.told(commands.Start(by=BOB)) == "!not_host"


# Starting


def test_a_game_without_players_cannot_start() -> None:
    assert Table(created()).told(commands.Start(by=ALICE)) == "!cannot_start"


def test_a_game_without_questions_cannot_start() -> None:
    table = seated(questions=0)
    outcome = table.do(commands.Start(by=ALICE))
    assert isinstance(outcome, Rejection)
    assert (outcome.code, "question" in outcome.message) == ("cannot_start", True)


def test_starting_a_hundred_times_starts_once() -> None:
    table = seated()
    told = [table.told(commands.Start(by=ALICE)) for _ in range(100)]
    assert told == ["game_started"] + [""] * 99


def test_without_a_countdown_the_first_question_opens_at_once() -> None:
    table = seated(countdown_ms=0)
    assert table.told(commands.Start(by=ALICE)) == "game_started question_opened"


# Seats


def test_capacity_is_exact() -> None:
    table = Table(created(max_players=6))
    told = [table.told(join(f"player-{n}")(table.game)) for n in range(50)]
    assert told.count("player_joined seat_rekeyed") == 6
    assert told.count("!full") == 44


def test_a_seat_is_kept_for_the_host_who_plays() -> None:
    table = Table(created(max_players=2, host_plays=True))
    table.join(BOB)
    assert table.told(join(DORA)(table.game)) == "!full"
    assert table.told(join(ALICE)(table.game)) == "player_joined seat_rekeyed"
    assert table.game.seats[ALICE].is_host
    assert len(table.game.players) == 2


def test_more_hosts_than_seats_do_not_exceed_the_capacity() -> None:
    table = Table(created(max_players=1, hosts=(ALICE, DORA), host_plays=True))
    table.join(ALICE)
    assert table.told(join(DORA)(table.game)) == "!full"


def test_the_capacity_holds_when_somebody_who_left_comes_back() -> None:
    table = playing(BOB, max_players=1)
    table.do(leave(BOB)(table.game))
    assert table.told(join(CHARLIE)(table.game)) == "!full"
    assert table.told(join(BOB)(table.game)) == "player_joined seat_rekeyed"


def test_leaving_a_waiting_room_gives_the_seat_up() -> None:
    table = seated(BOB, max_players=1)
    table.do(leave(BOB)(table.game))
    assert table.told(join(CHARLIE)(table.game)) == "player_joined seat_rekeyed"


def test_a_kick_gives_the_seat_up() -> None:
    table = playing(BOB, max_players=1)
    table.do(kick(BOB)(table.game))
    assert table.told(join(CHARLIE)(table.game)) == "player_joined seat_rekeyed"


def test_strangers_who_come_and_go_do_not_fill_the_board() -> None:
    table = playing(BOB, DORA, max_players=3)
    for n in range(10):
        table.do(join(f"visitor-{n}")(table.game))
        table.do(leave(f"visitor-{n}")(table.game))
    assert len(table.game.seats) == 3


def test_a_locked_game_lets_in_only_who_has_a_seat() -> None:
    table = playing()
    table.do(leave(BOB)(table.game))
    table.do(lock(True)(table.game))
    assert table.told(join(CHARLIE)(table.game)) == "!locked"
    assert table.told(join(DORA)(table.game)) == "seat_rekeyed"
    assert table.told(join(BOB)(table.game)) == "player_joined seat_rekeyed"


def test_a_started_game_without_late_join_lets_in_only_who_has_a_seat() -> None:
    table = playing(late_join=False)
    table.do(leave(BOB)(table.game))
    assert table.told(join(CHARLIE)(table.game)) == "!already_started"
    assert table.told(join(BOB)(table.game)) == "player_joined seat_rekeyed"


def test_a_host_who_plays_gets_in_at_any_time() -> None:
    table = playing(host_plays=True, late_join=False)
    table.do(lock(True)(table.game))
    assert table.told(join(ALICE)(table.game)) == "player_joined seat_rekeyed"


def test_leaving_a_waiting_room_gives_the_name_up() -> None:
    table = seated(BOB)
    table.do(leave(BOB)(table.game))
    table.do(commands.Join(user_id=CHARLIE, username="bob"))
    assert table.game.seats[CHARLIE].username == "bob"


def test_a_late_joiner_plays_from_the_next_question_on() -> None:
    table = playing()
    table.join(CHARLIE)
    assert table.answer(CHARLIE) == "!not_eligible"
    table.close()
    table.open_next()
    assert table.answer(CHARLIE) == "answer_given"


def test_who_left_and_comes_back_may_still_answer() -> None:
    table = playing()
    table.do(leave(BOB)(table.game))
    table.join(BOB)
    assert table.answer(BOB) == "answer_given"


def test_who_comes_back_cannot_answer_again() -> None:
    table = playing()
    table.answer(BOB)
    table.do(leave(BOB)(table.game))
    table.join(BOB)
    assert table.answer(BOB, WRONG) == "recorded"
    assert BOB not in table.game.awaited


def test_who_had_left_before_the_opening_waits_for_the_next_question() -> None:
    table = playing()
    table.do(leave(BOB)(table.game))
    table.close()
    table.open_next()
    table.join(BOB)
    assert table.answer(BOB) == "!not_eligible"


def test_who_was_kicked_never_comes_back() -> None:
    for table in (seated(), playing()):
        table.do(kick(BOB)(table.game))
        assert table.told(join(BOB)(table.game)) == "!kicked"
        assert table.told(join(BOB, 99)(table.game)) == "!kicked"
        assert table.answer(BOB) == "!not_seated"


@pytest.mark.parametrize("situation", ["lobby", "question"])
def test_a_second_kick_changes_nothing(situation: str) -> None:
    table = SITUATIONS[situation]()
    assert table.told(kick(BOB)(table.game)) == "player_left"
    assert table.told(kick(BOB)(table.game)) == ""


def test_who_left_can_still_be_kicked() -> None:
    table = playing()
    table.do(leave(BOB)(table.game))
    assert table.told(kick(BOB)(table.game)) == "player_left"
    assert table.told(join(BOB)(table.game)) == "!kicked"


def test_a_score_survives_leaving() -> None:
    table = playing()
    table.answer(BOB)
    table.close()
    table.do(leave(BOB)(table.game))
    assert table.game.seats[BOB].score == 967


def test_a_bad_name_is_refused_and_a_taken_one_gets_a_number() -> None:
    table = seated(BOB)
    assert table.told(commands.Join(user_id="x", username="\u202eboB")) == "!bad_name"
    table.do(commands.Join(user_id="y", username=" \uff22\uff2f\uff22 "))
    assert table.game.seats["y"].username == "\uff22\uff2f\uff22 2"


# Resume tokens: the one handed out is of the generation after the current one


def test_a_token_admits_until_the_next_one_has_been_used() -> None:
    table = seated(BOB)
    handed_out = table.game.generations[BOB] + 1
    table.do(join(BOB, handed_out)(table.game))
    assert table.told(join(BOB, handed_out)(table.game)) == "seat_rekeyed"
    table.do(join(BOB, handed_out + 1)(table.game))
    assert table.told(join(BOB, handed_out)(table.game)) == "!bad_token"


@pytest.mark.parametrize("end_it", [join(BOB), lambda game: commands.Rekey(user_id=BOB)])
def test_coming_by_another_way_or_logging_out_ends_every_token(end_it: MakeCommand) -> None:
    table = seated(BOB)
    handed_out = table.game.generations[BOB] + 1
    table.do(end_it(table.game))
    assert table.told(join(BOB, handed_out)(table.game)) == "!bad_token"
    assert table.told(join(BOB, table.game.generations[BOB] + 1)(table.game)) == "seat_rekeyed"


# Answers


def test_the_same_answer_again_gets_the_record() -> None:
    table = playing()
    table.answer(BOB)
    record = table.latest(events.AnswerGiven)
    assert table.do(answering(table.game, BOB)) == Recorded(record)
    assert table.do(answering(table.game, BOB, WRONG)) == Recorded(record)
    assert table.journal.count(record) == 1


@pytest.mark.parametrize("late", [False, True])
def test_an_answer_is_told_again_after_the_close_and_in_later_questions(late: bool) -> None:
    table = playing()
    table.answer(BOB)
    table.close()
    if late:
        table.open_next()
    assert table.answer(BOB, question_id="q1") == "recorded"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"question_id": "q2"}, "!wrong_question"),
        ({"question_id": ""}, "!wrong_question"),
        ({"question_id": "bank-1"}, "!wrong_question"),
        ({"answer": "Vienna"}, "!no_such_option"),
        ({"answer": "paris"}, "!no_such_option"),
        ({"answer": RIGHT + " "}, "!no_such_option"),
        ({"answer": "1"}, "!no_such_option"),
        ({"answer": ""}, "!no_such_option"),
    ],
)
def test_an_answer_names_the_open_question_and_one_of_its_options(changes: dict[str, Any], code: str) -> None:
    table = playing()
    assert table.answer(BOB, **changes) == code
    assert BOB in table.game.awaited


def test_an_answer_to_the_question_before_is_refused() -> None:
    table = playing()
    table.close()
    table.open_next()
    assert table.answer(BOB, question_id="q1") == "!wrong_question"


@pytest.mark.parametrize(
    ("after_deadline_ms", "relayed", "told"),
    [
        (-1, False, "answer_given"),
        (0, False, "answer_given"),
        (1, False, "!too_late"),
        (0, True, "answer_given"),
        (49, True, "answer_given"),
        (50, True, "answer_given"),
        (51, True, "!too_late"),
    ],
)
def test_an_answer_is_in_time_up_to_the_deadline(after_deadline_ms: int, relayed: bool, told: str) -> None:
    table = playing()
    table.at = table.game.deadline + after_deadline_ms
    assert table.answer(BOB, elapsed_ms=TIMER_MS + after_deadline_ms, relayed=relayed) == told


def test_the_timer_never_closes_a_question_before_the_last_answer_that_is_in_time() -> None:
    table = playing()
    table.at = table.game.deadline + 50
    assert table.told(commands.CloseQuestion(number=1)) == ""
    assert table.answer(BOB, relayed=True) == "answer_given"
    table.at += 1
    assert table.told(commands.CloseQuestion(number=1)) == "question_closed"


def test_what_is_recorded_is_what_was_answered() -> None:
    table = playing()
    table.at += 4_000
    table.answer(BOB, elapsed_ms=4_000, credit_ms=100)
    assert table.latest(events.AnswerGiven) == events.AnswerGiven(
        at=table.at, number=1, user_id=BOB, choice=1, correct=True, points=870, t_ms=3_900, credit_ms=100
    )


@pytest.mark.parametrize(
    ("elapsed_ms", "credit_ms", "t_ms", "taken_off_ms"),
    [(1_000, 150, 850, 150), (1_000, 2_000, 850, 150), (1_000, -5, 1_000, 0), (100, 150, 0, 100), (-3, 20, 0, 0)],
)
def test_the_credit_in_the_journal_is_what_was_taken_off(
    elapsed_ms: int, credit_ms: int, t_ms: int, taken_off_ms: int
) -> None:
    table = playing()
    table.answer(BOB, elapsed_ms=elapsed_ms, credit_ms=credit_ms)
    record = table.latest(events.AnswerGiven)
    assert (record.t_ms, record.credit_ms) == (t_ms, taken_off_ms)


# When a question closes


def closing(table: Table) -> events.QuestionClosed:
    return table.latest(events.QuestionClosed)


def test_race_closes_with_the_first_correct_answer() -> None:
    table = playing(pace="race")
    assert table.answer(BOB, WRONG) == "answer_given"
    assert table.answer(DORA) == "answer_given question_closed"
    assert closing(table).reason == "won"


@pytest.mark.parametrize("pace", ["race", "everyone"])
def test_a_question_closes_when_all_have_answered(pace: str) -> None:
    table = playing(pace=pace)
    table.answer(BOB, WRONG)
    assert table.answer(DORA, WRONG) == "answer_given question_closed"
    assert closing(table).reason == "answered"


def test_everyone_does_not_close_with_the_first_correct_answer() -> None:
    table = playing()
    assert table.answer(BOB) == "answer_given"


def test_a_late_joiner_is_not_waited_for() -> None:
    table = playing(BOB)
    table.join(CHARLIE)
    assert table.answer(BOB) == "answer_given question_closed"


@pytest.mark.parametrize("pace", ["race", "everyone"])
def test_a_question_closes_when_all_who_are_present_have_answered(pace: str) -> None:
    table = playing(pace=pace)
    table.answer(BOB, WRONG, present={BOB, DORA})
    assert table.told(commands.PresenceChanged(present={BOB, DORA})) == ""
    assert table.told(commands.PresenceChanged(present={BOB})) == "question_closed"


def test_the_last_one_present_closes_with_the_answer() -> None:
    assert playing().answer(BOB, present={BOB}) == "answer_given question_closed"


def test_while_nobody_has_answered_those_away_may_come_back() -> None:
    table = playing()
    assert table.told(commands.PresenceChanged(present=NOBODY)) == ""
    assert table.answer(BOB, present={BOB, DORA}) == "answer_given"


@pytest.mark.parametrize("go", [leave, kick])
def test_a_question_closes_when_the_last_one_awaited_goes(go: Callable[[str], MakeCommand]) -> None:
    table = playing()
    table.answer(BOB)
    assert table.told(go(DORA)(table.game)) == "player_left question_closed"


def test_a_question_closes_when_everybody_has_left() -> None:
    table = playing()
    assert table.told(leave(BOB)(table.game)) == "player_left"
    assert table.told(leave(DORA)(table.game)) == "player_left question_closed"


def test_a_question_that_nobody_could_answer_closes_as_it_opens() -> None:
    table = SITUATIONS["reveal"]()
    for user_id in (BOB, DORA):
        table.do(leave(user_id)(table.game))
    assert table.told(commands.Next(by=ALICE)) == "question_opened question_closed"
    assert closing(table).number == 2


@pytest.mark.parametrize("go_on", [of(ALICE, commands.Resume), lambda game: commands.CarryOn(after=1)])
def test_a_question_that_everybody_left_during_the_pause_closes_with_it(go_on: MakeCommand) -> None:
    table = SITUATIONS["paused question"]()
    for user_id in (BOB, DORA):
        assert table.told(leave(user_id)(table.game)) == "player_left"
    assert table.told(go_on(table.game)) == "game_resumed question_closed"


def test_a_timer_of_another_question_does_nothing() -> None:
    table = playing()
    table.close()
    table.open_next()
    table.at += 10 * TIMER_MS
    assert table.told(commands.CloseQuestion(number=1)) == ""
    assert table.told(commands.CloseQuestion(number=3)) == ""
    assert table.told(commands.OpenQuestion(after=1)) == ""
    assert table.told(commands.CloseQuestion(number=2)) == "question_closed"
    table.at += 10 * TIMER_MS
    assert table.told(commands.OpenQuestion(after=1)) == ""
    assert table.told(commands.CloseQuestion(number=2)) == ""
    assert table.told(commands.OpenQuestion(after=2)) == "question_opened"


@pytest.mark.parametrize("situation", ["paused starting", "paused question", "paused reveal"])
def test_no_timer_moves_a_paused_game(situation: str) -> None:
    table = SITUATIONS[situation]()
    table.at += 10 * TIMER_MS
    assert table.told(commands.CloseQuestion(number=table.game.number)) == ""
    assert table.told(commands.OpenQuestion(after=table.game.number)) == ""


@pytest.mark.parametrize("pace", ["race", "everyone"])
def test_a_skipped_question_gives_no_points(pace: str) -> None:
    table = playing(pace=pace)
    table.answer(BOB, WRONG if pace == "race" else RIGHT)
    table.do(commands.Skip(by=ALICE))
    assert (closing(table).reason, closing(table).voided) == ("skipped", True)
    assert table.game.seats[BOB].score == 0


# Going on, and the end


def test_the_intermission_is_timed() -> None:
    table = SITUATIONS["reveal"]()
    assert closing(table).next_at == closing(table).at + INTERMISSION_MS
    table.at = closing(table).at + INTERMISSION_MS - 1
    assert table.told(commands.OpenQuestion(after=1)) == ""
    table.at += 1
    assert table.told(commands.OpenQuestion(after=1)) == "question_opened"


def test_without_a_timed_intermission_the_host_goes_on_or_the_game_carries_on() -> None:
    table = playing(intermission_ms=None)
    table.close()
    assert closing(table).next_at is None
    assert table.told(commands.OpenQuestion(after=1)) == ""
    assert table.told(commands.CarryOn(after=0)) == ""
    assert table.told(commands.CarryOn(after=1)) == "question_opened"


def test_next_twice_opens_one_question() -> None:
    table = SITUATIONS["reveal"]()
    assert [table.told(commands.Next(by=ALICE)) for _ in range(2)] == ["question_opened", "!not_now"]


def test_after_the_last_question_the_game_is_complete() -> None:
    table = playing(questions=1)
    table.close()
    assert table.told(commands.Next(by=ALICE)) == "game_ended"
    assert table.game.end_reason == "completed"


def test_ending_in_a_question_voids_it() -> None:
    table = playing()
    table.answer(BOB)
    table.do(commands.End(by=ALICE))
    assert (closing(table).reason, closing(table).voided) == ("ended", True)
    assert table.game.seats[BOB].score == 0
    assert table.game.end_reason == "ended_by_host"


def test_an_unused_waiting_room_expires() -> None:
    table = Table(created())
    table.do(commands.Expire())
    assert table.game.end_reason == "expired"


def test_fifty_perfect_answers_stay_whole_numbers() -> None:
    table = playing(BOB, questions=50)
    for _ in range(50):
        table.answer(BOB, elapsed_ms=0)
        table.fire()
    assert (table.game.phase, table.game.seats[BOB].score) == ("over", 50_000)
