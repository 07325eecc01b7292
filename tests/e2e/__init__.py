"""The service as people use it: a real browser against a real server on this machine."""
