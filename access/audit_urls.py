"""Addresses of the trail's own pages."""

from django.urls import path

from access import audit_views, extract_views, integrity_views, review_views

app_name = "audit"
urlpatterns = [
    path("", audit_views.log, name="log"),
    path("export/", audit_views.log_file, name="export"),
    path("integrity/", integrity_views.trail_state, name="integrity"),
    path("anchors/", integrity_views.anchors, name="anchors"),
    path("extract/", extract_views.extract, name="extract"),
    path("review/", review_views.reviews, name="reviews"),
    path("review/make/", review_views.make, name="make_review"),
    path("review/<uuid:review_id>/", review_views.one_review, name="review"),
    path("review/<uuid:review_id>/items/<int:item_id>/", review_views.judge, name="judge"),
    path("review/<uuid:review_id>/sign/", review_views.sign, name="sign_review"),
]
