"""Lists are capped; nobody misses their own line."""

from momentum.game import commands

from .stage import ALICE, SCREEN, Stage, created, told_to


def crowd() -> Stage:
    """150 players, u0 to u149, in a waiting room for as many."""
    stage = Stage(created((2, 2), max_players=150))
    for place in range(150):
        assert isinstance(stage.do(commands.Join(user_id=f"u{place}", username=f"Player {place}")), list)
    return stage


def test_lists_have_the_best_hundred_and_ones_own_line_beyond() -> None:
    stage = crowd()
    stage.come("u149")
    stage.do(commands.Start(by=ALICE))
    for place in range(150):
        stage.answer(f"u{place}", 2, 1_000 + place * 10)
    update, closed = told_to(stage, "u149", "SCORE_UPDATE")[0], told_to(stage, "u149", "QUESTION_CLOSED")[0]
    assert [row["user_id"] for row in closed["scoreboard"]] == [f"u{place}" for place in range(100)]
    assert update["scores"] == closed["scoreboard"]
    assert (closed["own"]["user_id"], closed["own"]["rank"], closed["player_count"]) == ("u149", 150, 150)
    assert (update["user_id"], update["score"]) == ("u0", closed["scoreboard"][0]["score"])


def test_the_end_and_the_whole_state_are_capped_too() -> None:
    stage = crowd()
    stage.come("u149")
    stage.do(commands.Start(by=ALICE))
    stage.do(commands.End(by=ALICE))
    over, state = told_to(stage, "u149", "GAME_OVER")[0], stage.state("u149", "player")
    assert (len(over["final_scoreboard"]), over["player_count"], over["own"]["user_id"]) == (100, 150, "u149")
    assert state.over is not None and state.over.own is not None
    assert (len(state.over.final_scoreboard), state.over.own.user_id) == (100, "u149")
    assert (len(state.players), state.player_count) == (100, 150)
    assert len(told_to(stage, "u149", "CONTEST_STARTED")[0]["players"]) == 100


def test_comings_and_goings_name_a_hundred_and_count_all() -> None:
    stage = crowd()
    stage.come(SCREEN)
    stage.do(commands.Leave(user_id="u3", present=stage.connected))
    stage.come("u150")
    left, joined = told_to(stage, SCREEN, "PLAYER_LEFT")[0], told_to(stage, SCREEN, "PLAYER_JOINED")[0]
    assert (len(left["players"]), left["player_count"]) == (100, 149)
    assert (len(joined["players"]), joined["player_count"]) == (100, 150)
