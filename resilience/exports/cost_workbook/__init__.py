"""The working of full cost recovery as a workbook with live formulas: change an input cell and everything follows.

Input sheets hold numbers and names; on every other sheet each number is a formula. Money is rounded where the program rounds it, so that
a recalculation gives the same pence. Text stays text, also where it starts with "=". docs/cost_recovery.md, "The workbook".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resilience.costing.costed import Working
from resilience.exports.cost_workbook.cells import INPUTS
from resilience.exports.cost_workbook.working import Layout

__all__ = ["INPUTS", "write_workbook"]


def write_workbook(file: Path, working: Working) -> None:
    """Writes the workbook of a working. Raises OSError, and ModuleNotFoundError without xlsxwriter."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(
        str(file), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": f"Full cost of {working.organisation.name}", "created": _day(working)})
    Layout(book, working).lay()
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from None


def _day(working: Working) -> Any:
    """The day in the file's properties: that of the first month, so that the same input gives the same bytes."""
    import datetime

    first = working.organisation.first_month
    return datetime.datetime(first.year, first.month, 1)
