"""Four defects, planted one at a time: the checks find each of them soon, by the rule that it breaks; and the same
simulations without it are clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from momentum.game import commands, decide, timers
from momentum.game.phases import Phase
from momentum.realtime import hub, hub_manager, presence
from momentum.realtime.committer import Committer

from .database import Database
from .seeds import play_well
from .world import simulate

SOON = 60
"""So many simulations may pass before one finds the defect."""
Plant = Callable[[], Any]


class SpeaksFirst(Committer):
    """Tells before it is kept."""

    def submit(self, writer: Any, entries: Any, release: Any, *results: Any) -> None:
        release()
        super().submit(writer, entries, lambda: None, *results)


def speaks_before_it_is_kept() -> Any:
    return mock.patch.object(hub_manager, "Committer", SpeaksFirst)


def keeps_without_looking_at_the_epoch() -> Any:
    return mock.patch.object(Database, "fences", False)


@contextmanager
def closes_whatever_question_is_open() -> Iterator[None]:
    """Timers live on after their question, and their command names none."""

    def arm(self: hub.Hub) -> None:
        timed = timers.next_timer(self.game)
        if timed is None or timed == self._timed:
            return
        due, command = self._timed = timed

        def fire() -> None:
            self.command(command)

        self._around.timing.call_later(max(0, due - self._at()), fire)

    def close(game: Any, command: Any, at: int) -> Any:
        is_open = game.phase is Phase.QUESTION and not game.paused
        return [decide._closing(game, at, "deadline")] if is_open else []

    with (
        mock.patch.object(hub.Hub, "_arm", arm),
        mock.patch.dict(decide._DECIDERS, {commands.CloseQuestion: close}),
    ):
        yield


@contextmanager
def believes_that_nobody_is_there_after_a_takeover() -> Iterator[None]:
    """No grace: who is not connected to the new owner is gone."""
    made = presence.Presence.__init__

    def trusting(self: presence.Presence, mono_ms: int) -> None:
        made(self, mono_ms)
        self._grace_until = mono_ms

    with mock.patch.object(presence.Presence, "__init__", trusting):
        yield


@pytest.mark.parametrize(
    ("plant", "profile", "rule"),
    [
        (speaks_before_it_is_kept, "calm", "of which nothing was kept"),
        (speaks_before_it_is_kept, "kill", "of which nothing was kept"),
        (keeps_without_looking_at_the_epoch, "two_owners", "were kept after epoch"),
        (closes_whatever_question_is_open, "calm", "was closed by its deadline before that"),
        (believes_that_nobody_is_there_after_a_takeover, "kill", "right after a takeover"),
    ],
)
def test_a_planted_defect_is_found_by_the_rule_that_it_breaks(plant: Plant, profile: str, rule: str) -> None:
    for seed in range(SOON):
        with plant():
            run = simulate(seed, profile)
        if any(rule in sentence for sentence in run.violations):
            break
    else:
        pytest.fail(f"{SOON} simulations have not found it")
    play_well(profile, range(seed + 1))
