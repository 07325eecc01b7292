"""The same step with the same packages out of the box, to be measured beside it.

A plain model with django-fsm-2's @transition, django-guardian's permission on the object (generic),
django-auditlog's own LogEntry. No row security, no chain, no rule that the database knows.
"""
