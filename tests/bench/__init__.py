"""What a queue of a thousand and of a million cases costs: `make bench` (see __main__.py)."""
