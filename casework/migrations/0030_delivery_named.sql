-- A supervisor names somebody for a secrecy marked delivery while it waits: it stays where it is.
INSERT INTO audit_edge (machine, step, from_state, to_state, authority)
    VALUES ('delivery', 'name', 'received', 'received', 'police'),
           ('delivery', 'name', 'received', 'received', 'social');
