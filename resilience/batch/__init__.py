"""Many organisations under the same scenarios and strategies: one task each, in processes, resumable. docs/batch.md.

A result of one organisation is a file of its own, named by a hash of all it came from, so that a run that was killed goes on where
it stopped, and names in files never become paths.
"""

from __future__ import annotations

from resilience.batch.many import Outcome, batch, project_many
from resilience.batch.task import Task, tasks

__all__ = ["Outcome", "Task", "batch", "project_many", "tasks"]
