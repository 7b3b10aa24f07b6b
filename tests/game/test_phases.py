"""The life of a game: the table of phases is whole, the rules go along it, and the docs show it."""

from pathlib import Path
from typing import get_args

import pytest

from momentum.game import events, phases
from momentum.game.apply import replay
from momentum.game.phases import TRANSITIONS, IllegalTransition, Phase

from .table import SITUATIONS, kind

PAGE = Path(__file__).parents[2] / "docs/explanation/rules.md"
BEGIN, END = "<!-- lifecycle: begin -->", "<!-- lifecycle: end -->"
EVENTS: tuple[type[events.Event], ...] = get_args(events.AnyEvent)


def tag(event_type: type[events.Event]) -> str:
    return str(event_type.__struct_config__.tag)


def lifecycle() -> str:
    arrows = [f"    {before} --> {then} : {tag(event)}" for (before, event), then in TRANSITIONS.items()]
    first = f"    [*] --> {Phase.LOBBY} : {tag(events.GameCreated)}"
    return "\n".join(["```mermaid", "stateDiagram-v2", first, *arrows, f"    {Phase.OVER} --> [*]", "```"])


def test_the_docs_show_the_table() -> None:
    shown = PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == lifecycle(), f"put this between the markers of {PAGE.name}:\n{lifecycle()}"


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("event_type", EVENTS)
def test_an_event_moves_the_game_stays_or_is_illegal(phase: Phase, event_type: type[events.Event]) -> None:
    event = next(event for event in EVERY_EVENT if type(event) is event_type)
    expected = TRANSITIONS.get((phase, event_type))
    if event_type in phases.MOVING and expected is None:
        with pytest.raises(IllegalTransition, match=event_type.__name__):
            phases.after(phase, event)
    else:
        assert phases.after(phase, event) == expected or phase


EVERY_EVENT = [
    *SITUATIONS["over"]().journal,
    events.PlayerLeft(at=0, user_id="bob", username="Bob", reason="left"),
    events.GameLocked(at=0, locked=True),
    events.GamePaused(at=0),
    events.GameResumed(at=0),
    events.GameTaken(at=0, epoch=2, node="node-2"),
]


def test_nothing_follows_the_end() -> None:
    assert not [event for phase, event in TRANSITIONS if phase is Phase.OVER]


def test_every_phase_but_the_first_is_reached() -> None:
    assert set(TRANSITIONS.values()) == set(Phase) - {Phase.LOBBY}


def test_a_question_is_always_closed_before_the_game_ends() -> None:
    assert (Phase.QUESTION, events.GameEnded) not in TRANSITIONS


@pytest.mark.parametrize("situation", SITUATIONS)
def test_only_events_of_the_table_change_the_phase(situation: str) -> None:
    journal = SITUATIONS[situation]().journal
    for length in range(1, len(journal)):
        before, after = replay(journal[:length]).phase, replay(journal[: length + 1]).phase
        assert after == TRANSITIONS.get((before, type(journal[length])), before), kind(journal[length])
