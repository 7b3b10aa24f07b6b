"""What every journal must do, whatever database keeps it. A subclass gives `journal` and `reopen`."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from momentum.game.events import (
    AnswerGiven,
    Event,
    GameEnded,
    GameTaken,
    PlayerJoined,
    QuestionClosed,
    QuestionOpened,
)
from momentum.realtime.journal.contract import Entry, Journal, Slice
from momentum.realtime.results import AnswerRow, PlayerRow, QuestionRow, Results

from .games import BOB, DORA, GAME, OTHER, created, row

Reopen = Callable[[Journal], Awaitable[Journal]]


def entries(first_seq: int, *events: Event) -> tuple[Entry, ...]:
    return tuple(Entry(seq, event, 100 * seq) for seq, event in enumerate(events, start=first_seq))


def taken(epoch: int = 1, node: str = "node-1") -> GameTaken:
    return GameTaken(at=0, epoch=epoch, node=node)


def joined(user_id: str = BOB, at: int = 10) -> PlayerJoined:
    return PlayerJoined(at=at, user_id=user_id, username=user_id.title())


def opened(number: int = 1) -> QuestionOpened:
    return QuestionOpened(at=20, number=number, deadline=15_020)


def answered(user_id: str = BOB, number: int = 1, choice: int = 1) -> AnswerGiven:
    return AnswerGiven(
        at=30, number=number, user_id=user_id, choice=choice, correct=choice == 1, points=900, t_ms=3_000, credit_ms=12
    )


def closed(number: int = 1) -> QuestionClosed:
    return QuestionClosed(at=40, number=number, reason="answered")


def ended() -> GameEnded:
    return GameEnded(at=50, reason="completed")


def results(*players: str) -> Results:
    return Results(
        source_contest_id="contest-1",
        ended_ms=2_000,
        players=tuple(PlayerRow(user_id, user_id.title(), False, 1, 1, 900, 3_000, 1, 1) for user_id in players),
        questions=(
            QuestionRow(1, "bank-1", "Geography", "easy", "Where?", ("Berlin", "Paris"), 1, "", "answered", False),
        ),
        answers=tuple(AnswerRow(1, user_id, "bank-1", "Geography", 1, True, 900, 3_000, 12) for user_id in players),
    )


def part(*events: Event, seq: int, game: str = GAME, epoch: int = 1, **more: Any) -> Slice:
    return Slice(game_id=game, epoch=epoch, entries=entries(seq, *events), **more)


class JournalContract:
    """The games of these tests begin with two entries: created, and taken by node-1."""

    async def begin(self, journal: Journal, *games: str) -> None:
        for created_ms, game in enumerate(games or (GAME,), start=1_000):
            assert await journal.create(row(game, created_ms=created_ms), "node-1", entries(1, created(game), taken()))

    async def events(self, journal: Journal, game: str = GAME) -> list[Event]:
        kept = await journal.read(game)
        assert [entry.seq for entry in kept] == list(range(1, len(kept) + 1)), "the journal has a hole"
        return [entry.event for entry in kept]

    # A new game

    async def test_a_created_game_has_its_first_entries_and_its_access(self, journal: Journal) -> None:
        await journal.create(row(access="invited"), "node-1", entries(1, created(), taken()))
        assert await journal.read(GAME) == entries(1, created(), taken())
        assert await journal.access(GAME) == "invited"
        assert await journal.open_games() == [GAME]

    async def test_creating_a_game_twice_changes_nothing(self, journal: Journal) -> None:
        await self.begin(journal)
        again = entries(1, created(), taken(node="node-2"), joined())
        assert not await journal.create(row(access="invited"), "node-2", again)
        assert await self.events(journal) == [created(), taken()]
        assert await journal.access(GAME) == "anyone"
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    async def test_an_unknown_game_has_nothing(self, journal: Journal) -> None:
        assert await journal.read("nowhere") == ()
        assert await journal.access("nowhere") is None
        assert await journal.take("nowhere", "node-1") is None
        assert await journal.append([part(joined(), seq=1, game="nowhere")]) == {"nowhere": "fenced"}
        assert await journal.open_games() == []

    async def test_open_games_are_listed_oldest_first(self, journal: Journal) -> None:
        await self.begin(journal, OTHER, GAME)
        assert await journal.open_games() == [OTHER, GAME]

    # Appending

    async def test_what_is_kept_is_read_again_as_it_was(self, journal: Journal) -> None:
        await self.begin(journal)
        played = (joined(), joined(DORA), opened(), answered(), answered(DORA, choice=0), closed())
        assert await journal.append([part(*played, seq=3)]) == {GAME: "kept"}
        assert (await journal.read(GAME))[2:] == entries(3, *played)

    async def test_a_game_goes_on_over_many_appends(self, journal: Journal) -> None:
        await self.begin(journal)
        for number in range(1, 20):
            verdicts = await journal.append([part(opened(number), closed(number), seq=2 * number + 1)])
            assert verdicts == {GAME: "kept"}
        assert len(await self.events(journal)) == 40

    @pytest.mark.parametrize(
        "again",
        [
            pytest.param(part(joined(DORA), seq=4), id="a position that is taken"),
            pytest.param(part(answered(), seq=7), id="the same answer"),
            pytest.param(part(answered(choice=0), seq=7), id="another answer of the same player"),
            pytest.param(part(opened(), seq=7), id="a second opening"),
            pytest.param(part(closed(), seq=7), id="a second closing"),
        ],
    )
    async def test_what_contradicts_the_journal_is_refused_whole(self, journal: Journal, again: Slice) -> None:
        await self.begin(journal)
        played = (joined(), opened(), answered(), closed())
        assert await journal.append([part(*played, seq=3)]) == {GAME: "kept"}
        mixed = Slice(
            game_id=GAME,
            epoch=1,
            entries=(*again.entries, *entries(again.entries[-1].seq + 1, joined("eve"))),
        )
        assert await journal.append([mixed]) == {GAME: "refused"}
        assert await self.events(journal) == [created(), taken(), *played]

    async def test_the_same_answer_to_another_question_is_kept(self, journal: Journal) -> None:
        await self.begin(journal)
        played = (opened(1), answered(number=1), closed(1), opened(2), answered(number=2), closed(2))
        assert await journal.append([part(*played, seq=3)]) == {GAME: "kept"}

    async def test_a_game_ends_once(self, journal: Journal) -> None:
        await self.begin(journal)
        assert await journal.append([part(ended(), ended(), seq=3)]) == {GAME: "refused"}
        assert await journal.append([part(ended(), seq=3, results=results(BOB))]) == {GAME: "kept"}
        assert await journal.append([part(ended(), seq=4, results=results(BOB))]) == {GAME: "fenced"}
        assert await journal.append([part(joined(), seq=4)]) == {GAME: "fenced"}
        assert await self.events(journal) == [created(), taken(), ended()]

    async def test_games_in_one_append_do_not_depend_on_each_other(self, journal: Journal) -> None:
        third = "5f1c6c1e-0000-4000-8000-000000000003"
        await self.begin(journal, GAME, OTHER, third)
        verdicts = await journal.append(
            [
                part(joined(), seq=3, game=GAME),
                part(joined(), seq=2, game=OTHER),
                part(joined(), seq=3, game=third, epoch=9),
            ]
        )
        assert verdicts == {GAME: "kept", OTHER: "refused", third: "fenced"}
        assert [len(await self.events(journal, game)) for game in (GAME, OTHER, third)] == [3, 2, 2]

    async def test_an_append_of_nothing_is_fine(self, journal: Journal) -> None:
        assert await journal.append([]) == {}

    # The end

    async def test_an_ended_game_is_not_open_and_cannot_be_taken_but_is_read(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(ended(), seq=3, results=results(BOB))])
        assert await journal.open_games() == [OTHER]
        assert await journal.take(GAME, "node-2") is None
        assert await self.events(journal) == [created(), taken(), ended()]
        assert await journal.access(GAME) == "anyone"

    async def test_results_that_cannot_be_kept_leave_the_game_open(self, journal: Journal) -> None:
        """The end and the results are one transaction: a second row for Bob spoils both."""
        await self.begin(journal)
        assert await journal.append([part(ended(), seq=3, results=results(BOB, BOB))]) == {GAME: "refused"}
        assert await journal.open_games() == [GAME]
        assert await self.events(journal) == [created(), taken()]
        assert await self.result_rows(journal) == (0, 0, 0)
        assert await journal.append([part(ended(), seq=3, results=results(BOB, DORA))]) == {GAME: "kept"}
        assert await self.result_rows(journal) == (2, 1, 2)

    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        """How many rows of players, questions and answers there are."""
        raise NotImplementedError

    # Another writer

    async def test_taking_raises_the_epoch_and_gives_the_whole_game(self, journal: Journal) -> None:
        await journal.create(row(access="accounts"), "node-1", entries(1, created(), taken()))
        await journal.append([part(joined(), seq=3)])
        second = await journal.take(GAME, "node-2")
        assert second is not None
        assert (second.epoch, second.access) == (2, "accounts")
        assert second.entries == entries(1, created(), taken(), joined())
        third = await journal.take(GAME, "node-3")
        assert third is not None
        assert third.epoch == 3

    async def test_who_has_been_taken_from_is_fenced(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.take(GAME, "node-2")
        verdicts = await journal.append([part(joined(), seq=3), part(joined(), seq=3, game=OTHER)])
        assert verdicts == {GAME: "fenced", OTHER: "kept"}
        assert await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)]) == {GAME: "kept"}
        assert await journal.append([part(ended(), seq=4, results=results(BOB))]) == {GAME: "fenced"}
        assert await journal.open_games() == [GAME, OTHER]
        assert await self.result_rows(journal) == (0, 0, 0)

    async def test_a_fenced_writer_is_fenced_even_where_its_entries_would_be_refused(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.take(GAME, "node-2")
        await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)])
        assert await journal.append([part(joined(), seq=3, epoch=1)]) == {GAME: "fenced"}

    # Heartbeats

    async def test_the_taker_learns_the_last_heartbeat_of_the_writer(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat("node-1", "here", 500)
        await journal.beat("node-2", "there", 9_999)
        await journal.beat("node-1", "here", 800)
        second = await journal.take(GAME, "node-2")
        assert second is not None
        assert second.beat_ms == 800

    async def test_the_writer_is_who_took_the_game_last(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat("node-1", "here", 500)
        await journal.beat("node-2", "there", 700)
        await journal.take(GAME, "node-2")
        await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)])
        third = await journal.take(GAME, "node-3")
        assert third is not None
        assert third.beat_ms == 700

    async def test_who_took_a_game_and_wrote_nothing_has_not_moved_its_clock(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat("node-1", "here", 500)
        await journal.take(GAME, "node-2")
        await journal.beat("node-2", "there", 99_999)
        third = await journal.take(GAME, "node-3")
        assert third is not None
        assert third.beat_ms == 500

    async def test_without_a_heartbeat_none_is_known(self, journal: Journal) -> None:
        await self.begin(journal)
        second = await journal.take(GAME, "node-2")
        assert second is not None
        assert second.beat_ms is None

    async def test_other_nodes_are_forgotten(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat("node-1", "here", 500)
        await journal.forget_other_nodes("node-2")
        second = await journal.take(GAME, "node-2")
        assert second is not None
        assert second.beat_ms is None

    async def test_a_node_does_not_forget_itself(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat("node-1", "here", 500)
        await journal.forget_other_nodes("node-1")
        again = await journal.take(GAME, "node-1")
        assert again is not None
        assert again.beat_ms == 500

    # Opened anew

    async def test_a_journal_opened_anew_has_everything(self, journal: Journal, reopen: Reopen) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(joined(), opened(), answered(), seq=3)])
        await journal.append([part(ended(), seq=3, game=OTHER, results=results(BOB))])
        await journal.take(GAME, "node-2")
        await journal.beat("node-1", "here", 500)
        again = await reopen(journal)
        assert await again.open_games() == [GAME]
        assert await self.events(again) == [created(), taken(), joined(), opened(), answered()]
        assert await self.result_rows(again) == (1, 1, 1)
        third = await again.take(GAME, "node-3")
        assert third is not None
        assert (third.epoch, third.beat_ms) == (3, 500)
