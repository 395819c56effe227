"""The article editor as those who write meet it, in a real browser."""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from waiting import until

from coranto.newsroom.models import Article, FrontPage, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

PASTED = Path(__file__).parent / "pasted"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TITLE = "[name=title]"
BOLD, ITALIC = "BOLD", "ITALIC"


@pytest.fixture
def city(live_server) -> Section:
    return FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))


def account(name: str, **fields: Any) -> Any:
    model = get_user_model()
    return model.objects.create_superuser(f"{name}@lantern.example", "a long enough secret", first_name=name.title())


@pytest.fixture
def sign_in(new_page, live_server) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a browser of somebody's own, signed in."""
    contexts = []

    def sign_in(name: str = "cora", *, whom: Any = None, **options: Any) -> Page:
        client = Client()
        client.force_login(
            whom or get_user_model().objects.filter(email=f"{name}@lantern.example").first() or account(name)
        )
        page = new_page(**{"viewport": DESK, **options})
        cookie = client.cookies["coranto_session"]
        page.set_default_timeout(60_000)
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        contexts.append(page.context)
        return page

    yield sign_in
    for page in (each for context in contexts for each in context.pages):
        page.wait_for_load_state("networkidle")  # what it saves needs the database, which goes next


@pytest.fixture
def cora(sign_in, city) -> Page:
    """Cora, who may do everything, before an empty article."""
    page = sign_in("cora")
    open_editor(page, city)
    return page


def open_editor(page: Page, where: Section | Article) -> None:
    kind = "edit" if isinstance(where, Article) else None
    page.goto(f"/admin/pages/{where.pk}/edit/" if kind else f"/admin/pages/add/newsroom/article/{where.pk}/")
    until(page, "Boolean(window.corantoDesk?.isReady)")


def write(city, title="Ferry runs", text="The first ferry left at five.", *, publish=False, **fields) -> Article:
    article = Article(title=title, slug=title.lower().replace(" ", "-"), live=False, **fields)
    article.body = [{"type": "paragraph", "value": f"<p>{text}</p>", "id": "11111111-1111-4111-8111-111111111111"}]
    city.add_child(instance=article)
    revision = article.save_revision(user=get_user_model().objects.first())
    if publish:
        revision.publish()
    return Article.objects.get(pk=article.pk)


def newest(article: Article) -> Article:
    return Article.objects.get(pk=article.pk).get_latest_revision_as_object()


def editor(page: Page, number: int = 0) -> Any:
    return page.locator("[data-contentpath=body] [role=textbox]").nth(number)


def body(page: Page) -> list[Any]:
    """The form's blocks as (type, lines), a text line as words with their styles and addresses."""
    return page.evaluate(
        """() => corantoDesk.stream().children.map((child) => {
          const { type, value } = child.getState();
          const raw = (state) => (state.getCurrentContent ? DraftJS.convertToRaw(state.getCurrentContent()) : JSON.parse(state));
          const lines = (rich) => (raw(rich)?.blocks ?? []).map((b) => [b.type, b.depth, b.text]);
          if (type === "paragraph") return [type, lines(value)];
          if (type === "quote") return [type, lines(value.text).map((l) => l[2]).join("/"), value.attribution];
          if (type === "table") return [type, value.data];
          return [type, child.getValue().value];
        })"""
    )


def marks(page: Page) -> list[Any]:
    """Styles and links of the first paragraph of the body, as (what, words)."""
    return page.evaluate(
        """() => {
          const child = corantoDesk.stream().children.find((each) => each.type === "paragraph");
          const raw = DraftJS.convertToRaw(child.getState().value.getCurrentContent());
          return raw.blocks.flatMap((b) => [
            ...b.inlineStyleRanges.map((r) => [r.style, b.text.slice(r.offset, r.offset + r.length)]),
            ...b.entityRanges.map((r) => [raw.entityMap[r.key].data.url, b.text.slice(r.offset, r.offset + r.length)]),
          ]);
        }"""
    )


def paste(target: Any, **kinds: str) -> None:
    """Paste as a browser does: `html` and `text` are what the clipboard holds."""
    target.click()
    target.evaluate(
        """(element, kinds) => {
          const data = new DataTransfer();
          for (const [kind, words] of Object.entries(kinds)) data.setData(`text/${kind === "text" ? "plain" : kind}`, words);
          element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        kinds,
    )


# In the form's own fields: those are what is restored, and they follow the editors a moment later.
KEPT = """words => Object.entries(localStorage).some(([key, kept]) =>
  key.startsWith('coranto:words') && JSON.parse(kept).data.flat().some((each) => each.includes(words)))"""


def wait_until_kept(page: Page, words: str) -> None:
    until(page, KEPT, words)


def wait_until_forgotten(page: Page) -> None:
    until(page, f"() => !({KEPT})('')")


def type_into(page: Page, words: str, number: int = 0) -> None:
    editor(page, number).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


# The form -------------------------------------------------------------------------------------------------


def test_article_is_written_from_the_headline_down(cora):
    names = cora.evaluate(
        "[...document.querySelectorAll('form [data-contentpath]')].map(e => e.dataset.contentpath).filter(n => !/-/.test(n))"
    )
    order = [
        "title",
        "standfirst",
        "body",
        "picture",
        "further_sections",
        "slug",
        "visibility",
        "change_kind",
        "desk_note",
    ]
    assert sorted(order, key=names.index) == order
    assert names.index("picture_caption") == names.index("picture") + 1


def test_phone_shows_headline_and_text_on_its_first_screen(sign_in, city):
    page = sign_in(viewport=PHONE, is_mobile=True, has_touch=True)
    open_editor(page, city)
    for field in [page.locator(TITLE), editor(page)]:
        box = field.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + 40 <= PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_words_and_minutes_are_those_readers_are_told(sign_in, city):
    page = sign_in()
    words = "Don’t ask: the state-of-the-art ferry, d'Alby’s own, makes 12 knots. " * 60
    article = write(city, text=words.strip())
    open_editor(page, article)
    page.locator("[data-writing-words]").filter(has_text=str(600)).wait_for()
    from coranto.newsroom import rules

    assert rules.count_words(article.body_text) == 600
    assert page.locator("[data-writing-minutes]").text_content() == str(rules.reading_minutes(600))
    assert [page.evaluate("n => corantoDesk.minutesOf(n)", n) for n in (0, 115, 345, 575, 576, 805)] == [
        rules.reading_minutes(n) for n in (0, 115, 345, 575, 576, 805)
    ]
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Two more")
    page.locator("[data-writing-words]").filter(has_text=str(602)).wait_for()


def test_standfirst_says_how_long_it_is_without_chatting(cora):
    cora.fill("[name=standfirst]", "Sixteen letters.")
    assert cora.locator("#writing-letters").inner_text() == "Characters 16 / 500"
    described = cora.get_attribute("[name=standfirst]", "aria-describedby").split()
    assert "writing-letters" in described
    assert cora.locator("#writing-letters[aria-live], #writing-length[aria-live]").count() == 0


# Pasting --------------------------------------------------------------------------------------------------

DOCUMENT = [
    ["heading", {"text": "The ferry is back", "level": "2"}],
    [
        "paragraph",
        [
            ["unstyled", 0, "The first ferry left at five. See the timetable."],
            ["unstyled", 0, "Nobody had expected it."],
        ],
    ],
    ["heading", {"text": "What it costs", "level": "3"}],
    [
        "paragraph",
        [
            ["unordered-list-item", 0, "Adults pay two marks"],
            ["unordered-list-item", 1, "Children travel free"],
            ["ordered-list-item", 0, "Buy a ticket"],
            ["ordered-list-item", 0, "Go aboard"],
        ],
    ],
    ["quote", "We waited a year.", "Ola Brandt"],
    ["table", [["Line", "Minutes"], ["North", "12"]]],
    ["paragraph", [["unstyled", 0, "That is all."]]],
]


def test_documents_keep_their_structure_and_lose_their_dirt(cora):
    for program in ["google_docs", "word", "word_online", "libreoffice"]:
        cora.evaluate("corantoDesk.stream().setState([{type: 'paragraph', value: 'null', id: null}])")
        paste(editor(cora), html=(PASTED / f"{program}.html").read_text(), text="The ferry is back")
        assert body(cora) == DOCUMENT, program
        assert marks(cora) == [
            [ITALIC, "first"],
            [BOLD, " ferry"],
            ["https://ferry.example/times", "the timetable"],
        ], program
        said = cora.locator("#writing-notice [role=status]").text_content()
        assert "Pictures left out: 1" in said, program
        assert "headings 2, quotes 1, tables 1" in said, program


def test_pasted_document_is_what_readers_get(cora, city):
    cora.fill(TITLE, "Ferry")
    paste(editor(cora), html=(PASTED / "google_docs.html").read_text(), text="x")
    cora.wait_for_url("**/edit/")
    wait_until_forgotten(cora)
    draft = Article.objects.get().get_latest_revision_as_object()
    kinds = [each["type"] for each in draft.raw_body]
    assert kinds == ["heading", "paragraph", "heading", "paragraph", "quote", "table", "paragraph"]
    stored = json.dumps(draft.raw_body)
    assert "<i" in stored
    for dirt in ["style", "span", "mso", "docs-internal", "google.com", "nbsp", "font"]:
        assert dirt not in stored


def test_pasting_a_document_can_be_undone(sign_in, city):
    page = sign_in()
    open_editor(page, write(city, text="One two."))
    before = body(page)
    editor(page).click()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    editor(page).evaluate("element => element.focus()")
    editor(page).evaluate(
        """(element, html) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "<h2>Between</h2><p>Words</p>",
    )
    assert [each[0] for each in body(page)] == ["paragraph", "heading", "paragraph", "paragraph"]
    assert [each[1][0][2].strip() for each in body(page) if each[0] == "paragraph"] == ["One", "Words", "two."]
    page.get_by_role("button", name="Undo", exact=True).click()
    assert body(page) == before


def test_plain_text_becomes_paragraphs_and_lists(cora):
    paste(editor(cora), text=(PASTED / "mail.txt").read_text())
    assert body(cora) == [
        [
            "paragraph",
            [
                [
                    "unstyled",
                    0,
                    "The ferry between the harbour and the north shore runs again, a year after the storm that took the pier with it, and nobody had expected it to come back so soon.",
                ],
                ["unstyled", 0, "Adults pay two marks."],
                ["unstyled", 0, "Children travel free."],
                ["unordered-list-item", 0, "Buy a ticket"],
                ["unordered-list-item", 0, "Go aboard"],
                ["unstyled", 0, "That is all."],
            ],
        ]
    ]


def test_hostile_html_leaves_only_its_words(cora, record):
    html = (
        '<p onclick="x()">Words <a href="javascript:alert(1)">here</a><img src=x onerror="document.title=\'stolen\'">'
        "</p><script>document.title='stolen'</script><svg onload=\"document.title='stolen'\"></svg><h2>And</h2>"
    )
    paste(editor(cora), html=html, text="Words")
    assert body(cora) == [
        ["paragraph", [["unstyled", 0, "Words here"]]],
        ["heading", {"text": "And", "level": "2"}],
    ]
    assert marks(cora) == []
    assert cora.title() != "stolen"


# Pictures -------------------------------------------------------------------------------------------------

DROP = """async (element, [name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const box = element.getBoundingClientRect();
  const at = { bubbles: true, cancelable: true, dataTransfer: data, clientX: box.x + 20, clientY: box.bottom - 2 };
  element.dispatchEvent(new DragEvent("dragover", at));
  const mark = document.querySelector(".writing__here");
  const marked = Boolean(mark);
  element.dispatchEvent(new DragEvent("drop", at));
  return marked;
}"""


def drop(target: Any, name: str, content: bytes, kind: str = "image/png") -> bool:
    return target.evaluate(DROP, [name, kind, base64.b64encode(content).decode()])


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "#246").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail leaves a rendition's file open
def test_dropped_picture_asks_for_its_words_and_stands_where_it_was_dropped(sign_in, city):
    page = sign_in()
    open_editor(page, write(city))
    assert drop(editor(page), "harbour-at-dawn.png", png())
    form = page.locator(".modal #tab-upload form")
    form.locator("[name$=-title]").wait_for()
    until(page, lambda: form.locator("[name$=-title]").input_value())  # the file's name
    for field, words in {"description": "A harbour", "caption": "The harbour at dawn", "credit": "Ada Thorne"}.items():
        form.locator(f"[name$=-{field}]").fill(words)
    form.get_by_role("button", name="Upload", exact=False).last.click()
    form.wait_for(state="hidden")
    until(page, "corantoDesk.stream().children.length === 2")
    kinds = page.evaluate("corantoDesk.stream().children.map((each) => each.type)")
    assert kinds == ["paragraph", "picture"]
    from coranto.masthead.models import Picture

    picture = Picture.objects.get()
    assert page.evaluate("corantoDesk.stream().children[1].getState().value.picture.id") == str(picture.pk)
    assert (picture.description, picture.caption, picture.credit) == ("A harbour", "The harbour at dawn", "Ada Thorne")


def test_dropping_something_else_changes_nothing_and_says_so(cora):
    drop(editor(cora), "notes.pdf", b"%PDF", "application/pdf")
    cora.locator("#writing-notice").filter(has_text="notes.pdf").wait_for()
    assert body(cora) == [["paragraph", [["unstyled", 0, ""]]]]
    assert "/admin/pages/add/" in cora.url


# Own articles ---------------------------------------------------------------------------------------------


def test_writer_links_and_relates_an_own_article_that_fits(sign_in, city, run_tasks):
    page = sign_in()
    ferry = write(city, title="Ferry bought twice", text="Estuary Works had sold it before.", publish=True)
    run_tasks()
    draft = write(city, title="Pier opens", text="Nobody asked Estuary Works about the pier.")
    open_editor(page, draft)
    editor(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+Control+ArrowRight")
    page.locator("#writing-links summary").press("Enter")
    page.get_by_role("button", name="Link the words: Ferry bought twice").press("Enter")
    page.get_by_role("button", name="Add as related article: Ferry bought twice").press("Enter")
    until(page, "corantoDesk.stream().children.length === 2")
    wait_until_forgotten(page)
    until(page, lambda: len(newest(draft).raw_body) == 2)
    text, related = newest(draft).raw_body
    assert f'<a linktype="page" id="{ferry.pk}">Nobody</a>' in text["value"]
    assert related["value"]["article"] == ferry.pk


# Saving and losing ----------------------------------------------------------------------------------------


def test_what_was_typed_while_the_form_saved_itself_is_saved_too(sign_in, city):
    page = sign_in()
    article = write(city)
    open_editor(page, article)
    page.evaluate(
        """document.addEventListener(
          "w-autosave:success",
          () => (document.querySelector("[name=standfirst]").value = "Typed meanwhile."),
          { capture: true, once: true },
        )"""
    )
    type_into(page, " One.")
    until(page, lambda: newest(article).standfirst == "Typed meanwhile.")
    assert "One." in newest(article).body_text


def test_what_was_typed_while_wagtail_began_to_look_for_changes_is_saved_too(sign_in, city):
    page = sign_in()
    article = write(city)
    page.add_init_script(
        """document.addEventListener(
          "w-unsaved:watch-edits",
          () => {
            const field = document.querySelector("[name=standfirst]");
            field.focus();
            field.value = "Typed in between.";
            field.dispatchEvent(new Event("input", { bubbles: true }));
          },
          { once: true },
        )"""
    )
    open_editor(page, article)
    until(page, lambda: newest(article).standfirst == "Typed in between.")


def test_a_sitting_leaves_one_draft_in_the_history(sign_in, city):
    page = sign_in()
    article = write(city)
    open_editor(page, article)
    for words in [" One.", " Two.", " Three."]:
        type_into(page, words)
        until(page, lambda words=words: words in newest(article).body_text)
    assert article.revisions.count() == 2  # the one it began with, and this sitting's
    page.goto(f"/admin/pages/{article.pk}/history/")
    assert page.locator("table.listing tbody tr, .timeline li").count() <= 4


@pytest.fixture
def away() -> Callable[[Page], None]:
    """A function that takes the server away from a page's saving, as a crash would."""

    def take(page: Page) -> None:
        page.route(
            "**/admin/pages/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )

    return take


def test_words_typed_while_the_server_is_away_are_offered_and_restored(sign_in, city, away):
    page = sign_in()
    article = write(city)
    open_editor(page, article)
    away(page)
    type_into(page, " Unsaved words.")
    wait_until_kept(page, "Unsaved words.")
    page.locator("#writing-notice").filter(has_text="kept in this browser").wait_for()
    assert "Unsaved words." in editor(page).inner_text()
    again = page.context.new_page()
    page.close(run_before_unload=False)
    open_editor(again, article)
    offer = again.get_by_role("region", name="You wrote more than was saved")
    assert offer.locator("[data-writing-kept]").text_content().endswith("The first ferry left at five. Unsaved words.")
    offer.get_by_role("button", name="Restore them").click()
    until(again, lambda: "Unsaved words." in newest(article).body_text)
    editor(again).filter(has_text="Unsaved words.").wait_for()
    assert not offer.is_visible()
    wait_until_forgotten(again)


def test_new_article_survives_a_crash_too(sign_in, city, away):
    page = sign_in()
    open_editor(page, city)
    away(page)
    page.fill(TITLE, "Never saved")
    type_into(page, "Not once.")
    wait_until_kept(page, "Not once.")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    open_editor(again, city)
    again.get_by_role("button", name="Restore them").click()
    again.wait_for_url("**/edit/")
    article = Article.objects.get(title="Never saved")
    assert "Not once." in newest(article).body_text
    assert not article.live


def test_server_that_comes_back_gets_the_words(sign_in, city, away):
    page = sign_in()
    article = write(city)
    open_editor(page, article)
    away(page)
    type_into(page, " Patience.")
    page.locator("#writing-notice").filter(has_text="does not answer").wait_for()
    page.unroute_all()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("#writing-notice").filter(has_text="The server is back").wait_for()
    assert "Patience." in newest(article).body_text
    wait_until_forgotten(page)


def test_signing_out_takes_the_kept_words_away_and_nobody_else_is_offered_them(sign_in, city, away):
    page = sign_in()
    article = write(city)
    open_editor(page, article)
    away(page)
    type_into(page, " Secret.")
    wait_until_kept(page, "Secret.")
    other = page.context.new_page()
    page.close(run_before_unload=False)
    key = other.evaluate
    other.goto("/admin/")
    (stored,) = key("Object.keys(localStorage).filter((each) => each.startsWith('coranto:words'))")
    assert stored.startswith(f"coranto:words:{get_user_model().objects.get().pk}:/admin/pages/{article.pk}/edit/#")
    other.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    other.wait_for_url("**/login/**")
    wait_until_forgotten(other)


# Together -------------------------------------------------------------------------------------------------


def test_two_in_one_article_see_each_other_and_no_newer_version_is_overwritten(sign_in, city):
    cora, ben = sign_in("cora"), sign_in("ben")
    article = write(city)
    open_editor(cora, article)
    open_editor(ben, article)
    ben.locator(".w-editing-sessions, [data-controller~=w-session]").first.wait_for(state="attached")
    ben.get_by_text("Cora", exact=False).first.wait_for(state="attached")
    type_into(cora, " From Cora.")
    until(cora, lambda: "From Cora." in newest(article).body_text)
    type_into(ben, " From Ben.")
    ben.locator("#writing-notice").filter(has_text="newer version").wait_for()
    assert "From Ben." not in newest(article).body_text
    wait_until_kept(ben, "From Ben.")


# Looking at it --------------------------------------------------------------------------------------------


def test_preview_in_dark_colours_is_dark_on_a_light_machine(sign_in, city):
    page = sign_in(color_scheme="light")
    article = write(city)
    grounds = {}
    for mode in ["", "dark"]:
        page.goto(f"/admin/pages/{article.pk}/view_draft/?mode={mode}")
        grounds[mode] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds == {"": "rgb(255, 255, 255)", "dark": "rgb(20, 22, 26)"}


def test_own_screens_break_no_rule_of_accessibility(sign_in, city, axe):
    page = sign_in()
    article = write(city, publish=True)
    revision = article.get_latest_revision_as_object()
    revision.title = "Ferry runs again"
    revision.save_revision()
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme)
        page.goto(f"/admin/desk/compare/{article.pk}/v1/latest/")
        assert [each for each in axe(page) if "compare" in each or "main" in each] == [], scheme
    open_editor(page, article)
    page.evaluate(
        "document.getElementById('writing-recovery').hidden = false; document.getElementById('writing-notice').hidden = false"
    )
    page.locator("#writing-links summary").click()
    assert [each for each in axe(page) if "writing" in each] == []


@pytest.fixture
def hold() -> Callable[[Page], tuple[list[Any], list[Any]]]:
    """A function that keeps what a page posts from the server; the two lists: by itself, by hand."""

    def hold(page: Page) -> tuple[list[Any], list[Any]]:
        saved: list[Any] = []
        sent: list[Any] = []

        def sort(route: Any) -> None:
            if route.request.method == "POST":
                (saved if is_saving(route) else sent).append(route)
            else:
                route.continue_()

        page.route("**/admin/pages/**", sort)
        return saved, sent

    return hold


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_publish_waits_for_the_saving_that_makes_the_article(sign_in, city, hold):
    page = sign_in()
    page.goto(f"/admin/pages/add/newsroom/article/{city.pk}/")
    saved, sent = hold(page)
    page.get_by_role("textbox", name="Headline").fill("Trams return")
    page.locator("[data-contentpath=body] [role=textbox]").first.focus()
    page.keyboard.type("The first left at five.")
    until(page, lambda: saved)
    # More to save, which Wagtail would begin to the moment the first is answered.
    page.evaluate("document.addEventListener('w-unsaved:add', () => (window.seesMore = true))")
    page.keyboard.type(" The next at six.")
    until(page, "window.seesMore")
    publish(page)
    page.wait_for_timeout(300)
    assert (Article.objects.count(), len(sent)) == (0, 0)
    saved[0].continue_()
    until(page, lambda: sent)
    page.wait_for_timeout(1000)
    assert len(saved) == 1
    sent[0].continue_()
    page.wait_for_url(lambda url: "/edit/" not in url and "/add/" not in url)
    article = Article.objects.get()
    assert (article.title, article.live) == ("Trams return", True)
    assert "The next at six." in article.body_text


def test_section_published_while_its_form_saves_itself_is_made_once(sign_in, live_server, hold):
    page = sign_in()
    page.goto(f"/admin/pages/add/newsroom/section/{FrontPage.objects.get().pk}/")
    saved, sent = hold(page)
    page.get_by_role("textbox", name="Name of the section").fill("City")
    until(page, lambda: saved)
    publish(page)
    page.wait_for_timeout(300)
    assert sent == []
    saved[0].continue_()
    until(page, lambda: sent)
    sent[0].continue_()
    page.wait_for_url(lambda url: "/edit/" not in url and "/add/" not in url)
    section = Section.objects.get()
    assert (section.title, section.slug, section.live) == ("City", "city", True)


def is_saving(route: Any) -> bool:
    """Whether it is the form that saves, and not a hand."""
    return route.request.method == "POST" and "application/json" in route.request.headers.get("accept", "")
