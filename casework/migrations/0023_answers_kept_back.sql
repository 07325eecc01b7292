DROP FUNCTION answer_is_kept_with;
