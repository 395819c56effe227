"""Every address of the site, in the order they are tried."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from coranto.readers.views.signing_in import StaffSignInView

urlpatterns = [
    path("admin/login/", StaffSignInView.as_view(), name="wagtailadmin_login"),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("-/", include("coranto.delivery.urls")),
    path("-/", include("coranto.jobs.urls")),
    path("-/", include("coranto.desk.urls")),
    path("", include("coranto.readers.urls")),
    path("", include("coranto.mailroom.urls")),
    path("", include("coranto.masthead.urls")),
    path("", include("coranto.theme.urls")),
    path("", include("coranto.feeds.urls")),
    path("", include("coranto.audience.urls")),
    path("", include("coranto.comments.urls")),
    path("", include("coranto.newsroom.urls")),
    path("", include(wagtail_urls)),
]

handler404 = "coranto.theme.views.not_found"
handler500 = "coranto.theme.views.server_error"
handler400 = "coranto.theme.views.bad_request"
handler403 = "coranto.theme.views.forbidden"
