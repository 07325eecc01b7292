DROP POLICY at_the_command_line ON audit_reading;
