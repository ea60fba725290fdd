"""What others have made, read with limits: workbooks."""

from __future__ import annotations

from resilience.importers.workbook import read_workbook

__all__ = ["read_workbook"]
