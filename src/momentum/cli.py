"""The `momentum` command. What a command needs is imported when it runs: realtime never loads Django, help is quick."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from momentum import __version__
from momentum.environment import Environment, SettingsError
from momentum.wiring import lifeline
from momentum.wiring.refusal import Refusal

Command = Callable[[Environment, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 refused with a sentence, 2 wrong usage or settings."""
    lifeline.follow_supervisor(os.environ)
    options = parser().parse_args(arguments)
    command: Command = options.run
    try:
        return command(Environment.read(os.environ), options)
    except SettingsError as error:
        return complain(str(error), 2)
    except Refusal as refusal:
        return complain(str(refusal), 1)
    except KeyboardInterrupt:
        return 130


def complain(sentence: str, code: int) -> int:
    print(f"momentum: {sentence}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments; docs/reference/cli.md is made from it."""
    top = argparse.ArgumentParser(prog="momentum", description="The open-source platform for live quiz contests.")
    top.add_argument("--version", action="version", version=f"momentum {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, run: Command, summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=run)
        return command

    add("serve", serve, "Run everything: prepare the database, then keep the site, realtime and the worker running.")
    add("web", web, "Run the site alone.")
    add("realtime", realtime, "Run realtime, the WebSocket service, alone.")
    add("worker", worker, "Run the worker alone: mails and periodic jobs.")
    bots_command = add("bots", bots, "Let bots join a game by its PIN and play, through the public protocol.")
    bots_command.add_argument("--pin", required=True, help="the PIN in the lobby")
    bots_command.add_argument("-n", "--count", type=int, default=5, help="how many bots (default: 5)")
    bots_command.add_argument("--url", help="the site's address (default: this machine's own)")
    bots_command.add_argument("--name-prefix", default="Bot", help="what their names begin with (default: Bot)")
    bots_command.add_argument("--seed", type=int, help="a number that makes them guess the same way again")
    bots_command.add_argument(
        "--reaction-ms", type=int, default=2500, help="half of the answers take longer (default: 2500)"
    )
    add("migrate", migrate, "Bring the database to this version's schema and load the starter bank.")
    add("check", check, "Say what is wrong with the settings, the database and the running services.")
    mail = add("mail-test", mail_test, "Send one mail at once, and say in words why it does not work.")
    mail.add_argument("address", help="whom to send it")
    add("status", status, "Say which services answer, and which games are open.")
    add("end", end, "End an open game; its results so far are kept.").add_argument("game", help="the game's id")
    add("replay", replay, "Print a game's journal, event by event.").add_argument("game", help="the game's id")
    _add_keeping(add)
    django = add("manage", manage, "Run one of Django's own commands, such as createsuperuser or shell.")
    django.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND", help="the command, its arguments")
    return top


def _add_keeping(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """The commands that move, save and restore everything."""
    moving = add("migrate-data", migrate_data, "Move everything from the SQLite files to an empty PostgreSQL database.")
    moving.add_argument("target", metavar="URL", help="the database, as in DATABASE_URL")
    saving = add("backup", backup, "Save both databases, or the PostgreSQL database, while everything runs.")
    saving.add_argument("folder", help="a new or empty folder")
    restoring = add("restore", restore, "Put a backup in the place of the present data, which is kept beside it.")
    restoring.add_argument("folder", help="the folder of the backup")
    add("restored", restored, "Say that other tools have restored a backup: give every open game a new history.")


def serve(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import supervisor

    return supervisor.serve(environment)


def web(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import web as site

    return site.run(environment)


def realtime(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import realtime as service

    return service.run(environment)


def worker(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import worker as service

    return service.run(environment)


def bots(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import bots as players

    return players.run(
        environment,
        print,
        pin=options.pin,
        count=options.count,
        url=options.url,
        name_prefix=options.name_prefix,
        seed=options.seed,
        reaction_ms=options.reaction_ms,
    )


def migrate(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import migrate as command

    return command.run(environment, print)


def check(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import check as command

    return command.run(environment, print)


def mail_test(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import mail_test as command

    return command.run(environment, options.address, print)


def status(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import status as command

    return command.run(environment, print)


def end(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import end as command

    return command.run(environment, options.game, print)


def replay(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import replay as command

    return command.run(environment, options.game)


def migrate_data(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import migrate_data as command

    return command.run(environment, options.target, print)


def backup(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import backup as command

    return command.run(environment, Path(options.folder), print)


def restore(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import restore as command

    return command.run(environment, Path(options.folder), print)


def restored(environment: Environment, _options: argparse.Namespace) -> int:
    from momentum.wiring import restored as command

    return command.run(environment, print)


def manage(environment: Environment, options: argparse.Namespace) -> int:
    from momentum.wiring import django_commands

    return django_commands.run(environment, options.arguments)
