"""Eight roles, every address of the admin, read and write, one's own and somebody else's.

What each gets stands in `role_url_matrix.txt`, beside this file. A new address fails until it is listed there:
`REWRITE_GOLDEN=1 .venv/bin/pytest tests/desk/test_role_url_matrix.py -n 0` writes the table anew. Read what changed
before you keep it.
"""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.template import Template
from django.test import Client
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, PageViewRestriction, Site, Task, TaskState, Workflow

from coranto.desk.models import Position
from coranto.jobs.models import Failure
from coranto.masthead.models import Account, Picture
from coranto.newsroom.models import Author, BreakingStrip, Topic

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a picture it makes on the way to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

GOLDEN = Path(__file__).with_name("role_url_matrix.txt")
# Wagtail answers these by a server error: one on purpose, the others to what no form of its sends.
BREAKS_BY_ITSELF = {
    "wagtailadmin_error_test",
    "wagtailredirects:process_import",
    "wagtailsnippetchoosers_newsroom_author:create",
    "wagtailsnippetchoosers_newsroom_breakingstrip:create",
    "wagtailsnippetchoosers_newsroom_topic:create",
}
ROLES = ["nobody", "ada", "dov", "rui", "noa", "kai", "cora", "abe"]


def outcome(response, *, changed: bool) -> str:
    """`did`: something is not as it was. `ok`: an answer. `on`: sent on. `no`: refused. Else what the status says."""
    status = response.status_code
    if changed:
        return "did"
    if status < 300:
        return "ok"
    if status < 400:
        return "no" if response["Location"].partition("?")[0] in {"/admin/", "/admin/login/"} else "on"
    return "no" if status == 403 else str(status)


def state() -> list:
    """What the acts of the admin change, as far as one asks quickly."""
    shapes = [
        Page.objects.values_list("pk", "path", "live", "locked", "latest_revision", "draft_title", "slug"),
        TaskState.objects.values_list("pk", "status"),
        Group.objects.values_list("pk", "name"),
        Workflow.objects.values_list("pk", "active"),
        Task.objects.values_list("pk", "active"),
        Failure.objects.values_list("pk", "resolved_at"),
        Account.objects.values_list("pk", "is_active", "is_superuser"),
    ]
    counted = (Picture, Author, Topic, Position, Redirect, Site, Collection, PageViewRestriction, BreakingStrip)
    return [*(set(each.order_by()) for each in shapes), *(model.objects.count() for model in counted)]


def ask(client: Client, method: str, path: str, data=None, *, before: list) -> str:
    """What came of it; the world, and who is signed in, are as they were."""
    cookies = client.cookies.copy()
    with contextlib.ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        response = client.get(path) if method == "GET" else client.post(path, data or {})
        what = outcome(response, changed=state() != before)
        for alias in connections:
            transaction.set_rollback(True, using=alias)
    client.cookies = cookies
    return what


@pytest.fixture
def sent(article_form, cast):
    """What is posted, where an empty form would not be understood; everywhere else nothing is."""
    article = article_form(title="Posted")
    return {
        **dict.fromkeys(("add", "edit", "revisions_revert"), article),
        "copy": {"new_title": "Copy", "new_slug": "copy", "new_parent_page": cast.city.pk},
        "wagtailadmin_choose_page_external_link": {"external-link-chooser-url": "https://elsewhere.example/"},
    }


def paths_of(address, world, role) -> dict[str, str]:
    if address.name == "wagtail_bulk_action":
        return {
            f"{app}.{model}.{action}{label}": f"/admin/bulk/{app}/{model}/{action}/?id={pk}"
            for app, models in bulk_action_registry.actions.items()
            for model, actions in models.items()
            for action in actions
            for label, pk in bulk_objects(world, role, model)
        }
    return {label: address.path(values) for label, values in world.objects(address, role).items()}


def bulk_objects(world, role, model):
    if model != "page":
        known = {"picture": world.picture, "account": world.cast.rui, "author": world.author, "topic": world.topic}
        return [("", getattr(known.get(model), "pk", 999))]
    own = [(" own draft", world.own[role].pk)] if role in world.own else []
    return [*own, (" other's draft", world.others.pk), (" other's changed", world.others_out.pk)]


@pytest.mark.parametrize("role", ROLES)
def test_role_gets_at_every_address_what_the_table_says(role, world, addresses, sent):
    client = Client(raise_request_exception=False)
    if role in world.cast.people:
        client.force_login(world.cast.people[role])
    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")  # it looks for them when first asked
    found: dict[str, str] = {}
    before = state()
    # Who gets an answer is asked here; what stands in it is for others to ask, and takes most of the time.
    with mock.patch.object(Template, "render", return_value=""):
        for address in addresses:
            data = sent.get(address.name.removeprefix("wagtailadmin_pages:"))
            for label, path in paths_of(address, world, role).items():
                for method in ("GET", "POST"):
                    row = " ".join(filter(None, (method.ljust(4), address.name, label)))
                    found[row] = ask(client, method, path, data, before=before)
    broken = {row.split()[1] for row, what in found.items() if what == "500"}
    assert broken <= BREAKS_BY_ITSELF
    table = read_table()
    if os.environ.get("REWRITE_GOLDEN"):
        write_table(table, role, found)
    else:
        expected = {row: outcomes[role] for row, outcomes in table.items() if outcomes[role] != "-"}
        changed = [
            f"{row}: {role} got {found.get(row, 'nothing')}, the table says {expected.get(row, 'nothing')}"
            for row in sorted(expected.keys() | found.keys())
            if expected.get(row) != found.get(row)
        ]
        assert changed == []


def read_table() -> dict[str, dict[str, str]]:
    table, outcomes = {}, {}
    for line in GOLDEN.read_text().splitlines() if GOLDEN.exists() else ():
        if line.startswith("= "):
            outcomes = dict(zip(ROLES, line[2:].split(), strict=True))
        elif line and not line.startswith("#"):
            table[line] = outcomes
    return table


def write_table(table: dict[str, dict[str, str]], role: str, found: dict[str, str]) -> None:
    """With this role's column made anew; a row that no role has any more goes."""
    nothing = dict.fromkeys(ROLES, "-")
    rows = {row: {**table.get(row, nothing), role: found.get(row, "-")} for row in table.keys() | found.keys()}
    GOLDEN.write_text(in_groups({row: each for row, each in rows.items() if set(each.values()) != {"-"}}))


def in_groups(table: dict[str, dict[str, str]]) -> str:
    """Rows of the same outcomes under one heading."""
    groups: dict[str, list[str]] = defaultdict(list)
    for row, outcomes in table.items():
        groups["".join(outcomes[role].ljust(7) for role in ROLES).rstrip()].append(row)
    parts = [
        "# did: changed something. ok: an answer. on: sent on. no: refused. -: not asked.\n#",
        "# " + "".join(role.ljust(7) for role in ROLES).rstrip(),
    ]
    for heading, rows in sorted(groups.items()):
        parts.append("\n= " + heading + "\n" + "\n".join(sorted(rows)))
    return "\n".join(parts) + "\n"
