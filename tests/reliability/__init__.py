"""Scripts that try to lose, leak or forge something, and count. Anyone can rerun them.

    python -m tests.reliability                    all of them; writes docs/reliability.md
    python -m tests.reliability kills --cycles 60  one of them; prints its figures

The figures are for a whole server of their own (embedded PostgreSQL with every commit on disk,
gunicorn, worker), thrown away at the end. Short versions run in the tests (test_reliability.py).
"""
