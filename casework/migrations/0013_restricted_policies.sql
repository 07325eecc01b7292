-- Restricted: those named only. Shut out: not even those; asked once a query, so that the queue's
-- ordered index and its index-only counters stay. A supervisor may restrict what she then can't see.
ALTER POLICY own_unit ON casework_case USING (
    unit_id = (SELECT acting_unit()) AND (NOT restricted OR named_for(id)) AND id <> ALL ((SELECT shut_out())::uuid[]))
    WITH CHECK (unit_id = (SELECT acting_unit()));
ALTER POLICY own_unit ON casework_person USING (
    unit_id = (SELECT acting_unit()) AND (restricted_case IS NULL OR named_for(restricted_case))
    AND id <> ALL ((SELECT shut_out())::uuid[]))
    WITH CHECK (unit_id = (SELECT acting_unit()));

-- The check at commit that a line's thing took its step looks as the tables' owner, who sees the
-- unit's restricted cases too: who took the step may be no longer named by then.
CREATE POLICY taken ON casework_case FOR SELECT TO CURRENT_USER USING (unit_id = (SELECT acting_unit()));
ALTER FUNCTION audit_step_is_taken() SECURITY DEFINER SET search_path = public, pg_temp;
