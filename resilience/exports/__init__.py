"""Results as files: one JSON document, and tables for other programs. docs/json.md says what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resilience.exports.document import SCHEMA, as_json, document
from resilience.exports.folder import Folder
from resilience.exports.overlay import scenario_toml
from resilience.exports.tables import accounts, assumptions, csv, measures, parquet, paths, probabilities, years

if TYPE_CHECKING:
    import os

    from resilience.projection import Projection

__all__ = ["SCHEMA", "as_json", "document", "measures_csv", "scenario_toml", "write"]


def write(
    projection: Projection, folder: str | os.PathLike[str], keep_paths: bool = False, told: dict[str, Any] | None = None
) -> list[Path]:
    """Writes a projection's document and tables into a folder, all or nothing, and returns the files.

    keep_paths adds every account by path and month, for which the projection must have been made with keep_paths=True.
    told is the document, where it has been made already. Same inputs, same bytes. Raises WriteError; what stood there
    before is then untouched.
    """
    if keep_paths and "receipts" not in projection.accounts:
        raise ValueError("the accounts of each path were not kept; project with keep_paths=True")
    files: dict[str, Callable[[Path], None]] = {
        "projection.json": lambda file: _text(file, as_json(document(projection) if told is None else told)),
        "measures.csv": lambda file: _text(file, csv(measures(projection))),
        "measures.parquet": lambda file: parquet(file, measures(projection)),
        "years.csv": lambda file: _text(file, csv(years(projection))),
        "probabilities.csv": lambda file: _text(file, csv(probabilities(projection))),
        "assumptions.csv": lambda file: _text(file, csv(assumptions(projection))),
        "paths.parquet": lambda file: parquet(file, paths(projection)),
    }
    if keep_paths:
        files["accounts.parquet"] = lambda file: accounts(file, projection)
    with Folder(Path(folder)) as target:
        return target.write(files)


def measures_csv(projection: Projection) -> str:
    """Every measure by month, as CSV."""
    return csv(measures(projection))


def _text(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8"))
