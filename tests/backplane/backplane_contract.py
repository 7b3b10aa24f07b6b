"""What every backplane must do. A subclass gives `backplane` and `settled`, which waits until all is delivered."""

from momentum.backplane.contract import Backplane


class BackplaneContract:
    async def settled(self) -> None:
        raise NotImplementedError

    async def test_a_request_goes_to_who_serves_the_game(self, backplane: Backplane[str, str]) -> None:
        mine: list[str] = []
        others: list[str] = []
        backplane.serve("mine", mine.append)
        backplane.serve("other", others.append)
        assert backplane.request("mine", "hello")
        await self.settled()
        assert (mine, others) == (["hello"], [])

    async def test_a_request_that_nobody_serves_is_said_to_be_lost(self, backplane: Backplane[str, str]) -> None:
        assert not backplane.request("nowhere", "hello")

    async def test_who_has_stopped_serving_gets_nothing(self, backplane: Backplane[str, str]) -> None:
        heard: list[str] = []
        stop = backplane.serve("game", heard.append)
        stop()
        assert not backplane.request("game", "hello")
        await self.settled()
        assert heard == []

    async def test_who_serves_anew_gets_the_requests_even_if_the_old_one_stops_later(
        self, backplane: Backplane[str, str]
    ) -> None:
        old: list[str] = []
        new: list[str] = []
        stop = backplane.serve("game", old.append)
        backplane.serve("game", new.append)
        stop()
        assert backplane.request("game", "hello")
        await self.settled()
        assert (old, new) == ([], ["hello"])

    async def test_an_envelope_goes_to_every_listener_of_the_game_in_order(
        self, backplane: Backplane[str, str]
    ) -> None:
        first: list[str] = []
        second: list[str] = []
        other: list[str] = []
        backplane.listen("game", first.append)
        backplane.listen("game", second.append)
        backplane.listen("other", other.append)
        told = [str(number) for number in range(50)]
        for envelope in told:
            backplane.publish("game", envelope)
        await self.settled()
        assert (first, second, other) == (told, told, [])

    async def test_an_envelope_that_nobody_hears_is_no_error(self, backplane: Backplane[str, str]) -> None:
        backplane.publish("game", "hello")
        await self.settled()

    async def test_who_has_stopped_listening_hears_nothing(self, backplane: Backplane[str, str]) -> None:
        gone: list[str] = []
        here: list[str] = []
        stop = backplane.listen("game", gone.append)
        backplane.listen("game", here.append)
        stop()
        stop()
        backplane.publish("game", "hello")
        await self.settled()
        assert (gone, here) == ([], ["hello"])

    async def test_a_listener_may_stop_while_it_is_told(self, backplane: Backplane[str, str]) -> None:
        heard: list[str] = []

        def once(envelope: str) -> None:
            stop()
            heard.append(envelope)

        stop = backplane.listen("game", once)
        backplane.listen("game", heard.append)
        backplane.publish("game", "1")
        backplane.publish("game", "2")
        await self.settled()
        assert heard == ["1", "1", "2"]

    async def test_a_listener_may_ask_while_it_is_told(self, backplane: Backplane[str, str]) -> None:
        asked: list[str] = []
        backplane.serve("game", asked.append)

        def ask(envelope: str) -> None:
            backplane.request("game", f"about {envelope}")

        backplane.listen("game", ask)
        backplane.publish("game", "1")
        await self.settled()
        assert asked == ["about 1"]
