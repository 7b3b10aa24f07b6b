from uuid import uuid4

from django.test import Client
from django.utils import timezone
from pytest import MonkeyPatch
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.games.models import PlayerResult
from momentum.web.play.models import Pin
from momentum.web.results import exports
from momentum.web.results.models import ShareLink

from ..cast import GINA, content, end_game, open_pin, saved


def path(pin: Pin) -> str:
    return f"/dashboard/contest/{pin.game_id}/results"


def test_the_host_sees_the_board_and_every_question(
    as_alice: Client,
    bob: User,
    charlie: User,
    contest: Contest,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob, charlie, GINA)
    with django_assert_max_num_queries(26):
        answer = as_alice.get(path(pin))
    page = answer.context["page"]
    assert (page.state, page.is_host, page.player_count, page.question_count) == ("over", True, 3, 2)
    assert [(row.rank, row.name, row.score) for row in page.board] == [
        (1, "Bob", 1800),
        (2, "Charlie", 0),
        (3, "Gina", 0),
    ]
    first = page.questions[0]
    assert [(option.letter, option.count, option.percent, option.correct) for option in first.options] == [
        ("A", 1, 33, True),
        ("B", 0, 0, False),
        ("C", 0, 0, False),
        ("D", 2, 67, False),
    ]
    assert (first.answered, first.not_answered, first.correct_percent, first.average_seconds) == (3, 0, 33, "2.5")
    assert first.sentence == "3 of 3 answered, 1 was right."
    assert "Question 1?" in answer.content.decode()


def test_a_player_sees_the_own_row_and_answers(as_bob: Client, bob: User, charlie: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, charlie, bob)
    page = as_bob.get(path(pin)).context["page"]
    assert not page.is_host
    assert page.lobby_url == ""
    assert (page.you.name, page.you.rank, page.you.is_you) == ("Bob", 2, True)
    assert [option.yours for option in page.questions[0].options] == [False, False, False, True]
    assert page.questions[0].your_points == 0


def test_a_guest_comes_back_to_the_results(anyone: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    guest_id = anyone.get(f"/dashboard/contest/{pin.game_id}/game").context["data"]["userId"]
    end_game(pin, guest_id, bob)
    assert anyone.get(path(pin)).context["page"].you.rank == 1


def test_strangers_and_guests_of_other_games_see_nothing(
    as_charlie: Client, anyone: Client, bob: User, contest: Contest
) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    end_game(pin, bob)
    assert anyone.get(path(pin)).status_code == 404
    assert as_charlie.get(path(pin)).status_code == 404
    assert Client().get(path(pin)).status_code == 404


def test_while_the_game_runs_it_says_so(as_alice: Client, as_bob: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    for client in (as_alice, as_bob):
        answer = client.get(path(pin))
        assert answer.status_code == 200
        assert answer.context["page"].state == "running"
        assert answer.context["page"].questions == ()


def test_a_game_that_ended_before_its_first_question_has_no_board(as_alice: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, questions=0)
    assert as_alice.get(path(pin)).context["page"].state == "unplayed"


def test_who_deleted_the_account_is_no_longer_named(
    as_alice: Client, bob: User, charlie: User, contest: Contest
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob, charlie)
    User.objects.filter(pk=bob.pk).update(deleted_at=timezone.now(), is_active=False, email="")
    answer = as_alice.get(path(pin))
    assert [(row.rank, row.name, row.score) for row in answer.context["page"].board] == [
        (1, "Former player", 1800),
        (2, "Charlie", 0),
    ]
    assert "Bob" not in content(answer)


def test_a_long_board_comes_in_pages(as_alice: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    PlayerResult.objects.bulk_create(
        PlayerResult(
            game_id=str(pin.game_id), user_id=f"guest_{place:032x}", source_contest_id=str(contest.pk),
            username=f"Guest {place}", is_host=False, rank=place, place=place, score=0, correct_ms=0,
            correct_count=0, answer_count=0,
        )
        for place in range(2, 251)
    )  # fmt: skip
    page = as_alice.get(path(pin) + "?page=3").context["page"]
    assert (page.page_number, page.page_count, len(page.board), page.next_url) == (3, 3, 50, "")
    assert page.previous_url == f"{path(pin)}?page=2"
    for odd in ("0", "-1", "x", "99999999999999999999", "1'"):
        assert as_alice.get(path(pin), {"page": odd}).status_code == 200


def test_the_results_outlive_the_contest(as_alice: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    as_alice.get("/dashboard/")
    as_alice.post(f"/dashboard/contest/{contest.pk}/delete")
    assert as_alice.get(path(pin)).context["page"].state == "over"
    assert as_alice.get(f"/dashboard/contest/{contest.pk}/lobby").status_code == 404


def test_an_unknown_game_is_not_there(as_alice: Client) -> None:
    assert as_alice.get(f"/dashboard/contest/{uuid4()}/results").status_code == 404


def test_it_refuses_posts(as_alice: Client, contest: Contest) -> None:
    assert as_alice.post(path(open_pin(contest))).status_code == 405


def test_the_organiser_and_the_player_see_each_answer(
    as_alice: Client, as_bob: Client, as_charlie: Client, bob: User, charlie: User, contest: Contest
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob, charlie)
    bobs = f"{path(pin)}/players/{bob.pk}"
    for client in (as_alice, as_bob):
        page = client.get(bobs).context["page"]
        assert [(row.answer, row.correct, row.points, row.seconds) for row in page.answers] == [
            ("one", True, 900, "2.5"),
            ("one", True, 900, "2.5"),
        ]
    assert as_charlie.get(bobs).status_code == 404
    assert as_alice.get(f"{path(pin)}/players/{uuid4()}").status_code == 404
    assert {row.answers_url for row in as_charlie.get(path(pin)).context["page"].board} == {
        "",
        f"{path(pin)}/players/{charlie.pk}",
    }


def test_a_read_only_link_shows_board_and_questions_to_anybody(
    as_alice: Client, as_bob: Client, anyone: Client, bob: User, charlie: User, contest: Contest
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob, charlie)
    assert as_bob.post(f"{path(pin)}/link").status_code == 404
    made = as_alice.post(f"{path(pin)}/link")
    assert made["Cache-Control"] == "private, no-store"
    url = made.context["url"].partition("testserver")[2]
    for client in (anyone, as_bob):
        answer = client.get(url)
        page = answer.context["page"]
        assert [(row.rank, row.name, row.is_you, row.answers_url) for row in page.board] == [
            (1, "Bob", False, ""),
            (2, "Charlie", False, ""),
        ]
        assert len(page.questions) == 2
        text = answer.content.decode()
        assert "example.org" not in text
        assert "your answer" not in text
        assert str(bob.pk) not in text
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert 'content="noindex, nofollow"' in text
    assert as_alice.get(path(pin)).context["page"].shared_since is not None
    as_alice.post(f"{path(pin)}/link/revoke")
    assert anyone.get(url).status_code == 404


def test_a_token_is_long_and_kept_as_a_hash_only(as_alice: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    tokens = [as_alice.post(f"{path(pin)}/link").context["url"].rpartition("/")[2] for _ in range(2)]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)
    kept = ShareLink.objects.get()
    assert not {token for token in tokens if token in str(vars(kept))}
    assert Client().get(f"/shared/{tokens[0]}").status_code == 404
    assert Client().get(f"/shared/{tokens[1]}").status_code == 200
    assert Client().get(f"/shared/{kept.token_hash}").status_code == 404


def test_nothing_is_shared_or_exported_before_the_end(as_alice: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    assert as_alice.post(f"{path(pin)}/link").status_code == 404
    for file in ("board.csv", "answers.csv", "results.xlsx"):
        assert as_alice.get(f"{path(pin)}/{file}").status_code == 404


def test_files_are_for_the_organiser(
    as_alice: Client, as_bob: Client, as_charlie: Client, anyone: Client, bob: User, contest: Contest
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    for file in ("board.csv", "questions.csv", "answers.csv", "results.xlsx"):
        assert saved(as_alice.get(f"{path(pin)}/{file}"))
        assert as_bob.get(f"{path(pin)}/{file}").status_code == 404
        assert as_charlie.get(f"{path(pin)}/{file}").status_code == 404
        assert anyone.get(f"{path(pin)}/{file}").status_code == 302
    assert as_alice.get(f"{path(pin)}/secrets.csv").status_code == 404


def test_too_many_answers_for_a_workbook_are_said(
    as_alice: Client, bob: User, contest: Contest, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ANSWERS", 1)
    pin = open_pin(contest)
    end_game(pin, bob)
    answer = as_alice.get(f"{path(pin)}/results.xlsx", follow=True)
    assert "Take the CSV files instead" in answer.content.decode()
