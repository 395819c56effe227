"""What may stand in ads.txt: IAB Tech Lab, ads.txt specification 1.1 (2022)."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from coranto.masthead.rules.lines import problems_by_line

_RELATIONS: Final = ("DIRECT", "RESELLER")
_DOMAIN: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\s*([A-Za-z]+)\s*=(.*)")
# Those whose value is a domain; CONTACT may be anything people write to.
_VARIABLES: Final = {
    "CONTACT": False,
    "SUBDOMAIN": True,
    "INVENTORYPARTNERDOMAIN": True,
    "OWNERDOMAIN": True,
    "MANAGERDOMAIN": True,
}
_LEAST, _MOST = 3, 4


def problems_with_ads(text: str) -> list[str]:
    """A sentence for each line that is neither a record, a variable nor a comment."""
    return problems_by_line(text, _problem)


def _problem(line: str) -> str:
    line = line.partition(";")[0]  # extensions follow
    if not line.strip():
        return ""
    variable = _VARIABLE.fullmatch(line)
    return _problem_of_variable(variable[1], variable[2].strip()) if variable else _problem_of_record(line)


def _problem_of_variable(name: str, value: str) -> str:
    if name.upper() not in _VARIABLES:
        return _("“%(name)s” is no variable of ads.txt.") % {"name": name}
    if not value:
        return _("“%(name)s=” is followed by a value.") % {"name": name}
    # A domain may be followed by a comma and a country (MANAGERDOMAIN).
    if _VARIABLES[name.upper()] and not _DOMAIN.fullmatch(value.partition(",")[0].strip()):
        return _("“%(value)s” is no domain.") % {"value": value}
    return ""


def _problem_of_record(line: str) -> str:
    parts = [each.strip() for each in line.split(",")]
    if not _LEAST <= len(parts) <= _MOST:
        return _("write domain, account, DIRECT or RESELLER, separated by commas.")
    domain, account, relation = parts[:_LEAST]
    if not _DOMAIN.fullmatch(domain):
        return _("“%(value)s” is no domain.") % {"value": domain}
    if not account or re.search(r"\s", account):
        return _("the second part is the account the advertising system gave you, without spaces.")
    if relation.upper() not in _RELATIONS:
        return _("the third part is DIRECT or RESELLER.")
    return ""
