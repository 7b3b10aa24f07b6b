"""Who gets a seat, and which resume tokens still admit: the part of decide() that turns people away."""

from momentum.game import commands, events, names
from momentum.game.model import Game
from momentum.game.outcome import Outcome, Rejection
from momentum.game.phases import Phase


def join(game: Game, command: commands.Join, at: int) -> Outcome:
    user_id = command.user_id
    if user_id in game.banned:
        return Rejection("kicked", "The host has removed you from this game.")
    if user_id in game.hosts and not game.settings.host_plays:
        return Rejection("not_allowed", "You host this game and do not play in it. Open it from your dashboard.")
    current = game.generations.get(user_id, 0)
    if command.generation is not None and command.generation < current:
        return Rejection("bad_token", "This admission is no longer valid. Join again with the PIN or the link.")
    if game.phase is Phase.OVER:
        return [] if user_id in game.seats else Rejection("game_over", "This game is over.")
    rekeyed = events.SeatRekeyed(at=at, user_id=user_id, generation=_next_generation(command, current))
    if game.seated(user_id) is not None:
        return [rekeyed]
    if refused := _no_seat(game, user_id):
        return refused
    return _new_seat(game, command, at, rekeyed)


def rekey(game: Game, command: commands.Rekey, at: int) -> Outcome:
    generation = game.generations.get(command.user_id, 0) + 2
    return [events.SeatRekeyed(at=at, user_id=command.user_id, generation=generation)]


def _next_generation(command: commands.Join, current: int) -> int:
    """The oldest generation that still admits. The token handed out last is one above the current generation: it stays
    good until the one after it is used, and who comes by another way than a token makes it void."""
    return current + 2 if command.generation is None else command.generation


def _no_seat(game: Game, user_id: str) -> Rejection | None:
    if user_id in game.seats:
        return None
    is_host = user_id in game.hosts
    if game.locked and not is_host:
        return Rejection("locked", "The host has locked this game. Ask the host to let you in.")
    if game.started and not game.settings.late_join and not is_host:
        return Rejection("already_started", "This game has started and takes no more players.")
    if game.seats_taken + (0 if is_host else _kept_for_hosts(game)) >= game.settings.max_players:
        return Rejection("full", f"All {game.settings.max_players} seats of this game are taken.")
    return None


def _kept_for_hosts(game: Game) -> int:
    """Hosts who play have a seat waiting, so that a full game still has its host."""
    return sum(host not in game.seats for host in game.hosts) if game.settings.host_plays else 0


def _new_seat(game: Game, command: commands.Join, at: int, rekeyed: events.SeatRekeyed) -> Outcome:
    gone = game.seats.get(command.user_id)
    try:
        username = gone.username if gone else names.distinct(names.clean(command.username), game.names)
    except names.NameRefused as refused:
        return Rejection("bad_name", str(refused))
    is_host = command.user_id in game.hosts
    return [events.PlayerJoined(at=at, user_id=command.user_id, username=username, is_host=is_host), rekeyed]
