"""The page of full cost recovery: a grid of the file's figures, and what they come to. grid ← answers; state ← page. docs/pages.md."""
