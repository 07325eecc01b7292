-- The same number of cases in the unit, each with the group's permission on it, and 8 people in the group.
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
SELECT '!', false, 'person' || i, '', '', '', false, true, now() FROM generate_series(0, 7) i;
INSERT INTO auth_group (name) VALUES ('unit');
INSERT INTO auth_user_groups (user_id, group_id) SELECT auth_user.id, auth_group.id FROM auth_user, auth_group WHERE username LIKE 'person%%';
INSERT INTO outofbox_boxcase (id, unit_id, reference, state, version, level, rank)
SELECT md5('case' || i)::uuid, 1, 'B-' || i, 'flagged', 0, '', 5 FROM generate_series(1, %(cases)s) i;
INSERT INTO guardian_groupobjectpermission (group_id, permission_id, content_type_id, object_pk)
SELECT auth_group.id, p.id, p.content_type_id, c.id::text
FROM outofbox_boxcase c, auth_group, auth_permission p WHERE p.codename = 'prioritise_boxcase';
