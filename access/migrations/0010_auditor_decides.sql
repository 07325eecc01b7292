DROP POLICY as_oneself ON access_decision;
CREATE POLICY as_oneself ON access_decision FOR INSERT WITH CHECK (
    by_id = (SELECT acting_user())
    AND (unit_id = (SELECT acting_unit())
        OR (authority_id = (SELECT trail_authority()) AND of = 'membership' AND role = 'supervisor')));
