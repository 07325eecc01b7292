CREATE POLICY at_the_command_line ON audit_reading FOR INSERT TO fortur_app WITH CHECK (
    kind = 'exported' AND detail ->> 'what' = 'trail' AND about_id IS NULL AND about = ''
    AND actor_id IS NULL AND actor = '' AND role = 'service' AND (SELECT acting_user()) IS NULL
    AND unit_id = (SELECT acting_unit()) AND authority_id = (SELECT acting_authority()));
