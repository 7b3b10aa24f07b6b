"""Make the pages that tell what the code is: `.env.example`, docs/reference/settings.md and docs/reference/cli.md.

A test keeps them current: it makes them again and compares.
"""

import argparse
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from momentum.cli import parser
from momentum.environment.table import SETTINGS, Setting

ROOT = Path(__file__).resolve().parent.parent
FROM_THE_ENVIRONMENT_ONLY = {"MOMENTUM_ENV_FILE"}


def env_example() -> str:
    """Every setting that the file may have, commented out, with what it means."""
    lines = [
        "# Settings of Momentum. Copy this file to .env, and uncomment what you change.",
        "# docs/reference/settings.md says more. Nothing here needs to be set to try Momentum on your own machine.",
    ]
    for group, settings in groupby(SETTINGS, key=lambda setting: setting.group):
        lines += ["", f"## {group}"]
        for setting in settings:
            if setting.name not in FROM_THE_ENVIRONMENT_ONLY:
                lines += ["", *(f"# {line}" for line in _explained(setting)), f"#{setting.name}={setting.example}"]
    return "\n".join(lines) + "\n"


def _explained(setting: Setting) -> Iterator[str]:
    yield from wrap(setting.meaning.replace("`", ""), 110)
    yield from wrap(f"Unset: {setting.default}.", 110)


def settings_page() -> str:
    """All settings in tables, a section for each group."""
    lines = [
        "# Settings",
        "",
        "Every process reads its settings once, when it starts, from environment variables and from a file `.env`",
        "in the working directory. A variable that is really set wins over the file; an empty one counts as unset.",
        "A value that cannot be used stops the start with a sentence that says what to do; `momentum check` looks",
        "further. This page is made from `src/momentum/environment/table.py` by `make reference`.",
        "",
        "The file has one `NAME=value` a line; `#` begins a comment; values may stand in single or double quotes;",
        "nothing is expanded.",
    ]
    for group, settings in groupby(SETTINGS, key=lambda setting: setting.group):
        lines += ["", f"## {group}", "", "| setting | meaning | when unset |", "| --- | --- | --- |"]
        lines += [f"| {_names(setting)} | {setting.meaning} | {setting.default} |" for setting in settings]
    return "\n".join(lines) + "\n"


def _names(setting: Setting) -> str:
    also = "".join(f"<br>also `{name}`" for name in setting.other_names)
    return f"`{setting.name}`{also}"


def cli_page() -> str:
    """All commands with their arguments."""
    lines = [
        "# The `momentum` command",
        "",
        "`./run` makes `.venv/bin/momentum`. Every command reads the [settings](settings.md). It ends with 0 when",
        "done, 1 when it refuses, with a sentence that says what to do, and 2 when it was called wrongly or a setting",
        "cannot be used. This page is made from `src/momentum/cli.py` by `make reference`.",
    ]
    for name, command in _commands(parser()):
        lines += ["", f"## momentum {name}", "", str(command.description), "", "```", _usage(name, command), "```"]
        arguments = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
        if arguments:
            lines += ["", "| argument | meaning |", "| --- | --- |"]
            lines += [f"| `{_argument(action)}` | {action.help} |" for action in arguments]
    return "\n".join(lines) + "\n"


def _commands(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    """Written here: argparse's own usage line differs between versions of Python."""
    words = [_argument(action) for action in command._actions if not isinstance(action, argparse._HelpAction)]
    required = [action.required for action in command._actions if not isinstance(action, argparse._HelpAction)]
    shown = (word if needed else f"[{word}]" for word, needed in zip(words, required, strict=True))
    return " ".join(["momentum", name, *shown])


def _argument(action: argparse.Action) -> str:
    value = str(action.metavar or action.dest.upper())
    return f"{action.option_strings[-1]} {value}" if action.option_strings else value


PAGES: dict[Path, Callable[[], str]] = {
    ROOT / ".env.example": env_example,
    ROOT / "docs" / "reference" / "settings.md": settings_page,
    ROOT / "docs" / "reference" / "cli.md": cli_page,
}

if __name__ == "__main__":
    for path, make in PAGES.items():
        path.write_text(make())
