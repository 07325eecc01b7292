"""Every address of the service. People bookmark them and scripts use them: keep them stable."""

from django.urls import include, path

from casework import log_pages, log_review  # noqa: F401 - both are asked by the log's pages
from casework.views import (
    access_review,
    backlog,
    case,
    certificate,
    coordination,
    destruction,
    disclosure,
    emergencies,
    exceptions,
    flag,
    guide,
    imports,
    inbox,
    intervention,
    investigation,
    leavers,
    notices,
    queue,
    readers,
    start,
    step,
    subject_access,
)

cases = [
    path("", queue.queue, name="queue"),
    path("assign/", queue.assign, name="assign"),
    path("new/", flag.flag, name="flag"),
    path("<uuid:case_id>/", case.case, name="case"),
    path("<uuid:case_id>/reveal/", case.reveal, name="reveal"),
    path("<uuid:case_id>/print/", case.print_case, name="print"),
    path("<uuid:case_id>/log/", case.log, name="log"),
    path("<uuid:case_id>/readers/", readers.readers, name="readers"),
    path("<uuid:case_id>/steps/<slug:name>/", step.case_step, name="step"),
    path("<uuid:case_id>/disclosures/new/", guide.new_disclosure, name="new_disclosure"),
    path("<uuid:case_id>/coordinations/new/", coordination.propose, name="propose_coordination"),
    path("<uuid:case_id>/interventions/new/", intervention.propose, name="propose"),
    path(
        "<uuid:case_id>/interventions/<uuid:part_id>/",
        intervention.intervention,
        name="intervention",
    ),
    path(
        "<uuid:case_id>/interventions/<uuid:part_id>/steps/<slug:name>/",
        intervention.intervention_step,
        name="intervention_step",
    ),
    path("<uuid:case_id>/investigations/new/", investigation.register, name="investigate"),
    path(
        "<uuid:case_id>/investigations/<uuid:investigation_id>/",
        investigation.investigation,
        name="investigation",
    ),
    path(
        "<uuid:case_id>/investigations/<uuid:investigation_id>/steps/<slug:name>/",
        investigation.investigation_step,
        name="investigation_step",
    ),
]
cases += [
    path(
        "<uuid:case_id>/disclosures/<uuid:disclosure_id>/",
        disclosure.disclosure,
        name="disclosure",
    ),
    path(
        "<uuid:case_id>/disclosures/<uuid:disclosure_id>/reveal/",
        disclosure.reveal_disclosure,
        name="reveal_disclosure",
    ),
    path(
        "<uuid:case_id>/disclosures/<uuid:disclosure_id>/steps/<slug:name>/",
        disclosure.disclosure_step,
        name="disclosure_step",
    ),
]
arrived = [
    path("", inbox.inbox_page, name="inbox"),
    path("<uuid:delivery_id>/", inbox.delivery, name="delivery"),
    path("<uuid:delivery_id>/reveal/", inbox.reveal_delivery, name="reveal_delivery"),
    path("<uuid:delivery_id>/steps/<slug:name>/", inbox.delivery_step, name="delivery_step"),
]
coordinations = [
    path("", coordination.coordinations, name="coordinations"),
    path("<uuid:coordination_id>/", coordination.coordination, name="coordination"),
    path(
        "<uuid:coordination_id>/steps/<slug:name>/",
        coordination.coordination_step,
        name="coordination_step",
    ),
]
destroyed = [
    path("", destruction.destructions, name="destructions"),
    path("propose/", destruction.propose, name="propose_destruction"),
    path("<uuid:destruction_id>/", destruction.destruction, name="destruction"),
    path(
        "<uuid:destruction_id>/steps/<slug:name>/",
        destruction.destruction_step,
        name="destruction_step",
    ),
    path(
        "<uuid:destruction_id>/certificate/",
        certificate.certificate,
        name="certificate",
    ),
]
files = [
    path("", imports.upload, name="import"),
    path("<uuid:file_id>/", imports.flag_file, name="flag_file"),
    path("<uuid:file_id>/confirm/", imports.confirm, name="confirm_import"),
    path("<uuid:file_id>/rejected/", imports.rejected, name="rejected"),
]
exempt = [
    path("", exceptions.overview, name="exceptions"),
    path("break-glass/", emergencies.break_glass, name="break_glass"),
    path("review/", emergencies.to_review, name="exceptions_review"),
    path("review/<uuid:grant_id>/", emergencies.judge, name="judge"),
    path("substitutes/", emergencies.substitutes, name="substitutes"),
    path(
        "substitutes/<uuid:substitution_id>/close/",
        exceptions.close_substitution,
        name="close_substitution",
    ),
    path("grants/<uuid:grant_id>/close/", exceptions.close_grant, name="close_grant"),
    path(
        "exclusions/<uuid:exclusion_id>/close/", exceptions.close_exclusion, name="close_exclusion"
    ),
    path("restricted/<uuid:confined_id>/name/", exceptions.name_again, name="name_again"),
    path("restricted/<uuid:confined_id>/lift/", exceptions.lift, name="lift_restriction"),
]
access_reviews = [
    path("", access_review.access, name="access_review"),
    path("sign/", access_review.sign, name="sign_access"),
    path("leavers/<uuid:user_id>/", leavers.leaver, name="leaver"),
    path("requests/", access_review.role_requests, name="role_requests"),
    path(
        "requests/<int:request_id>/done/",
        access_review.role_request_done,
        name="role_request_done",
    ),
    path("<slug:of>/<slug:key>/", access_review.decide, name="decide_access"),
    path("<slug:of>/<slug:key>/keep/", access_review.keep, name="keep_access"),
]
urlpatterns = [
    path("", start.start, name="start"),
    path("cases/", include(cases)),
    path("inbox/", include(arrived)),
    path("coordinations/", include(coordinations)),
    path("import/", include(files)),
    path("destruction/", include(destroyed)),
    path("notices/<uuid:notice_id>/seen/", notices.seen, name="seen"),
    path("backlog/", backlog.backlog, name="backlog"),
    path("exceptions/", include(exempt)),
    path("audit/access/", include(access_reviews)),
    path("subject-access/", subject_access.ask, name="subject_access"),
    path("subject-access/file/", subject_access.make, name="subject_access_file"),
    path("", include("access.urls")),  # accounts/, profile/, admin/, audit/, healthz, readyz
]
handler403 = "access.views.forbidden"
handler500 = "access.views.fault"
