"""The cast: Ada only reads. Dov writes for City from outside, Rui reports for it, Noa edits it; Kai edits Culture.
Cora is the editor-in-chief, Abe the administrator."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.text import slugify
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Page

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, Section

PASSWORD = "a long enough secret"


@dataclass
class Cast:
    city: Section
    culture: Section
    people: dict[str, Account] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Account:
        return self.people[name]

    def write(self, title: str, *, by: Account, section: Section | None = None, publish=False, **fields) -> Article:
        """A draft as its writer saved it; `publish` sends it out."""
        from coranto.newsroom.models import Article

        text = fields.pop("text", "The first tram left at five.")
        article = Article(
            title=title,
            slug=f"{slugify(title)}-{uuid.uuid4().hex[:6]}",
            body=[{"type": "paragraph", "value": f"<p>{text}</p>", "id": str(uuid.uuid4())}],
            owner=by,
            live=False,
            **fields,
        )
        (section or self.city).add_child(instance=article)
        revision = article.save_revision(user=by)
        if publish:
            revision.publish()
        return Article.objects.get(pk=article.pk)


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    from coranto.desk.operations.roles import assign_position
    from coranto.desk.rules.roles import Role
    from coranto.masthead.models import Account
    from coranto.newsroom.models import FrontPage, Section

    front = FrontPage.objects.get()
    cast = Cast(*(front.add_child(instance=Section(title=each, slug=each.lower())) for each in ("City", "Culture")))
    for name, role, section in (
        ("ada", None, None),
        ("dov", Role.CONTRIBUTOR, cast.city),
        ("rui", Role.REPORTER, cast.city),
        ("noa", Role.SECTION_EDITOR, cast.city),
        ("kai", Role.SECTION_EDITOR, cast.culture),
        ("cora", Role.EDITOR_IN_CHIEF, None),
        ("abe", Role.ADMINISTRATOR, None),
    ):
        account = Account.objects.create_user(f"{name}@lantern.example", PASSWORD, first_name=name.title())
        if role:
            assign_position(account=account, role=role, section=section, by=None)
        # As the next request finds it: what Wagtail remembers of permissions hangs on the object.
        cast.people[name] = Account.objects.get(pk=account.pk)
    return cast


@pytest.fixture
def article_form() -> Any:
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    def form(title="Trams return", text="The first tram left at five.", **fields) -> dict[str, Any]:
        """What the article editor sends."""
        return nested_form_data(
            {
                "title": title,
                "slug": fields.pop("slug", slugify(title)),
                "standfirst": "After a year.",
                "body": streamfield([("paragraph", rich_text(f"<p>{text}</p>", features=["bold", "link"]))]),
                **{name: inline_formset([]) for name in ("bylines", "credits", "read_next", "comments")},
                **dict.fromkeys(("topics", "password", "picture", "picture_caption", "seo_title"), ""),
                **dict.fromkeys(("search_description", "go_live_at", "expire_at", "change_kind"), ""),
                **dict.fromkeys(("change_note", "desk_note", "embargoed_until"), ""),
                "comment_policy": "open",
                "visibility": "public",
                **fields,
            }
        )

    return form


# Every address of the admin, and something to put in it -----------------------------------------------------

SECRET = "Zyzzyva"  # in the headline, standfirst and text of what is somebody else's and not out
PAGE_PLACES = {"page_id", "page_pk", "parent_page_id", "page_to_move_id"}
SETTINGS = (
    ("masthead", "publication"),
    ("masthead", "discovery"),
    ("desk", "checklist"),
    ("audience", "trending"),
    ("comments", "commenting"),
    ("comments", "scoring"),
)
ROLES = ["nobody", "ada", "dov", "rui", "noa", "kai", "cora", "abe"]
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """A pattern of the admin: its name, or its route where it has none or shares it."""

    name: str
    route: str

    @property
    def places(self) -> list[str]:
        return [plain or regex for plain, regex in PLACE.findall(self.route)]

    @property
    def space(self) -> str:
        return self.name.partition(":")[0]

    def path(self, values: dict[str, Any]) -> str:
        filled = PLACE.sub(lambda match: str(values[match[1] or match[2]]), self.route)
        return "/" + filled.replace("^", "").replace("$", "").replace("\\.", ".")


def addresses() -> list[Address]:
    found: dict[str, Address] = {}
    for route, name in _walk(get_resolver().url_patterns):
        if route.startswith("admin/") and route != "admin/^.*/$":
            known = name if name and name not in found else route
            found.setdefault(known, Address(known, route))
    return list(found.values())


def _walk(patterns: list[URLPattern | URLResolver], route: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Any]:
    for each in patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, here, (*spaces, each.namespace) if each.namespace else spaces)
        else:
            yield here, ":".join((*spaces, each.name)) if each.name else ""


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (16, 10)).save(out, "PNG")
    return out.getvalue()


class World:
    """One of everything, and for each of the cast a draft of their own."""

    def __init__(self, cast: Any) -> None:
        from coranto.audience.models import Trending
        from coranto.comments.models import Commenting, Scoring
        from coranto.desk.models import Checklist
        from coranto.desk.operations.roles import assign_position
        from coranto.jobs.models import Beat, Failure
        from coranto.kit import clock
        from coranto.masthead.models import Account, Picture, Publication
        from coranto.newsroom.models import Author, Topic

        self.cast = cast
        self.eli = Account.objects.create_user("eli@lantern.example", first_name="Eli")
        assign_position(account=self.eli, role="reporter", section=cast.city, by=None)
        self.eli = Account.objects.get(pk=self.eli.pk)
        hidden = {"standfirst": f"{SECRET} standfirst", "text": f"{SECRET} text"}
        self.others = cast.write(f"{SECRET} draft", by=self.eli, **hidden)
        self.others_out = cast.write("Out in the open", by=self.eli, publish=True)
        self.others_out.title = f"{SECRET} changed"
        self.others_out.save_revision(user=self.eli)
        self.others_in_review = cast.write(f"{SECRET} review", by=self.eli, **hidden)
        self.review(self.others_in_review, self.eli)
        self.own = {}
        for name in ROLES[2:]:
            section = cast.culture if name == "kai" else cast.city
            self.own[name] = cast.write(f"By {name}", by=cast.people[name], section=section)
        self.author = Author.objects.create(name="Ada Thorne", slug="ada-thorne")
        self.topic = Topic.objects.create(name="Trams", slug="trams")
        file = ContentFile(png(), name="harbour.png")
        self.picture = Picture.objects.create(
            title="Harbour", file=file, width=16, height=10, uploaded_by_user=self.eli
        )
        Publication.objects.create(pk=1)
        Checklist.objects.get_or_create(pk=1)
        Trending.objects.get_or_create(pk=1)
        Commenting.objects.get_or_create(pk=1)
        Scoring.objects.get_or_create(pk=1)
        self.failure = Failure.objects.create(task_id=uuid.uuid4(), task_path="a.b", failed_at=clock.now(), attempts=1)
        self.beat = Beat.objects.create(name="tests.beat", next_run_at=clock.now())

    def review(self, page: Page, by: Account) -> None:
        page.get_workflow().start(page, by)

    def objects(self, address: Any, role: str) -> dict[str, dict[str, Any]]:
        """By what it is called in the table, what stands in the address."""
        places = set(address.places)
        if "admin/settings/<slug:app_name>" in address.route:
            return {model: {"app_name": app, "model_name": model, "pk": 1} for app, model in SETTINGS}
        of_pages = address.name.startswith(("wagtailadmin_pages:", "wagtailadmin_api:pages:", "desk_compare"))
        if places & PAGE_PLACES or (of_pages and "pk" in places):
            return {
                label: {**self.rest(address), **self.page(page, places)} for label, page in self.pages(address, role)
            }
        return {"": self.rest(address)}

    def pages(self, address: Any, role: str) -> list[tuple[str, Page]]:
        if "parent_page_id" in address.places:
            return [("section", self.cast.city), ("other's draft", self.others)]
        if "workflow" in address.name and "remove" not in address.name:
            return [("other's in review", self.others_in_review)]
        own = [("own draft", self.own[role])] if role in self.own else []
        return [*own, ("other's draft", self.others), ("other's changed", self.others_out)]

    def page(self, page: Page, places: set[str]) -> dict[str, Any]:
        from coranto.newsroom.models import Article

        revision = page.latest_revision_id
        state = page.current_workflow_state if isinstance(page, Article) else None
        return {
            **dict.fromkeys(PAGE_PLACES | {"pk"}, page.pk),
            "destination_id": self.cast.culture.pk,
            **dict.fromkeys(("revision_id", "revision_id_a", "revision_id_b"), revision),
            "task_state_id": state.current_task_state_id if state else 999,
            "workflow_state_id": state.pk if state else 999,
        }

    def rest(self, address: Any) -> dict[str, Any]:
        """Whatever else an address has places for; what is not there is asked for by an id nobody has."""
        from wagtail.models import Collection, Task, Workflow

        return {
            **dict.fromkeys(address.places, 999),
            "image_id": self.picture.pk,
            "collection_id": Collection.get_first_root_node().pk,
            "pk": self.pk_of(address),
            "account_id": self.cast.rui.pk,
            "position_id": self.cast.rui.positions.get().pk,
            "task_id": Task.objects.get().pk,
            "workflow_pk": Workflow.objects.get().pk,
            **dict.fromkeys(("app_label", "app_name", "content_type_app_name"), "newsroom"),
            **dict.fromkeys(("model_name", "content_type_model_name"), "article"),
            "action_name": "approve" if "workflow" in address.name else "publish",
            **self.of_models(address),
            "object_id": self.others.pk,
            "number": 1,  # of a version
            "filter_spec": "width-100",
            "name": "articles" if address.name == "readers_csv" else "in-review",
        }

    def of_models(self, address: Any) -> dict[str, Any]:
        if address.name == "wagtailadmin_workflows:add_task":
            return {"app_label": "desk", "model_name": "sectionreview"}
        return {"app_name": "newsroom", "model_name": "topic"} if "tag" in address.name else {}

    def pk_of(self, address: Any) -> int:
        from django.contrib.auth.models import Group
        from wagtail.models import Collection, Site, Task, Workflow

        known = {
            "wagtailsnippets_newsroom_author": self.author,
            "wagtailsnippetchoosers_newsroom_author": self.author,
            "wagtailsnippets_newsroom_topic": self.topic,
            "wagtailsnippetchoosers_newsroom_topic": self.topic,
            "wagtailimages_chooser": self.picture,
            "wagtailadmin_collections": Collection.get_first_root_node(),
            "wagtailsites": Site.objects.get(),
            "wagtailusers_users": self.cast.rui,
            "wagtailusers_groups": Group.objects.get(name="Reporter: City"),
            "wagtailadmin_workflows": Task.objects.get() if "task" in address.name else Workflow.objects.get(),
            "failures": self.failure,
            "beats": self.beat,
        }.get(address.space)
        if address.name.startswith("wagtailadmin_api:images"):
            known = self.picture
        return known.pk if known else 999


@pytest.fixture
def world(cast) -> World:
    return World(cast)


@pytest.fixture(name="addresses")
def addresses_fixture() -> list[Address]:
    return addresses()
