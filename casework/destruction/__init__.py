"""Destruction (gallring): what may go and when, what is proposed, and the run."""
