"""The `towerdesk` command: finds the one asked for, gives it what it needs, and turns trouble into one sentence."""

import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from towerdesk.cli.alone import end_in_order
from towerdesk.cli.registry import Command, offered
from towerdesk.lib.errors import Trouble

BAD_USE = 2
HEAD = ("Usage: towerdesk COMMAND …", "", "A self-hosted, AI-autonomous ticket desk.", "")
MORE = "“towerdesk COMMAND --help” says more. Settings come from the environment: TOWERDESK_DATA, TOWERDESK_PORT …"


def main() -> None:
    os.umask(0o077)  # what the desk keeps and saves is nobody else's to read
    end_in_order()
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 good, 1 the command says no, 2 bad use or settings."""
    try:
        code = _dispatch(list(words))
        sys.stdout.flush()  # a reader that has left is noticed here, not by the interpreter's last breath
        return code
    except Trouble as trouble:
        return _say(str(trouble), BAD_USE)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `towerdesk … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)


def _dispatch(words: list[str]) -> int:
    commands = offered()
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview(commands))
        return 0
    if words[0] in ("-V", "--version", "version"):
        print(f"towerdesk {_version()}")
        return 0
    name, rest = words[0], words[1:]
    if name not in commands:
        near = difflib.get_close_matches(name, commands, 1)
        hint = f"Did you mean “{near[0]}”?" if near else "“towerdesk --help” lists the commands."
        return _say(f"There is no command “{name}”. {hint}", BAD_USE)
    return _call(name, commands[name], rest)


def _call(name: str, command: Command, words: list[str]) -> int:
    from towerdesk.cli.session import session

    wants_help = any(word in ("-h", "--help") for word in words) or (command.group and not words)
    needs = "settings" if wants_help and command.needs != "nothing" else command.needs
    with session(needs):
        return _typer(name, command, [*words, "--help"] if wants_help and not words else words)


def _typer(name: str, command: Command, words: list[str]) -> int:
    import typer
    from typer.exceptions import TyperException
    from typer.main import get_command, get_group

    module: Any = importlib.import_module(command.module)
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(context_settings={"help_option_names": ["-h", "--help"]})(module.command)
    app._add_completion = False  # completion is offered nowhere: two options less in every --help
    runner = get_group(app) if command.group else get_command(app)
    try:
        code = runner(args=words, prog_name=f"towerdesk {name}", standalone_mode=False)
    except TyperException as error:
        asked = getattr(error, "ctx", None)  # of the sub-command, where there is one
        return _say(
            _sentence(error.format_message(), asked.command_path if asked else f"towerdesk {name}"), error.exit_code
        )
    except typer.Abort:
        return _say("Stopped; nothing more was done.", 1)
    return code if isinstance(code, int) else 0


def _sentence(message: str, command: str) -> str:
    ended = message if message.endswith(("?", ")")) else f"{message.rstrip('.')}."
    return f"{ended} “{command} --help” shows how."


def _overview(commands: dict[str, Command]) -> str:
    width = max(len(name) for name in commands)
    lines = [f"  {name.ljust(width)}  {command.help}" for name, command in commands.items()]
    return "\n".join([*HEAD, *lines, "", MORE])


def _version() -> str:
    from importlib.metadata import version

    return version("towerdesk")


def _unexpected(error: Exception) -> int:
    if os.environ.get("TOWERDESK_DEBUG", "").strip().lower() in ("1", "true", "yes", "on"):
        traceback.print_exception(error)
    kind, reason = type(error).__name__, " ".join(str(error).split()) or "no reason given"
    database = kind in ("OperationalError", "PoolTimeout", "ConnectorException")
    if database:
        return _say(f"The database does not answer ({reason}). “towerdesk doctor” says more.", 1)
    return _say(f"Something went wrong ({kind}: {reason}). {_where_to_look(error)}", 1)


def _where_to_look(error: Exception) -> str:
    """Write the trace to the log, and say where it lies."""
    from config import env

    try:
        log = env.data_dir() / "logs" / "commands.log"
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("a") as file:
            file.write(f"towerdesk {' '.join(sys.argv[1:2])}\n{''.join(traceback.format_exception(error))}\n")
    except (OSError, Trouble):
        return "TOWERDESK_DEBUG=1 shows the details."
    return f"Details are in {log}; TOWERDESK_DEBUG=1 shows them here."


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
