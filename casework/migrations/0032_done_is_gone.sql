-- Asked of the row as it becomes: the certificate counts what is done.
ALTER POLICY destroyer_only ON casework_destructionitem WITH CHECK (
    done_at IS NULL OR left_why = '' AND NOT EXISTS (SELECT FROM casework_case c WHERE c.id = case_id));
