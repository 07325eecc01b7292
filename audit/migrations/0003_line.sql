CREATE VIEW audit_line WITH (security_invoker = true) AS
SELECT 'step'::text AS source, id, at, step AS kind, machine, thing_id::text AS thing_id, from_state, to_state,
    about_id, about, actor_id, actor, role, unit_id, unit, authority_id, reason, facts AS detail
FROM audit_step
UNION ALL
SELECT 'change'::text, id, at, action, model, object_id, ''::text, ''::text,
    about_id, about, actor_id, actor, role, unit_id, unit, authority_id, ''::text, changes
FROM audit_change
UNION ALL
SELECT 'reading'::text, id, at, kind, ''::text, ''::text, ''::text, ''::text,
    about_id, about, actor_id, actor, role, unit_id, unit, authority_id, purpose, detail
FROM audit_reading;

REVOKE ALL ON audit_line FROM PUBLIC;
GRANT SELECT ON audit_line TO fortur_app, fortur_auditor;
