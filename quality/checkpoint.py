"""A checkpoint: tables judged by their suites; which rows break which rule, and pages that show it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.texts import all_texts
from quality.pages import make_local
from quality.room import alone, great_expectations, open_room, thin_out
from quality.rules import Rule, Table

ROW, SUBJECT = "row", "subject"
"""Columns beside those that are judged: by them the findings name a row, and the pages."""


class CheckBroken(RuntimeError):
    """A rule could not be applied: its table is not what it takes it for. The values, maybe personal, are not told."""


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """The row, counted from 0, of a table that breaks one of the table's rules."""

    table: int
    rule: int
    row: int


def judge(name: str, tables: Sequence[Table], docs: Path | None, at: datetime) -> list[Breach]:
    """Run the checkpoint `name` over these tables; its Data Docs go to the folder `docs`, where one is given.

    Breaches are in order of table, rule and row. Raises `CheckBroken`. Takes seconds the first time in a process.
    """
    gx = great_expectations()
    run = gx.RunIdentifier(run_name=f"{at:%Y%m%dT%H%M%S.%fZ}", run_time=at)
    with alone(docs):
        room = open_room(gx, docs)
        source = room.data_sources.add_pandas(name)
        results = {}
        for table in tables:
            outcome = _checkpoint(gx, room, source, name, table).run({"dataframe": _frame(table)}, run_id=run)
            results.update(outcome.run_results)
        if docs is not None:
            thin_out(docs)
            made = [each for of_table in results for each in (of_table, of_table.expectation_suite_identifier)]
            room.build_data_docs(resource_identifiers=made)
            make_local(docs)
    of_tables = zip(tables, results.values(), strict=True)
    return sorted(breach for n, (table, result) in enumerate(of_tables) for breach in _breaches(n, table, result))


def _checkpoint(gx: Any, room: Any, source: Any, name: str, table: Table) -> Any:
    batch = source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe("all")
    expectations = [_expectation(gx, name, n, rule) for n, rule in enumerate(table.rules)]
    suite = room.suites.add_or_update(gx.ExpectationSuite(name=f"{name}-{table.name}", expectations=expectations))
    validation = gx.ValidationDefinition(name=f"{name}-{table.name}", data=batch, suite=suite)
    return room.checkpoints.add(
        gx.Checkpoint(
            name=f"{name}-{table.name}",
            validation_definitions=[room.validation_definitions.add(validation)],
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW, SUBJECT]},
        )
    )


def _expectation(gx: Any, name: str, n: int, rule: Rule) -> Any:
    """The page says of a rule what a person is told where it is broken."""
    made = getattr(gx.expectations, rule.expects)
    return made(**rule.given, meta={"rule": n}, notes=_sketch(f"quality.{name}.{rule.name}"))


def _frame(table: Table) -> Any:
    import pandas as pd  # noqa: PLC0415  comes with the library

    columns: Mapping[str, list[Any]] = {
        column: [row.values.get(column) for row in table.rows] for column in table.columns
    }
    named = {ROW: list(range(len(table.rows))), SUBJECT: [row.subject for row in table.rows]}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in {**columns, **named}.items()})


def _breaches(n: int, table: Table, result: Any) -> list[Breach]:
    found = []
    for each in result.results:
        rule = int(each.expectation_config.meta["rule"])
        if each.exception_info.get("raised_exception", True):
            raise CheckBroken(f"the rule {table.rules[rule].name} cannot judge what the table {table.name} holds")
        if not each.success:
            found += [Breach(n, rule, int(index[ROW])) for index in each.result["unexpected_index_list"]]
    return found


def _sketch(key: str) -> str:
    """A sentence without its values, as a rule that nothing has broken yet."""
    return re.sub(r"\{[^{}]*\}", "…", all_texts()[key])
