-- audit_lists_altered() asks the same.
DROP FUNCTION audit_list_as_ended(uuid, text);
