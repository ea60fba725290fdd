"""Many organisations under the same scenarios and strategies: one task each, over any executor, resumable. docs/batch.md.

What is done of one organisation is a file of its own, named by a hash of all it comes from, so that a run that was killed goes on where
it stopped, and names in files never become paths.
"""

from __future__ import annotations

from resilience.batch.asked import plan, tasks
from resilience.batch.many import batch
from resilience.batch.playing import Outcome, project_many
from resilience.batch.task import Task

__all__ = ["Outcome", "Task", "batch", "plan", "project_many", "tasks"]
