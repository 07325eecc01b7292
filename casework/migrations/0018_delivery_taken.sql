-- A restricted delivery is seen by those named only; whoever brought it doesn't see it either. The check at commit
-- that the line of its arrival has its thing looks as the tables' owner.
ALTER POLICY own_unit ON casework_delivery USING (
    unit_id = (SELECT acting_unit())
    AND (NOT restricted OR named_for(id))
    AND id <> ALL ((SELECT shut_out())::uuid[])
    AND (case_id IS NULL OR EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)));
CREATE POLICY taken ON casework_delivery FOR SELECT TO CURRENT_USER USING (unit_id = (SELECT acting_unit()));
