"""The command `huiyin`: its commands, and what is told when one fails: a sentence on standard error."""

import sys
from collections.abc import Callable

import typer

from catalog.texts import text
from deployments.commands import (
    alerts,
    answers,
    asset,
    batch,
    bench,
    case,
    catalogue,
    channel,
    chaos,
    check,
    classify,
    demo,
    department,
    deploy,
    evaluate,
    forget,
    keys,
    policy,
    quarantine,
    retry,
    roots,
    submit,
    token,
    train,
    up,
    verify,
)

INTERRUPTED = 130

app = typer.Typer(
    help=text("cli.help"),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo.demo,
    "up": up.up,
    "deploy": deploy.deploy,
    "submit": submit.submit,
    "import": batch.import_batch,
    "case": case.case,
    "classify": classify.classify,
    "check": check.check,
    "answers": answers.answers,
    "evaluate": evaluate.evaluate,
    "train": train.train,
    "verify": verify.verify,
    "bench": bench.bench,
    "chaos": chaos.chaos,
    "alerts": alerts.alerts,
    "retry": retry.retry,
    "forget": forget.forget,
    "roots": roots.roots,
}
GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "department": {"connect": department.connect},
    "channel": {"key": channel.key},
    "asset": {"import": asset.import_register},
    "token": {"create": token.create},
    "keys": {"rotate": keys.rotate, "retire": keys.retire},
    "quarantine": {"list": quarantine.list_rows, "release": quarantine.release},
    "policy": {"diff": policy.diff, "move": policy.move},
    "catalogue": {"diff": catalogue.diff},
}
for name, command in COMMANDS.items():
    app.command(name, help=text(f"cli.{name}.help"))(command)

for noun, verbs in GROUPS.items():
    group = typer.Typer(help=text(f"cli.{noun}.help"))
    for verb, command in verbs.items():
        group.command(verb, help=text(f"cli.{noun}.{verb}"))(command)
    app.add_typer(group, name=noun)


def main() -> None:
    """The console script. Exits with 0, with 2 for a command that was written wrongly, else with 1."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        from deployments.complaint import complaint  # noqa: PLC0415  what it imports, only a failing command needs

        sentence = complaint(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        raise SystemExit(getattr(error, "exit_code", 1)) from None
    sys.exit(code or 0)
