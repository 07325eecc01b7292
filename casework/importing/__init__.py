"""Flags from a file: bytes → table → rows judged in words → saved in batches through flags.flag."""
