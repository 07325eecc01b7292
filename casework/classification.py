"""What kind of data every field holds; a test sees to it that none is missing.

public: may be shown to anybody. internal: about the work, not about a person. personal: about a
person, staff or young. secret: encrypted, hashed or a key; shown to nobody, logged as "changed".
"""

CLASSES = ("public", "internal", "personal", "secret")

_TABLE: dict[str, dict[str, str]] = {
    "audit.step": {
        "internal": (
            "id unit_id unit authority_id authority request_id machine seq prev_hash hash tx "
            "destroyed_by"
        ),
        "secret": "salt",
        "personal": (
            "actor_id actor role about_id about at thing_id step from_state to_state reason "
            "facts payload"
        ),
    },
    "audit.change": {
        "internal": (
            "id unit_id unit authority_id authority request_id tx destroyed_by digest hash"
        ),
        "secret": "salt",
        "personal": "actor_id actor role about_id about at model object_id action changes",
    },
    "audit.reading": {
        "internal": (
            "id unit_id unit authority_id authority request_id tx destroyed_by digest hash"
        ),
        "secret": "salt",
        "personal": "actor_id actor role about_id about at kind purpose detail address",
    },
    "audit.seal": {
        "public": (
            "number tree_size root previous_size previous_root steps changes readings last_tx "
            "last_source last_id at key signature peaks marks"
        ),
    },
    "audit.anchor": {
        "public": "id kind seal tree_size root authority_id authority token stamped_at at",
    },
    "audit.check": {
        "internal": "id at lines seal seconds fault",
    },
    "audit.machine": {
        "internal": "name relation",
    },
    "audit.edge": {
        "internal": "machine step from_state to_state authority",
    },
    "audit.line": {
        "internal": "source id machine unit_id unit authority_id",
        "personal": (
            "at kind thing_id from_state to_state about_id about actor_id actor role reason detail"
        ),
    },
    "audit.review": {
        "internal": "id unit_id authority_id unit month seed looks sampled left_out at",
        "personal": "made_by",
    },
    "audit.reviewitem": {
        "internal": "id unit_id authority_id review",
        "personal": "reading_id actor_id why times",
    },
    "audit.verdict": {
        "internal": "id unit_id authority_id review item",
        "personal": "by_id by role note at finding",
    },
    "audit.signoff": {
        "internal": "id unit_id authority_id review",
        "personal": "by_id by role note at",
    },
    "access.authority": {
        "public": "id kind name short",
    },
    "access.unit": {
        "public": "id authority name short reference_prefix counterpart",
        "internal": "shows_restricted",
    },
    "access.legalground": {
        "public": (
            "id code valid_from name source source_url verified duty needs_review decides "
            "drafter_may_decide ways questions note"
        ),
    },
    "access.decider": {
        "public": "id authority ground_code decides drafter_may_decide valid_from",
    },
    "access.user": {
        "internal": "last_login id authority is_active language groups user_permissions",
        "personal": "username name email",
        "secret": "password session_epoch",
    },
    "access.membership": {
        "internal": "id user unit authority kind role qualified since until",
    },
    "access.grant": {
        "internal": "id unit authority kind stake substitution instead_of",
        "personal": "thing_id about user reason opened_by since until closed_at",
    },
    "access.confined": {
        "internal": "id unit authority since ended_at",
        "personal": "thing_id about_id about ground",
    },
    "access.exclusion": {
        "internal": "id unit authority",
        "personal": "thing_id about_id about user reason opened_by since until closed_at",
    },
    "access.substitution": {
        "internal": "id unit authority",
        "personal": "absent substitute reason opened_by since until closed_at",
    },
    "access.judgement": {
        "internal": "id unit authority judged_at",
        "personal": "grant opener judge verdict note",
    },
    "access.decision": {
        "internal": "id unit authority half of key",
        "personal": "user role answer wanted reason by_id by at",
    },
    "access.accesssignoff": {
        "internal": "id unit authority half",
        "personal": "note by_id by at",
    },
    "access.rolerequest": {
        "internal": "id membership wanted asked_by asked_at done_at done_by",
    },
    "casework.person": {
        "internal": "id unit",
        "personal": (
            "given_name family_name given_key family_key birth_date created_at protected "
            "restricted_case"
        ),
        "secret": "number_cipher number_index",
    },
    "casework.place": {
        "public": "id name municipality exposed active",
    },
    "casework.case": {
        "internal": "version rank id unit is_open",
        "personal": (
            "state level prioritised_by prioritised_at prioritised_since begun_on confirmed_at "
            "valid_until handler next_look next_due law_due law_code outcome closed_at reference "
            "person place kinds opened_at restricted"
        ),
    },
    "casework.rule": {
        "public": (
            "id code valid_from length measure hard start_event extendable_by grounds warn_days "
            "source source_url verified checked_on note"
        ),
    },
    "casework.retentionrule": {
        "public": (
            "id code valid_from side length measure counted_from from_year_end "
            "until_next_year_end lead_days never_before_age keep_forever source source_url "
            "verified checked_on note"
        ),
    },
    "casework.destruction": {
        "internal": (
            "version id unit authority state reference proposed_at started_at reviewed_by "
            "approved_by"
        ),
    },
    "casework.destructionitem": {
        "internal": (
            "id unit authority destruction case_version rule earliest latest struck left_why "
            "lawful_tx done_at rows ids"
        ),
        "personal": "case_id person_id reference",
    },
    "casework.certificate": {
        "internal": (
            "id unit authority destruction cases left rows rules started_at finished_at digest"
        ),
        "personal": "first_reviewer second_reviewer",
    },
    "casework.hold": {
        "internal": "id unit",
        "personal": "case reason by since until lifted_at",
    },
    "casework.deadline": {
        "internal": "id unit rule",
        "personal": (
            "case part_id code starts_on due first_due met_on met_how dropped_on extended_by "
            "extended_at extended_ground extended_reason extended_decided_by"
        ),
    },
    "casework.notice": {
        "internal": "id unit kind",
        "personal": "user case facts made_at seen_at",
    },
    "casework.caseaccess": {
        "internal": "id",
        "personal": "permission user content_object",
    },
    "casework.referencecounter": {
        "internal": "id unit year last",
    },
    "casework.disclosure": {
        "internal": "version id unit to_unit ground",
        "personal": (
            "state receiver subject initiative request_ref fields channel informed informed_why "
            "part_id reply_to drafted_by drafted_at decided_by decided_at refused_why case"
        ),
        "secret": "answers text content content_hash",
    },
    "casework.delivery": {
        "internal": "version id unit from_unit_id from_unit from_authority from_kind restricted",
        "personal": (
            "state decided_by receiver subject initiative ground_code ground_source ground_from "
            "fields disclosure_id answers_to sent_at arrived_at brought_by handled_by handled_at "
            "returned_why case"
        ),
        "secret": "content content_hash",
    },
    "casework.deliveryaccess": {
        "internal": "id",
        "personal": "permission user content_object",
    },
    "casework.flagfile": {
        "internal": (
            "id unit uploaded_by uploaded_at status rows faults done_rows new_cases "
            "new_observations already_there finished_at"
        ),
        "personal": "name",
        "secret": "content rejected",
    },
    "casework.intervention": {
        "internal": "version id unit shown_in",
        "personal": (
            "state title goal handler planned_from planned_until consent_by consent_on "
            "consent_note started_on ended_on result case shown"
        ),
    },
    "casework.coordination": {
        "internal": "version id unit shared_id link_id proposed_here other_unit",
        "personal": (
            "state case other_reference other_contact other_prioritised_on other_begun_on purpose "
            "basis consent_by consent_scope consent_parties consent_from consent_until "
            "consent_withdrawn_on ground ground_answers ground_until other_ground "
            "other_ground_until ends_on next_meeting meeting_place end_why"
        ),
    },
    "casework.planitem": {
        "internal": "id unit coordination source_id owner updated_at",
        "personal": "title planned_from planned_until status",
    },
    "casework.interventionnote": {
        "internal": "id unit",
        "personal": "intervention text written_by written_at",
    },
    "casework.policeinvestigation": {
        "internal": "version id unit",
        "personal": (
            "state kind number offence deed_from deed_until opened_on suspected_on served_on "
            "handed_on decision decided_on begun_on ground exceptional protocol_on guardian_on "
            "guardian_how guardian_why_later statement_due statement_on discontinued_why "
            "ended_on case"
        ),
    },
    "casework.socialinvestigation": {
        "internal": "version id unit",
        "personal": (
            "state received_at report reporter wants_feedback delivery_id assessed_on "
            "needs_protection protection_note opened_on not_opened_on decision decided_on "
            "lvu_decided_on lvu_executed_on ended_on case joined_to"
        ),
    },
    "casework.observation": {
        "internal": "id unit",
        "personal": (
            "case place seen_at kind source suspicion text reference recorded_by recorded_at"
        ),
        "secret": "fingerprint",
    },
    "casework.priority": {
        "internal": "id unit",
        "personal": "case level criteria reason valid_until set_by set_at",
    },
}
FIELDS = {
    f"{model}.{field}": kind
    for model, kinds in _TABLE.items()
    for kind, fields in kinds.items()
    for field in fields.split()
}
