"""Puts the cast into the template database (python -m tests.cast, run by tests.database)."""

from casework.demo import cast

if __name__ == "__main__":
    cast.build()
