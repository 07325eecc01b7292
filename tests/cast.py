"""Puts the cast into the template database (python -m tests.cast, run by tests.database)."""

import importlib

import django

if __name__ == "__main__":
    django.setup()
    # Models can be imported only now.
    importlib.import_module("casework.demo.cast").build()
