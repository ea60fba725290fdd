"""`python -m resilience` is the program `resilience`."""

from resilience.cli import main

if __name__ == "__main__":
    main()
