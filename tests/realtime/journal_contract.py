"""What every journal must do, whatever database keeps it. A test module gives the fixtures `journal` and `reopen`, and
a subclass says how to look into the tables."""

import asyncio
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
from momentum.realtime.journal.contract import (
    Entry,
    FromNewerVersion,
    Heartbeat,
    Journal,
    Node,
    Slice,
    Snapshot,
    Taken,
    Whereabouts,
)
from momentum.realtime.results import AnswerRow, PlayerRow, QuestionRow, Results
from momentum.realtime.snapshots import FORM

from .games import BOB, DORA, GAME, INCARNATION, OTHER, created, row

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


def results(*players: str, game: str = GAME, ended_ms: int = 2_000) -> Results:
    return Results(
        ended_ms=ended_ms,
        players=tuple(
            PlayerRow(game, "contest-1", user_id, user_id.title(), False, 1, 1, 900, 3_000, 1, 1) for user_id in players
        ),
        questions=(
            QuestionRow(
                game, 1, "bank-1", "Geography", "easy", "Where?", ("Berlin", "Paris"), 1, "", "answered", False
            ),
        ),
        answers=tuple(
            AnswerRow(game, 1, user_id, "bank-1", "Geography", 1, True, 900, 3_000, 12) for user_id in players
        ),
    )


def snapshot(seq: int, body: str = "{}", version: str = FORM) -> Snapshot:
    return Snapshot(seq=seq, version=version, body=body)


def where(game: str = GAME, node: str = "node-1", *, ended: bool = False) -> Whereabouts:
    return Whereabouts(game_id=game, node=node, access="anyone", incarnation=INCARNATION, ended=ended)


def a_node(node_id: str, address: str = "http://10.0.0.1:8080") -> Node:
    return Node(id=node_id, address=address, websocket_url=f"ws://{node_id}.example.org:8080")


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

    async def take(self, journal: Journal, game: str = GAME, node: str = "node-2", owner: str | None = None) -> Taken:
        taken = await journal.take(game, node, owner=owner)
        assert taken is not None
        return taken

    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        """How many rows of players, questions and answers there are."""
        raise NotImplementedError

    async def make_newer(self, journal: Journal, game: str) -> None:
        """Let the game's last entry be of a version that this code does not know."""
        raise NotImplementedError

    # A new game

    async def test_a_created_game_has_its_first_entries_and_its_owner(self, journal: Journal) -> None:
        assert await journal.create(row(access="invited"), "node-1", entries(1, created(), taken()))
        assert await journal.read(GAME) == entries(1, created(), taken())
        whereabouts = Whereabouts(game_id=GAME, node="node-1", access="invited", incarnation=INCARNATION, ended=False)
        assert await journal.find(GAME) == whereabouts
        assert await journal.open_games() == [whereabouts]

    async def test_creating_a_game_twice_changes_nothing(self, journal: Journal) -> None:
        await self.begin(journal)
        again = entries(1, created(), taken(node="node-2"), joined())
        assert not await journal.create(row(access="invited"), "node-2", again)
        assert await self.events(journal) == [created(), taken()]
        assert await journal.find(GAME) == where()
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    async def test_an_unknown_game_has_nothing(self, journal: Journal) -> None:
        assert await journal.read("nowhere") == ()
        assert await journal.find("nowhere") is None
        assert await journal.take("nowhere", "node-1") is None
        assert await journal.append([part(joined(), seq=1, game="nowhere")]) == {"nowhere": "fenced"}
        assert await journal.open_games() == []

    async def test_open_games_are_listed_oldest_first(self, journal: Journal) -> None:
        await self.begin(journal, OTHER, GAME)
        assert await journal.open_games() == [where(OTHER), where(GAME)]

    async def test_open_games_are_listed_by_owner(self, journal: Journal) -> None:
        await self.begin(journal, OTHER, GAME)
        await journal.take(GAME, "node-2")
        assert await journal.open_games(owner="node-1") == [where(OTHER)]
        assert await journal.open_games(owner="node-2") == [where(GAME, "node-2")]
        assert await journal.open_games(owner="node-3") == []
        assert await journal.open_games(owner="") == []

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
            pytest.param(part(taken(), seq=7), id="a second writer of the same epoch"),
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

    async def test_among_many_games_those_that_contradict_themselves_are_alone(self, journal: Journal) -> None:
        games = [f"5f1c6c1e-0000-4000-8000-1{number:011}" for number in range(12)]
        await self.begin(journal, *games)
        spoilt = {games[3], games[4], games[11]}
        verdicts = await journal.append([part(joined(), seq=2 if game in spoilt else 3, game=game) for game in games])
        assert verdicts == {game: "refused" if game in spoilt else "kept" for game in games}

    async def test_an_append_of_nothing_is_fine(self, journal: Journal) -> None:
        assert await journal.append([]) == {}

    # The end

    async def test_an_ended_game_is_not_open_and_cannot_be_taken_but_is_read(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(ended(), seq=3, results=results(BOB))])
        assert await journal.open_games() == [where(OTHER)]
        assert await journal.take(GAME, "node-2") is None
        assert await self.events(journal) == [created(), taken(), ended()]
        assert await journal.find(GAME) == where(ended=True)

    async def test_results_that_cannot_be_kept_leave_the_game_open(self, journal: Journal) -> None:
        """The end and the results are one transaction: a second row for Bob spoils both."""
        await self.begin(journal)
        spoilt = part(ended(), seq=3, results=results(BOB, BOB), snapshot=snapshot(3))
        assert await journal.append([spoilt]) == {GAME: "refused"}
        assert await journal.open_games() == [where()]
        assert await self.events(journal) == [created(), taken()]
        assert await self.result_rows(journal) == (0, 0, 0)
        assert (await self.take(journal)).snapshot is None
        assert await journal.append([part(ended(), seq=3, epoch=2, results=results(BOB, DORA))]) == {GAME: "kept"}
        assert await self.result_rows(journal) == (2, 1, 2)

    async def test_games_may_end_in_one_append(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        ends = [part(ended(), seq=3, game=game, results=results(BOB, DORA, game=game)) for game in (GAME, OTHER)]
        assert await journal.append(ends) == {GAME: "kept", OTHER: "kept"}
        assert await journal.open_games() == []
        assert await self.result_rows(journal) == (4, 2, 4)

    # Another writer

    async def test_taking_raises_the_epoch_and_gives_the_whole_game(self, journal: Journal) -> None:
        await journal.create(row(access="accounts"), "node-1", entries(1, created(), taken()))
        await journal.append([part(joined(), seq=3)])
        assert await self.take(journal) == Taken(
            epoch=2,
            access="accounts",
            incarnation=INCARNATION,
            snapshot=None,
            entries=entries(1, created(), taken(), joined()),
            last_mono_ms=300,
            beat_ms=None,
        )
        assert (await self.take(journal, node="node-3")).epoch == 3

    async def test_who_takes_a_game_owns_it(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.take(GAME, "node-2")
        assert await journal.find(GAME) == where(node="node-2")

    async def test_a_game_is_taken_from_the_owner_that_is_named_or_not_at_all(self, journal: Journal) -> None:
        await self.begin(journal)
        assert await journal.take(GAME, "node-3", owner="node-2") is None
        assert await journal.take(GAME, "node-3", owner="") is None
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}
        assert (await self.take(journal, owner="node-1")).epoch == 2
        assert await journal.take(GAME, "node-3", owner="node-1") is None

    async def test_of_two_who_want_the_same_game_one_gets_it(self, journal: Journal) -> None:
        await self.begin(journal)
        both = await asyncio.gather(*(journal.take(GAME, node, owner="node-1") for node in ("node-2", "node-3")))
        assert [one.epoch for one in both if one is not None] == [2]

    async def test_who_has_been_taken_from_is_fenced(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.take(GAME, "node-2")
        verdicts = await journal.append([part(joined(), seq=3), part(joined(), seq=3, game=OTHER)])
        assert verdicts == {GAME: "fenced", OTHER: "kept"}
        assert await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)]) == {GAME: "kept"}
        assert await journal.append([part(ended(), seq=4, results=results(BOB))]) == {GAME: "fenced"}
        assert await journal.open_games() == [where(GAME, "node-2"), where(OTHER)]
        assert await self.result_rows(journal) == (0, 0, 0)

    async def test_a_fenced_writer_is_fenced_even_where_its_entries_would_be_refused(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.take(GAME, "node-2")
        await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)])
        assert await journal.append([part(joined(), seq=3, epoch=1)]) == {GAME: "fenced"}

    async def test_a_fenced_writer_leaves_no_snapshot(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.take(GAME, "node-2")
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3))])
        assert (await self.take(journal)).snapshot is None

    # Handing over

    async def test_a_game_that_is_handed_over_is_open_to_whoever_comes_first(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.hand_over([GAME, OTHER], "node-1")
        assert await journal.open_games(owner="") == [where(GAME, ""), where(OTHER, "")]
        assert await journal.open_games(owner="node-1") == []
        assert (await self.take(journal, owner="")).epoch == 2
        assert await journal.take(GAME, "node-3", owner="") is None

    async def test_only_the_owner_hands_over(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.take(GAME, "node-2")
        await journal.hand_over([GAME, OTHER, "nowhere"], "node-1")
        assert await journal.open_games() == [where(GAME, "node-2"), where(OTHER, "")]

    async def test_handing_over_nothing_is_fine(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.hand_over([], "node-1")
        assert await journal.open_games(owner="node-1") == [where()]

    async def test_handing_over_does_not_fence(self, journal: Journal) -> None:
        """Whoever takes the game fences: until then nobody writes but the owner that was."""
        await self.begin(journal)
        await journal.hand_over([GAME], "node-1")
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    # Snapshots

    async def test_a_game_is_taken_from_its_snapshot_and_what_came_after(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3, '{"name": "Ätna"}'))])
        await journal.append([part(opened(), answered(), seq=4)])
        second = await self.take(journal)
        assert second.snapshot == snapshot(3, '{"name": "Ätna"}')
        assert second.entries == entries(4, opened(), answered())
        assert second.last_mono_ms == 500
        assert len(await self.events(journal)) == 5, "a snapshot replaces no entries"

    async def test_a_snapshot_after_the_last_entry_leaves_nothing_to_add(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3))])
        second = await self.take(journal)
        assert (second.snapshot, second.entries, second.last_mono_ms) == (snapshot(3), (), 300)

    async def test_a_snapshot_may_be_of_an_earlier_entry_of_its_append(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), opened(), seq=3, snapshot=snapshot(3))])
        second = await self.take(journal)
        assert (second.snapshot, second.entries) == (snapshot(3), entries(4, opened()))

    async def test_a_newer_snapshot_replaces_an_older_one(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3, "3"))])
        both = [part(joined(DORA), seq=4, snapshot=snapshot(4, "4"))]
        both += [part(joined(), seq=3, game=OTHER, snapshot=snapshot(3, "other"))]
        await journal.append(both)
        second = await self.take(journal)
        assert (second.snapshot, second.entries) == (snapshot(4, "4"), ())
        assert (await self.take(journal, OTHER)).snapshot == snapshot(3, "other")

    async def test_a_snapshot_of_other_code_is_as_good_as_none(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3, version="other code"))])
        second = await self.take(journal)
        assert (second.snapshot, second.entries) == (None, entries(1, created(), taken(), joined()))

    async def test_a_snapshot_does_not_hide_who_wrote(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3))])
        assert (await self.take(journal)).beat_ms == 500

    # Newer code

    async def test_a_game_of_newer_code_is_neither_taken_nor_read(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3)])
        await self.make_newer(journal, GAME)
        with pytest.raises(FromNewerVersion):
            await journal.take(GAME, "node-2")
        with pytest.raises(FromNewerVersion):
            await journal.read(GAME)
        assert await journal.find(GAME) == where()
        assert await journal.append([part(opened(), seq=4)]) == {GAME: "kept"}, "its owner goes on"

    # Heartbeats

    async def test_a_heartbeat_tells_of_every_node(self, journal: Journal) -> None:
        first, second = a_node("node-1"), a_node("node-2")
        assert await journal.beat(first, 500) == [Heartbeat(first, 1)]
        assert by_node(await journal.beat(second, 700)) == [Heartbeat(first, 1), Heartbeat(second, 1)]
        assert by_node(await journal.beat(first, 800)) == [Heartbeat(first, 2), Heartbeat(second, 1)]

    async def test_a_heartbeat_says_where_the_node_is_now(self, journal: Journal) -> None:
        await journal.beat(a_node("node-1", "http://10.0.0.1:8080"), 500)
        moved = Node(id="node-1", address="http://10.0.0.2:8080", websocket_url="")
        assert await journal.beat(moved, 800) == [Heartbeat(moved, 2)]

    async def test_the_taker_learns_the_last_heartbeat_of_the_writer(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.beat(a_node("node-2"), 9_999)
        await journal.beat(a_node("node-1"), 800)
        assert (await self.take(journal)).beat_ms == 800

    async def test_the_writer_is_who_took_the_game_last(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.beat(a_node("node-2"), 700)
        await journal.take(GAME, "node-2")
        await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)])
        assert (await self.take(journal, node="node-3")).beat_ms == 700

    async def test_who_took_a_game_and_wrote_nothing_has_not_moved_its_clock(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.take(GAME, "node-2")
        await journal.beat(a_node("node-2"), 99_999)
        assert (await self.take(journal, node="node-3")).beat_ms == 500

    async def test_what_a_writer_does_after_the_game_was_taken_from_it_does_not_move_the_clock(
        self, journal: Journal
    ) -> None:
        """The first taker is killed before it has written anything, while the writer before lives on."""
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.take(GAME, "node-2")
        await journal.beat(a_node("node-1"), 99_999)
        assert (await self.take(journal, node="node-3")).beat_ms == 500

    async def test_what_is_known_of_a_writer_outlives_its_leaving(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.hand_over([GAME], "node-1")
        await journal.forget("node-1")
        assert (await self.take(journal, node="node-2")).beat_ms == 500
        assert (await self.take(journal, node="node-3")).beat_ms == 500

    async def test_of_a_writer_without_a_heartbeat_nothing_is_known(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.take(GAME, "node-2")
        await journal.append([part(taken(2, "node-2"), seq=3, epoch=2)])
        assert (await self.take(journal, node="node-3")).beat_ms is None

    async def test_a_node_that_owns_open_games_is_not_forgotten(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.beat(a_node("node-1"), 500)
        await journal.forget("node-1")
        assert (await self.take(journal)).beat_ms == 500

    async def test_a_node_without_open_games_is_forgotten(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        for node_id in ("node-1", "node-2"):
            await journal.beat(a_node(node_id), 500)
        await journal.append([part(ended(), seq=3, results=results(BOB))])
        await journal.take(OTHER, "node-2")
        await journal.forget("node-1")
        await journal.forget("nobody")
        assert await journal.beat(a_node("node-2"), 800) == [Heartbeat(a_node("node-2"), 2)]

    # Retention

    async def test_old_journals_are_dropped_and_their_results_stay(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(joined(), seq=3, snapshot=snapshot(3)), part(joined(), seq=3, game=OTHER)])
        await journal.append([part(ended(), seq=4, results=results(BOB, ended_ms=2_000))])
        assert await journal.prune(2_000, 10) == 0, "it ended then, not before"
        assert await journal.prune(2_001, 10) == 1
        assert await journal.read(GAME) == ()
        assert await journal.find(GAME) == where(ended=True)
        assert await self.result_rows(journal) == (1, 1, 1)
        assert await journal.prune(9_999, 10) == 0, "an open game keeps its journal"
        assert len(await self.events(journal, OTHER)) == 3

    async def test_so_many_journals_are_dropped_at_once_oldest_ends_first(self, journal: Journal) -> None:
        games = [f"5f1c6c1e-0000-4000-8000-1{number:011}" for number in range(5)]
        await self.begin(journal, *games)
        for number, game in enumerate(games):
            late = results(BOB, game=game, ended_ms=5_000 - number)
            await journal.append([part(ended(), seq=3, game=game, results=late)])
        assert await journal.prune(9_999, 2) == 2
        assert [bool(await journal.read(game)) for game in games] == [True, True, True, False, False]
        assert [await journal.prune(9_999, 2) for _ in range(3)] == [2, 1, 0]

    # Opened anew

    async def test_a_journal_opened_anew_has_everything(self, journal: Journal, reopen: Reopen) -> None:
        await self.begin(journal, GAME, OTHER)
        await journal.append([part(joined(), opened(), answered(), seq=3, snapshot=snapshot(4))])
        await journal.append([part(ended(), seq=3, game=OTHER, results=results(BOB, game=OTHER))])
        await journal.beat(a_node("node-1"), 500)
        await journal.take(GAME, "node-2")
        again = await reopen(journal)
        assert await again.open_games() == [where(GAME, "node-2")]
        assert await self.events(again) == [created(), taken(), joined(), opened(), answered()]
        assert await self.result_rows(again) == (1, 1, 1)
        third = await self.take(again, node="node-3")
        assert (third.epoch, third.beat_ms) == (3, 500)
        assert (third.snapshot, third.entries) == (snapshot(4), entries(5, answered()))


def by_node(beats: list[Heartbeat]) -> list[Heartbeat]:
    return sorted(beats, key=lambda beat: beat.node.id)
