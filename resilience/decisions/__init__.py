"""What a decision changes, on the same futures."""
