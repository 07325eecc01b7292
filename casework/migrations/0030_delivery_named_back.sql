DELETE FROM audit_edge WHERE machine = 'delivery' AND step = 'name';
