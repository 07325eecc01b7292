DROP VIEW audit_line;
