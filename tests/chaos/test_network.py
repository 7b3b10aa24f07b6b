"""The network between players and realtime: cut, silent, one-way, slow; messages that come again or out of order."""

import asyncio
import json
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import aiohttp
import pytest
from tests.e2e.clients import PlayedGame, guessing
from tests.e2e.games import ticket, websocket_url
from tests.e2e.history import History
from tests.e2e.kills import promised_s
from tests.e2e.measure import acknowledgements_ms, percentile, rss_mb
from websockets.sync.client import connect

from momentum.protocol.close_codes import CloseCode
from momentum.wiring import descriptors
from momentum.wiring.bots.connection import Connection
from momentum.wiring.bots.player import Choice, Message, Player, Question

from .cluster import Cluster
from .conftest import StartCluster
from .figures import measured
from .played import acknowledged, answers, chance, ended, game_on, guessers, holds, names, opening, until_question
from .proxy import Proxy

PATIENCE_S = 100.0
CROWD = int(os.environ.get("MOMENTUM_CROWD", "200"))
CLOSES = re.compile(r'^momentum_closes_total\{code="(\d+)"\} (\S+)$', re.MULTILINE)


def closes(cluster: Cluster, why: CloseCode) -> float:
    """How many sockets realtime has closed with this code."""
    with urllib.request.urlopen(f"{cluster.realtime_url}/metrics") as answer:
        found = dict(CLOSES.findall(answer.read().decode()))
    return float(found.get(str(why.code), 0))


@contextmanager
def admitted(cluster: Cluster, url: str, game: PlayedGame, user_id: str) -> Iterator[Message]:
    """A socket of a player who does nothing; gives the GAME_STATE."""
    token = ticket(cluster.environment, game.id, user_id)
    with connect(websocket_url(url, game.id), close_timeout=0.1) as socket:
        socket.send(json.dumps({"type": "AUTHENTICATE", "token": token}))
        state: Message = json.loads(socket.recv(timeout=PATIENCE_S))
        assert state["type"] == "GAME_STATE"
        yield state


def late(question: Question) -> Choice:
    """Answers when all is over that is done to the first question."""
    return Choice(question.options[0], 5.0 if question.number == 1 else 0.2)


def proxy_to(cluster: Cluster) -> Proxy:
    return Proxy(("127.0.0.1", cluster.nodes[0].port))


def test_connections_that_are_cut_within_any_frame_lose_nothing(on_sqlite: StartCluster) -> None:
    cluster, random = on_sqlite(), chance()
    with proxy_to(cluster) as proxy:
        players = guessers(names(4), 0.2, 1.0)
        game = game_on(cluster, players, questions=4, urls=dict.fromkeys(players, proxy.url))
        playing = game.in_background()
        while not playing.done():
            way = random.choice((proxy.up, proxy.down))
            way.cut_after = random.randrange(600)
            time.sleep(random.uniform(0.1, 0.5))
            way.cut_after = None
        assert ended(cluster, playing)
        assert proxy.cuts >= 4
    assert holds(cluster, game)


def test_answers_of_players_whose_way_is_open_in_one_direction_only_count_once(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    with proxy_to(cluster) as proxy:
        players = guessers(names(3), 1.0, 1.5)
        game = game_on(cluster, players, questions=2, urls=dict.fromkeys(players, proxy.url), timer_ms=20_000)
        playing = game.in_background()
        for number, way in enumerate((proxy.up, proxy.down), start=1):
            until_question(cluster, game, number)
            way.blackhole = True
            time.sleep(3.0)
            assert acknowledged(game, since=time.monotonic() - 2.0) == []
            proxy.reset()
            proxy.heal()
        assert ended(cluster, playing)
    assert [history.answers[0].outcome for history in game.histories] == ["ok"] * 3
    assert len(answers(game)) == 6
    assert holds(cluster, game)


def test_a_player_who_vanished_without_a_word_is_noticed_within_twenty_seconds(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    with proxy_to(cluster) as proxy:
        players = {"here": guessing("here", 0.1, 0.2), "gone": late}
        game = game_on(cluster, players, questions=2, urls={"gone": proxy.url}, timer_ms=60_000)
        playing = game.in_background()
        until_question(cluster, game, 1)
        proxy.partition()
        began = time.monotonic()
        here = game.histories[0]

        def noticed() -> float:
            news = [frame for frame in here.of_type("PLAYER_CONNECTION") if not frame.payload["connected"]]
            return news[0].at - began if news else 0.0

        cluster.wait_until(noticed, "the others hear of it")
        cluster.wait_until(lambda: opening(here, 2), "the game goes on without the player")
        proxy.heal()
        assert ended(cluster, playing)
    measured("half-open connection", "until it is noticed", noticed())
    assert noticed() < promised_s(20.0)
    assert holds(cluster, game)


def test_a_player_with_a_dead_connection_is_let_in_at_once_on_a_new_one(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    game = game_on(cluster, guessers(names(1)))
    with proxy_to(cluster) as proxy, admitted(cluster, proxy.url, game, "player1"):
        proxy.partition()
        began = time.monotonic()
        with admitted(cluster, cluster.realtime_url, game, "player1") as state:
            assert time.monotonic() - began < promised_s(1.0)
        assert [player["connected"] for player in state["payload"]["players"]] == [True]


def test_a_player_who_reads_too_slowly_is_closed_and_holds_up_nobody(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    crowd = [f"player{number}-{'x' * 200}" for number in range(99)]  # who comes makes everybody hear of all of them
    game = game_on(cluster, guessers(crowd, 0.5, 3.0), questions=2, max_players=100)
    with proxy_to(cluster) as proxy, admitted(cluster, proxy.url, game, "slow"):
        before_mb = rss_mb(cluster.nodes[0].pid)
        proxy.down.bytes_per_s = 1_000
        playing = game.in_background()
        cluster.wait_until(lambda: closes(cluster, CloseCode.SLOW), "the slow reader is closed")
        assert ended(cluster, playing)
        grown_mb = rss_mb(cluster.nodes[0].pid) - before_mb
    taken = acknowledgements_ms(game.histories)
    measured("slow reader", "acknowledged to the others, 99 %", percentile(taken, 99), "ms")
    measured("slow reader", "memory of realtime grows by", grown_mb, "MB")
    assert percentile(taken, 99) < 1000 * promised_s(0.5)
    assert grown_mb < 30
    assert holds(cluster, game)


@pytest.mark.timeout(600)
def test_a_crowd_whose_connections_are_all_reset_comes_back_and_other_games_do_not_feel_it(
    on_sqlite: StartCluster,
) -> None:
    descriptors.allow_many()
    cluster = on_sqlite(MAX_UNAUTHENTICATED="10000")
    with proxy_to(cluster) as proxy:
        crowd = guessers(names(CROWD), 4.0, 6.0 + CROWD / 200)
        stormed = game_on(cluster, crowd, questions=1, urls=dict.fromkeys(crowd, proxy.url), timer_ms=60_000)
        stormed_on = stormed.in_background()
        cluster.wait_until(lambda: all(opening(h, 1) for h in stormed.histories), "everybody is in", 300)
        bystanders = game_on(cluster, guessers(names(4)), questions=6)
        bystanders_on = bystanders.in_background()
        began = time.monotonic()
        assert proxy.reset() == CROWD
        cluster.wait_until(
            lambda: all(h.sockets > 1 and h.frames[-1].at > began for h in stormed.histories), "everybody is back", 300
        )
        back_s = time.monotonic() - began
        assert ended(cluster, bystanders_on)
        assert ended(cluster, stormed_on, patience_s=300)
    taken = acknowledgements_ms(bystanders.histories)
    measured("reconnect storm", f"until {CROWD} players are back", back_s)
    measured("reconnect storm", "slowest acknowledgement in another game", max(taken), "ms")
    assert back_s < promised_s(15.0)
    assert max(taken) < 1000 * promised_s(0.5)
    assert holds(cluster, stormed, bystanders)


class Stammering(Connection):
    """Says every answer three times, with other things between, and the earlier ones again much later."""

    def _send(self, socket: aiohttp.ClientWebSocketResponse, message: Message) -> None:
        super()._send(socket, message)
        if message["type"] == "SUBMIT_ANSWER":
            loop = asyncio.get_running_loop()
            for after_s in (self._random.uniform(0, 0.2), self._random.uniform(0.2, 1.5)):
                loop.call_later(after_s, super()._send, socket, message)


class Forgiving(Player):
    """Does not take the refusal of a message that came late or twice for that of its answer."""

    def hear(self, message: Message) -> None:
        if message["type"] != "ERROR":
            super().hear(message)


class StammeringGame(PlayedGame):
    async def connect(self, http: aiohttp.ClientSession, url: str, player: Player, history: History) -> None:
        player.__class__ = Forgiving
        await Stammering(http, url, player, history, Random(history.user_id)).play()


def test_messages_that_come_twice_late_and_out_of_order_change_nothing(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    with proxy_to(cluster) as proxy:
        players = guessers(names(4), 0.1, 1.2)
        everywhere = dict.fromkeys(players, proxy.url)
        game = game_on(cluster, players, questions=4, urls=everywhere, kind=StammeringGame)
        playing = game.in_background()
        until_question(cluster, game, 2)
        proxy.reset()
        assert ended(cluster, playing)
    assert len(answers(game)) == 16
    assert holds(cluster, game)
