"""Who is dead, as one node sees the heartbeats, and who of the living takes a game first."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from momentum.realtime.journal.contract import Heartbeat, Node
from momentum.realtime.peers import READS, Peers

from .journal_contract import a_node

DEAD_MS = 1_200
OWN, OTHER = a_node("own"), a_node("other")


def peers(own: Node = OWN, *, known_dead: str = "") -> Peers:
    return Peers(own, DEAD_MS, lambda node_id: node_id == known_dead)


def beats(**counts: int) -> list[Heartbeat]:
    return [Heartbeat(a_node(node_id), count) for node_id, count in counts.items()]


@dataclass(frozen=True)
class Read:
    """After `pause_ms` the heartbeats are read; the other node's has moved, or not. `fails`: they cannot be read."""

    pause_ms: int
    moved: bool
    fails: bool


def reads(moved: st.SearchStrategy[bool]) -> st.SearchStrategy[list[Read]]:
    fails = st.sampled_from((False, False, False, True))
    return st.lists(st.builds(Read, st.sampled_from((0, 1, 300, 600, 1_199, 1_200, 5_000)), moved, fails), max_size=30)


@given(reads(st.booleans()))
def test_a_node_is_dead_when_its_heartbeat_was_seen_to_stand_for_long_enough(history: list[Read]) -> None:
    """The oracle looks at the whole history: the latest reads without a failure between them, all of one count."""
    seen, now, count, alike = peers(), 0, 0, list[int]()
    for read in history:
        now += read.pause_ms
        count += read.moved
        if read.fails:
            seen.interrupted()
            alike = []
        else:
            seen.heard(beats(own=0, other=count), now)
            alike = [*([] if read.moved else alike), now]
        dead = len(alike) >= READS and alike[-1] - alike[0] >= DEAD_MS
        if read.fails and seen.node("other") is None:
            continue  # nothing has been read so far
        assert seen.is_dead("other") == dead
        assert [node.id for node in seen.others] == ([] if dead else ["other"])


@given(reads(st.just(True)))
def test_a_node_whose_heartbeat_moves_is_never_dead_however_long_between_reads(history: list[Read]) -> None:
    seen, now = peers(), 0
    seen.heard(beats(other=0), now)
    for count, read in enumerate(history, start=1):
        now += read.pause_ms
        seen.interrupted() if read.fails else seen.heard(beats(other=count), now)
        assert not seen.is_dead("other")


@given(st.lists(st.integers(0, DEAD_MS), min_size=1, max_size=20))
def test_after_reads_that_failed_everybodys_time_begins_anew(pauses: list[int]) -> None:
    seen = peers()
    for now in (0, 1_000, 2_000):
        seen.heard(beats(other=1), now)
    assert seen.is_dead("other")
    seen.interrupted()
    assert not seen.is_dead("other")
    began = now = 60_000
    for pause_ms in pauses:
        seen.heard(beats(other=1), now)
        assert not seen.is_dead("other") or now - began >= DEAD_MS
        now += pause_ms


def test_a_node_that_was_stopped_itself_takes_nobody_for_dead_at_its_first_look() -> None:
    seen = peers()
    seen.heard(beats(other=1), 0)
    seen.heard(beats(other=1), 60_000)
    assert not seen.is_dead("other")


def test_whoever_is_this_node_itself_is_not_dead() -> None:
    seen = peers(known_dead="own")
    for now in (0, 1_000, 2_000):
        seen.heard(beats(own=1), now)
    assert not seen.is_dead("own")
    assert (seen.dead, seen.others) == ([], [])


def test_what_is_nobodys_is_to_be_had() -> None:
    assert peers().is_dead("")
    assert peers().knows("")


def test_of_a_node_without_a_heartbeat_nothing_is_known_and_its_games_are_to_be_had() -> None:
    seen = peers()
    seen.heard(beats(own=1), 0)
    assert seen.is_dead("other")
    assert not seen.knows("other")
    assert seen.node("other") is None
    seen.heard(beats(own=2, other=1), 0)
    assert seen.knows("other")
    assert seen.node("other") == OTHER


def test_the_process_before_this_one_is_dead_though_its_heartbeat_was_seen_to_move() -> None:
    seen = peers(known_dead="before")
    seen.heard(beats(before=1, other=1), 0)
    seen.heard(beats(before=2, other=2), 100)
    assert seen.is_dead("before")
    assert seen.dead == ["before"]
    assert seen.others == [OTHER]


nodes = st.lists(st.text("abcdef0123456789", min_size=1, max_size=4), min_size=1, max_size=6, unique=True)


@given(nodes, st.uuids().map(str), st.data())
def test_all_who_live_agree_on_who_takes_a_game_first(node_ids: list[str], game_id: str, data: st.DataObject) -> None:
    living = data.draw(st.lists(st.sampled_from(node_ids), min_size=1, unique=True))
    places = [place_of(node_id, node_ids, living, game_id) for node_id in living]
    assert sorted(places) == list(range(len(living)))


def place_of(own_id: str, node_ids: list[str], living: list[str], game_id: str) -> int:
    """As that node sees it, once the heartbeats of the others have stood for long."""
    seen = peers(a_node(own_id))
    for now in (0, DEAD_MS, 2 * DEAD_MS):
        seen.heard([Heartbeat(a_node(node_id), now * (node_id in living)) for node_id in node_ids], now)
    assert len(seen.others) == len(living) - 1
    return seen.place(game_id)


def test_not_one_node_takes_all_games() -> None:
    seen = peers()
    seen.heard(beats(own=1, other=1), 0)
    places = [seen.place(f"game {number}") for number in range(100)]
    assert 25 < sum(places) < 75
