DROP POLICY taken ON casework_delivery;
ALTER POLICY own_unit ON casework_delivery USING (
    unit_id = (SELECT acting_unit())
    AND (NOT restricted OR named_for(id) OR brought_by = (SELECT acting_user()))
    AND (case_id IS NULL OR EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)));
