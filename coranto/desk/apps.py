from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "coranto.desk"
    label = "desk"
    verbose_name = _("desk")

    def ready(self) -> None:
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy

        from coranto.desk import receivers
        from coranto.desk.queries.permissions import NewsroomPagePolicy, NewsroomPermissionTester
        from coranto.masthead.models import SitePage

        register_permission_policy(Page, NewsroomPagePolicy(Page))
        SitePage.permission_tester = NewsroomPermissionTester
        receivers.connect(app_config=self)
