ALTER POLICY destroyer_only ON casework_destructionitem WITH CHECK (true);
