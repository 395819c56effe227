"""What somebody sits at, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from coranto.readers.rules.devices import browser_and_system

register = template.Library()


@register.filter
def device_words(user_agent: str) -> str:
    """`Firefox on Linux`, from what the browser calls itself."""
    browser, system = browser_and_system(user_agent)
    if not system:
        return browser or _("An unknown browser")
    if not browser:
        return _("A browser on %(system)s") % {"system": system}
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
