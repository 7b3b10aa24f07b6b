"""What a client's message asks of the game."""

from collections.abc import Callable, Container
from typing import Any

from momentum.game import commands
from momentum.protocol import from_client

_BY_HOST: dict[type[from_client.FromClient], Callable[[str], commands.Command]] = {
    from_client.StartGame: lambda by: commands.Start(by=by),
    from_client.NextQuestion: lambda by: commands.Next(by=by),
    from_client.SkipQuestion: lambda by: commands.Skip(by=by),
    from_client.PauseGame: lambda by: commands.Pause(by=by),
    from_client.ResumeGame: lambda by: commands.Resume(by=by),
    from_client.EndGame: lambda by: commands.End(by=by),
}


def as_command(message: Any, by: str, present: Container[str], *, elapsed_ms: int, credit_ms: int) -> commands.Command:
    """The command that `message` from user `by` stands for."""
    match message:
        case from_client.SubmitAnswer():
            return commands.Answer(
                user_id=by,
                question_id=message.question_id,
                answer=message.answer,
                elapsed_ms=elapsed_ms,
                credit_ms=credit_ms,
                present=present,
            )
        case from_client.KickPlayer():
            return commands.Kick(by=by, user_id=message.user_id, present=present)
        case from_client.LockGame():
            return commands.Lock(by=by, locked=message.locked)
        case from_client.Leave():
            return commands.Leave(user_id=by, present=present)
        case _:
            return _BY_HOST[type(message)](by)
