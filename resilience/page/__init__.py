"""What a terminal shows: the answer, one future told, a comparison, a file checked. The sentences are in words."""

from resilience.page.answer import page
from resilience.page.checked import checked
from resilience.page.compared import comparison
from resilience.page.layout import to_ascii
from resilience.page.told import told
from resilience.page.verified import verified

__all__ = ["checked", "comparison", "page", "to_ascii", "told", "verified"]
