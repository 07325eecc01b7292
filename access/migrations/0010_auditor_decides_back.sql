DROP POLICY as_oneself ON access_decision;
CREATE POLICY as_oneself ON access_decision FOR INSERT
    WITH CHECK (unit_id = (SELECT acting_unit()) AND by_id = (SELECT acting_user()));
