"""The first file: about thirty figures that a chief executive has in the room, asked for and written down."""

from resilience.first_file.answers import file_name
from resilience.first_file.asking import Asker, figures
from resilience.first_file.figures import Figures, Funder, Team, as_toml

__all__ = ["Asker", "Figures", "Funder", "Team", "as_toml", "figures", "file_name"]
