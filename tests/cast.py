"""Puts the cast into the template database (python -m tests.cast, run by tests.database)."""

import django

if __name__ == "__main__":
    django.setup()
