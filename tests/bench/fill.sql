-- Fills a database with %(cases)s cases, as if the service had made them: skewed units, all states,
-- the trail's lines in the order of time and chained by the database's own trigger.
-- Run as superuser in one transaction; replication mode leaves out foreign keys and other triggers.
SET LOCAL session_replication_role = replica;
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';
ALTER TABLE audit_step ENABLE ALWAYS TRIGGER link;
ALTER TABLE audit_change ENABLE ALWAYS TRIGGER link;
ALTER TABLE audit_reading ENABLE ALWAYS TRIGGER link;

-- 200 other units of the police with a person each, and 40 more people in the measured unit.
INSERT INTO access_unit (name, short, reference_prefix, shows_restricted, authority_id)
SELECT 'Enhet ' || i, 'E' || i, 'E' || i, false, (SELECT id FROM access_authority WHERE kind = 'police') FROM generate_series(1, 200) i;

CREATE TEMP TABLE hand ON COMMIT DROP AS
SELECT md5('hand' || i)::uuid AS user_id, 'Person ' || i AS name,
    CASE WHEN i <= 200 THEN (SELECT id FROM access_unit WHERE short = 'E' || i)
        ELSE (SELECT unit_id FROM access_membership JOIN access_user u ON u.id = user_id WHERE username = 'utredare') END AS unit_id, i
FROM generate_series(1, 240) i;
INSERT INTO access_user (id, password, username, name, email, is_active, language, session_epoch, authority_id)
SELECT user_id, '!', 'hand' || i, name, '', true, 'sv', 0, (SELECT id FROM access_authority WHERE kind = 'police') FROM hand;
INSERT INTO access_membership (kind, role, qualified, since, authority_id, user_id, unit_id)
SELECT 'police', 'investigator', false, '2020-01-01', (SELECT id FROM access_authority WHERE kind = 'police'), user_id, unit_id FROM hand;
INSERT INTO hand SELECT u.id, u.name, m.unit_id, 240 + row_number() OVER (ORDER BY username)
FROM access_user u JOIN access_membership m ON m.user_id = u.id WHERE username IN ('utredare', 'utredare2');
ANALYZE hand;

-- One row per case to be: whose, in which state, since when. The first unit owns 7 of 100.
CREATE TEMP TABLE draft ON COMMIT DROP AS
WITH base AS (
    SELECT i, abs(hashint4(i)) AS a, abs(hashint4(i + 77777777)) AS b, abs(hashint4(-i)) AS c,
        now() - interval '2 days' - interval '700 days' * (1 - i / %(cases)s::float) AS opened
    FROM generate_series(1, %(cases)s) i)
SELECT i, a, b, c, md5('case' || i)::uuid AS case_id, md5('person' || i)::uuid AS person_id,
    CASE WHEN a %% 100 < 7 THEN 201 + b %% 42 ELSE 1 + a %% 200 END AS hand_number,
    CASE WHEN c %% 100 < 20 THEN 'flagged' WHEN c %% 100 < 60 THEN 'prioritised' WHEN c %% 100 < 80 THEN 'in_progress'
        WHEN c %% 100 < 85 THEN 'follow_up' WHEN c %% 100 < 95 THEN 'closed' ELSE 'set_aside' END AS state,
    CASE WHEN b %% 100 < 5 THEN 'A' WHEN b %% 100 < 30 THEN 'B' WHEN b %% 100 < 80 THEN 'C' ELSE 'D' END AS level,
    opened, 'B-' || to_char(opened, 'YYYY-') || i AS reference, current_date - 20 + a %% 90 AS due
FROM base;
ALTER TABLE draft ADD COLUMN user_id uuid, ADD COLUMN name text, ADD COLUMN unit_id bigint;
UPDATE draft SET user_id = hand.user_id, name = hand.name, unit_id = hand.unit_id FROM hand WHERE hand.i = hand_number;
ANALYZE draft;

INSERT INTO casework_person (id, given_name, family_name, given_key, family_key, birth_date, number_cipher, number_index, created_at, protected, unit_id)
SELECT person_id, 'Förnamn' || a %% 997, 'Efternamn' || b %% 9973, 'förnamn' || a %% 997, 'efternamn' || b %% 9973,
    '2006-01-01'::date + c %% 2900, sha256('x') || sha256('y'), sha256(person_id::text::bytea), opened, false, unit_id
FROM draft;

INSERT INTO casework_case (id, version, state, level, rank, prioritised_at, confirmed_at, valid_until, next_look, next_due, outcome,
    closed_at, reference, kinds, opened_at, restricted, handler_id, prioritised_by_id, unit_id, person_id, place_id)
SELECT case_id,
    CASE state WHEN 'flagged' THEN 0 WHEN 'prioritised' THEN 1 WHEN 'set_aside' THEN 1 WHEN 'in_progress' THEN 2 ELSE 3 END,
    state, CASE WHEN state IN ('flagged', 'set_aside') THEN '' ELSE level END,
    CASE WHEN state IN ('flagged', 'set_aside') THEN 5 ELSE ascii(level) - 64 END,
    CASE WHEN state NOT IN ('flagged', 'set_aside') THEN opened + interval '1 day' END,
    CASE WHEN state NOT IN ('flagged', 'set_aside') AND level < 'C' AND b %% 3 > 0 THEN opened + interval '30 hours' END,
    CASE WHEN state NOT IN ('flagged', 'set_aside') THEN due END,
    CASE WHEN state = 'follow_up' THEN due END,
    CASE WHEN state IN ('prioritised', 'follow_up') THEN due ELSE '9999-12-31' END,
    CASE WHEN state = 'closed' THEN 'no_further_need' ELSE '' END,
    CASE WHEN state IN ('closed', 'set_aside') THEN opened + interval '2 days' END,
    reference, (ARRAY['use', 'possession', 'sale use', 'risk_setting'])[1 + b %% 4], opened, a %% 1000 = 0,
    CASE WHEN state IN ('in_progress', 'follow_up', 'closed') THEN user_id END,
    CASE WHEN state NOT IN ('flagged', 'set_aside') THEN user_id END,
    unit_id, person_id, (SELECT min(id) FROM casework_place) + a %% 6
FROM draft;

INSERT INTO casework_observation (id, seen_at, kind, source, suspicion, text, reference, fingerprint, recorded_at, case_id, recorded_by_id, unit_id, place_id)
SELECT md5('seen' || i || '/' || n)::uuid, opened - n * interval '1 hour', 'use', 'patrol', false, 'Påhittad iakttagelse nummer ' || i, '',
    sha256((i || '/' || n)::bytea), opened, case_id, user_id, unit_id, (SELECT min(id) FROM casework_place) + a %% 6
FROM draft, generate_series(0, (c %% 10 < 3)::int) n;

INSERT INTO casework_priority (id, level, criteria, reason, valid_until, set_at, case_id, set_by_id, unit_id)
SELECT md5('priority' || i)::uuid, level, '[{"code": "repeated", "fact": "Påhittade uppgifter"}]', 'Påhittat skäl', due,
    opened + interval '1 day', case_id, user_id, unit_id
FROM draft WHERE state NOT IN ('flagged', 'set_aside');

INSERT INTO casework_referencecounter (unit_id, year, last)
SELECT unit_id, extract(year FROM now()), %(cases)s FROM draft GROUP BY unit_id;

-- Up to four lines a case. The trigger takes each line's time from fortur.clock.
INSERT INTO audit_step (actor_id, actor, role, unit_id, unit, authority_id, authority, request_id, about_id, about,
    at, thing_id, machine, seq, step, from_state, to_state, reason, facts)
SELECT user_id, name, 'investigator', unit_id, 'Enhet', %(authority)s, 'police', gen_random_uuid(), case_id, reference,
    set_config('fortur.clock', moment::text, true)::timestamptz, case_id, 'case', seq, step, from_state, to_state,
    CASE WHEN seq > 0 THEN 'Påhittat skäl nummer ' || i ELSE '' END, jsonb_build_object('level', level)
FROM (
    SELECT draft.*, seq, step, from_state, to_state, opened + days * interval '1 day' AS moment
    FROM draft JOIN (VALUES
        ('flagged', 0, 'flag', '', 'flagged', 0.0), ('prioritised', 0, 'flag', '', 'flagged', 0), ('in_progress', 0, 'flag', '', 'flagged', 0),
        ('follow_up', 0, 'flag', '', 'flagged', 0), ('closed', 0, 'flag', '', 'flagged', 0), ('set_aside', 0, 'flag', '', 'flagged', 0),
        ('prioritised', 1, 'prioritise', 'flagged', 'prioritised', 1), ('in_progress', 1, 'prioritise', 'flagged', 'prioritised', 1),
        ('follow_up', 1, 'prioritise', 'flagged', 'prioritised', 1), ('closed', 1, 'prioritise', 'flagged', 'prioritised', 1),
        ('set_aside', 1, 'set_aside', 'flagged', 'set_aside', 2), ('in_progress', 2, 'start', 'prioritised', 'in_progress', 1.5),
        ('follow_up', 2, 'start', 'prioritised', 'in_progress', 1.5), ('closed', 2, 'start', 'prioritised', 'in_progress', 1.5),
        ('follow_up', 3, 'begin_follow_up', 'in_progress', 'follow_up', 1.8), ('closed', 3, 'close', 'in_progress', 'closed', 2)
    ) AS life (reached, seq, step, from_state, to_state, days) ON reached = state
    ORDER BY moment, i, seq) AS line;

INSERT INTO audit_change (actor_id, actor, role, unit_id, unit, authority_id, authority, request_id, about_id, about, at, model, object_id, action, changes, digest, hash)
SELECT user_id, name, 'investigator', unit_id, 'Enhet', %(authority)s, 'police', gen_random_uuid(), case_id, reference,
    set_config('fortur.clock', opened::text, true)::timestamptz, 'casework.case', case_id, 'created',
    jsonb_build_object('person', jsonb_build_array(NULL, person_id)), '', ''
FROM draft ORDER BY i;
INSERT INTO audit_reading (actor_id, actor, role, unit_id, unit, authority_id, authority, request_id, about_id, about, at, kind, purpose, detail, digest, hash)
SELECT user_id, name, 'investigator', unit_id, 'Enhet', %(authority)s, 'police', gen_random_uuid(), case_id, reference,
    set_config('fortur.clock', opened::text, true)::timestamptz, 'opened', '', '{}', '', ''
FROM draft ORDER BY i;
SELECT set_config('fortur.clock', '', true);

ALTER TABLE audit_step ENABLE TRIGGER link;
ALTER TABLE audit_change ENABLE TRIGGER link;
ALTER TABLE audit_reading ENABLE TRIGGER link;
