"""What happens in a newsroom, one function each: `act(town, pick)`, where `pick` chooses one of several."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from town import png, with_ids
from wagtail.contrib.redirects.models import Redirect

from coranto.audience import operations as audience
from coranto.audience.edge import trending
from coranto.audience.models import Trending
from coranto.audience.rules import Referrer
from coranto.comments import operations as comments
from coranto.comments.models import Comment, Commenting, Follow
from coranto.comments.operations.writing import NotTakenError, Sent, TooOftenError
from coranto.comments.queries.own import Writer
from coranto.delivery import operations as delivery
from coranto.desk.operations import versions as desk
from coranto.kit import clock
from coranto.masthead import operations as masthead
from coranto.masthead.models import ChannelLink, Discovery, NavigationLink, Picture, Publication
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import (
    Article,
    ArticleAuthor,
    ArticleTopic,
    ArticleToRelate,
    ArticleVersion,
    AuthorLink,
    BreakingStrip,
    FrontPage,
    Listing,
    ReadNext,
    Section,
    VersionWithdrawal,
)
from coranto.newsroom.operations import ArticleDraft
from coranto.readers import operations as readers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from town import Town

    from coranto.masthead.models import Account

    Pick = Callable[[Sequence[Any]], Any]
    Act = Callable[[Town, Pick], None]

ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    ACTS[function.__name__] = function
    return function


def live(town: Town) -> list[Article]:
    return [each for each in town.articles() if each.live and each.alias_of_id is None] or [
        publish_article(town, first)
    ]


def first(many: Sequence[Any]) -> Any:
    return many[0]


def some(pick: Pick, many: Sequence[Any]) -> list[Any]:
    """Of several none, one or two."""
    return [many[n] for n in sorted({pick(range(len(many))), pick(range(len(many)))})] if many and pick([1, 0]) else []


# Articles -------------------------------------------------------------------------------------------------------


@act
def publish_article(town: Town, pick: Pick) -> Article:
    sections = town.sections()
    return town.write(
        f"New tram {town.number()}",
        pick(sections),
        authors=some(pick, town.authors()),
        topics=some(pick, town.topics()),
        further=some(pick, sections),
        picture=pick([*Picture.objects.order_by("pk"), None]),
    )


@act
def publish_article_that_refers_to_others(town: Town, pick: Pick) -> None:
    body = town.body_with(pick(town.articles()), pick(town.plain_pages()), pick(list(Picture.objects.order_by("pk"))))
    town.write("Referring", pick(town.sections()), body=body)


@act
def keep_draft(town: Town, pick: Pick) -> None:
    article = pick(town.articles()).get_latest_revision_as_object()
    article.title = f"Draft {town.number()}"
    article.save_revision()


@act
def correct(town: Town, pick: Pick) -> None:
    number = town.number()
    town.edit(
        pick(live(town)),
        title=f"Corrected tram {number}",
        standfirst=f"Standfirst {number}",
        change_kind=pick(["correction", "clarification"]),
        change_note=f"It was day {number}.",
        change_passage=pick(["", f"Standfirst {number}"]),
        change_note_place=pick(["foot", "top"]),
    )


@act
def withdraw_version(town: Town, pick: Pick) -> None:
    versions = ArticleVersion.objects.filter(article__in=live(town)).order_by("pk")
    former = [each for each in versions if each.number < newest_of(each)] or [correct_and_take_former(town)]
    desk.withdraw_version(version=pick(former), by=town.editor(), reason=f"Reason {town.number()}", now=clock.now())


@act
def show_version_again(town: Town, pick: Pick) -> None:
    withdrawn = VersionWithdrawal.objects.in_force().order_by("pk")
    if withdrawn:
        desk.restore_version(version=pick(list(withdrawn)).version, by=town.editor(), now=clock.now())


def newest_of(version: ArticleVersion) -> int:
    return ArticleVersion.objects.filter(article_id=version.article_id).latest("number").number


def correct_and_take_former(town: Town) -> ArticleVersion:
    correct(town, first)
    return ArticleVersion.objects.filter(article=live(town)[0]).earliest("number")


@act
def rewrite_body(town: Town, pick: Pick) -> None:
    body = with_ids([{"type": "paragraph", "value": f"<p>A tram of {town.number()}.</p>"}])
    town.edit(pick(live(town)), body=body, change_kind="typo")


@act
def sign_otherwise(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), bylines=[ArticleAuthor(author=each) for each in some(pick, town.authors())])


@act
def change_topics(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), tagged_topics=[ArticleTopic(tag=each) for each in some(pick, town.topics())])


@act
def change_further_sections(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), further_sections=some(pick, town.sections()))


@act
def change_picture(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), picture=pick([None, *Picture.objects.order_by("pk")]), picture_caption="Here")


@act
def change_address(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), slug=f"elsewhere-{town.number()}")


@act
def date_otherwise(town: Town, pick: Pick) -> None:
    article = pick(live(town))
    town.edit(article, first_published_at=article.first_published_at + pick([-1, 1]) * timedelta(days=2))


@act
def withdraw(town: Town, pick: Pick) -> None:
    pick(live(town)).unpublish()


@act
def publish_again(town: Town, pick: Pick) -> None:
    gone = [each for each in town.articles() if not each.live]
    if gone:
        town.edit(pick(gone))


@act
def delete_article(town: Town, pick: Pick) -> None:
    pick(town.articles()).delete()


@act
def move_article(town: Town, pick: Pick) -> None:
    article = pick(town.articles())
    others = [each for each in town.sections() if each.pk != article.get_parent().pk]
    if others:
        article.move(pick(others), pos="last-child")


@act
def hide(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), visibility=pick(["private", "password"]), password="open")


@act
def show_to_all(town: Town, pick: Pick) -> None:
    hidden = [each for each in town.articles() if each.live and not each.is_public]
    if hidden:
        town.edit(pick(hidden), visibility="public")


@act
def roll_back(town: Town, pick: Pick) -> None:
    article = pick(live(town))
    revision = pick(list(article.revisions.order_by("pk")))
    revision.as_object().save_revision(previous_revision=revision).publish(previous_revision=revision)


@act
def copy_as_alias(town: Town, pick: Pick) -> None:
    pick(live(town)).create_alias(parent=pick(town.sections()), update_slug=f"alias-{town.number()}")


@act
def index_anew(town: Town, pick: Pick) -> None:
    newsroom.index_anew(places=Listing.objects.of(Listing.Kind.LATEST))
    newsroom.refresh_search_index(now=clock.now())
    newsroom.count_search_words(now=clock.now())


@act
def change_comment_policy(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), comment_policy=pick(["closed", "none", "open"]))


# What the clock does --------------------------------------------------------------------------------------------


@act
def schedule(town: Town, pick: Pick) -> None:
    at = clock.now() + timedelta(minutes=pick([3, 90]))
    town.edit(pick([each for each in town.articles() if not each.live] or [town.write("Later", pick(town.sections()), publish=False)]), go_live_at=at)  # fmt: skip


@act
def let_expire(town: Town, pick: Pick) -> None:
    town.edit(pick(live(town)), expire_at=clock.now() + timedelta(minutes=pick([3, 90])))


@act
def let_time_pass(town: Town, pick: Pick) -> None:
    town.pass_time(timedelta(minutes=pick([4, 1, 100, 60 * 13])))
    newsroom.publish_due(now=clock.now())


@act
def let_midnight_pass(town: Town, pick: Pick) -> None:
    midnight = (clock.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    town.pass_time(midnight - clock.now() + timedelta(minutes=pick([0, 5])))


@act
def run_worker(town: Town, pick: Pick) -> None:
    town.run_tasks()


# Sections and fronts --------------------------------------------------------------------------------------------


@act
def rename_section(town: Town, pick: Pick) -> None:
    town.edit(pick(town.sections()), title=f"Section {town.number()}")


@act
def change_address_of_section(town: Town, pick: Pick) -> None:
    town.edit(pick(town.sections()), slug=f"section-{town.number()}")


@act
def describe_section(town: Town, pick: Pick) -> None:
    town.edit(pick(town.sections()), description=f"About {town.number()}")


@act
def put_section_below_another(town: Town, pick: Pick) -> None:
    section = pick([each for each in town.sections() if not each.subsections.exists()])
    town.edit(section, parent_section=pick([None, *(each for each in town.sections() if each.pk != section.pk)]))


@act
def sort_sections(town: Town, pick: Pick) -> None:
    sections = town.sections()
    pick(sections[:-1] or sections).move(sections[-1], pos="right")


@act
def add_section(town: Town, pick: Pick) -> None:
    town.make_section(f"Extra{town.number()}")


@act
def withdraw_section(town: Town, pick: Pick) -> None:
    pick(town.sections()).unpublish()


@act
def publish_section_again(town: Town, pick: Pick) -> None:
    town.edit(pick(sorted(town.sections(), key=lambda each: each.live)))


@act
def delete_section(town: Town, pick: Pick) -> None:
    if len(town.sections()) > 2:
        pick(town.sections()).delete()


@act
def arrange_section(town: Town, pick: Pick) -> None:
    town.arrange(pick(town.sections()), *_blocks(town, pick))


@act
def arrange_front(town: Town, pick: Pick) -> None:
    town.arrange(town.front, *_blocks(town, pick))


@act
def let_fronts_arrange_themselves(town: Town, pick: Pick) -> None:
    for front in (town.front, pick(town.sections())):
        town.arrange(front)


@act
def describe_front(town: Town, pick: Pick) -> None:
    town.edit(FrontPage.objects.get(), seo_title=f"Title {town.number()}", search_description="The paper")


def _blocks(town: Town, pick: Pick) -> list[dict[str, Any]]:
    articles = [each.pk for each in town.articles()]
    chosen = pick(town.sections())
    section = chosen.pk
    topics = [each.pk for each in town.topics()]
    return [
        {"type": "lead", "value": {"article": pick([*articles, None]), "headline": pick(["", "Here"])}},
        {"type": "seconds", "value": {"articles": [pick(articles)], "section": pick([None, section]), "count": 2}},
        {"type": "row", "value": {"section": section, "fill": True, "count": 3, "look": pick(["even", "signed"])}},
        *(
            [{"type": "row", "value": {"topic": pick(topics), "fill": True, "count": 3, "look": "led"}}]
            if topics
            else []
        ),
        {"type": "placement", "value": {"kind": "newest", "options": pick(["", chosen.slug])}},
    ]


# Plain pages ----------------------------------------------------------------------------------------------------


@act
def change_plain_page(town: Town, pick: Pick) -> None:
    town.edit(pick(town.plain_pages()), title=f"Page {town.number()}", body="<p>Other words.</p>")


@act
def change_address_of_plain_page(town: Town, pick: Pick) -> None:
    town.edit(pick(town.plain_pages()), slug=f"page-{town.number()}")


@act
def withdraw_plain_page(town: Town, pick: Pick) -> None:
    pick(town.plain_pages()).unpublish()


@act
def publish_plain_page_again(town: Town, pick: Pick) -> None:
    town.edit(pick(town.plain_pages()))


@act
def move_plain_page(town: Town, pick: Pick) -> None:
    pages = sorted(town.plain_pages(), key=lambda each: -each.depth)
    pages[0].move(pick([town.front, *(each for each in pages[1:] if not each.is_descendant_of(pages[0]))]), pos="last-child")  # fmt: skip


@act
def add_plain_page(town: Town, pick: Pick) -> None:
    town.make_page(f"Page{town.number()}", below=pick([None, *town.plain_pages()]))


# People, topics, pictures ---------------------------------------------------------------------------------------


@act
def rename_author(town: Town, pick: Pick) -> None:
    author = pick(town.authors())
    author.name, author.role = f"Author {town.number()}", "editor"
    author.save()


@act
def change_address_of_author(town: Town, pick: Pick) -> None:
    author = pick(town.authors())
    author.slug = f"author-{town.number()}"
    author.save()


@act
def change_portrait(town: Town, pick: Pick) -> None:
    author = pick(town.authors())
    author.picture = pick([*Picture.objects.order_by("pk"), None])
    author.biography = f"Biography {town.number()}"
    author.save()


@act
def link_author(town: Town, pick: Pick) -> None:
    AuthorLink.objects.create(author=pick(town.authors()), label="Elsewhere", url="https://a.example/")


@act
def unlink_author(town: Town, pick: Pick) -> None:
    for each in AuthorLink.objects.all():
        each.delete()


@act
def delete_unsigned_author(town: Town, pick: Pick) -> None:
    unsigned = [each for each in town.authors() if not each.bylines.exists()]
    if unsigned:
        pick(unsigned).delete()


@act
def rename_topic(town: Town, pick: Pick) -> None:
    topic = pick(town.topics())
    topic.name = f"Topic {town.number()}"
    topic.save()


@act
def change_address_of_topic(town: Town, pick: Pick) -> None:
    topic = pick(town.topics())
    topic.slug = f"topic-{town.number()}"
    topic.save()


@act
def delete_topic(town: Town, pick: Pick) -> None:
    if len(town.topics()) > 1:
        pick(town.topics()).delete()


@act
def describe_picture(town: Town, pick: Pick) -> None:
    number = town.number()
    for picture in Picture.objects.order_by("pk"):
        picture.caption, picture.credit, picture.description = f"Caption {number}", f"Credit {number}", f"Alt {number}"
        picture.save()


@act
def set_focal_point(town: Town, pick: Pick) -> None:
    picture = pick(list(Picture.objects.order_by("pk")))
    picture.focal_point_x, picture.focal_point_y = pick([30, 300]), pick([200, 10])
    picture.focal_point_width = picture.focal_point_height = 20
    picture.save()


@act
def replace_file(town: Town, pick: Pick) -> None:
    picture = pick(list(Picture.objects.order_by("pk")))
    picture.file.save("another.png", ContentFile(png("white")))


@act
def make_sizes(town: Town, pick: Pick) -> None:
    for picture in Picture.objects.awaiting_renditions():
        masthead.make_renditions(picture=picture, now=clock.now())


@act
def delete_picture(town: Town, pick: Pick) -> None:
    if Picture.objects.count() > 2:
        pick(list(Picture.objects.order_by("pk"))).delete()


# The publication ------------------------------------------------------------------------------------------------


@act
def rename_publication(town: Town, pick: Pick) -> None:
    _set(name=f"Lantern {town.number()}", tagline=f"Light {town.number()}")


@act
def change_language(town: Town, pick: Pick) -> None:
    _set(language=pick(["de", "ar", "en"]))


@act
def change_time_zone(town: Town, pick: Pick) -> None:
    _set(time_zone=pick(["Pacific/Auckland", "America/Lima"]))


@act
def change_colour(town: Town, pick: Pick) -> None:
    _set(accent_colour=pick(["#104080", "#701010"]))


@act
def change_logo(town: Town, pick: Pick) -> None:
    _set(logo=pick([None, *Picture.objects.order_by("pk")]))


@act
def change_navigation(town: Town, pick: Pick) -> None:
    NavigationLink.objects.filter(place="top").delete()
    publication = Publication.objects.get()
    for page in some(pick, [*town.articles(), *town.sections(), *town.plain_pages()]):
        NavigationLink.objects.create(publication=publication, place="top", page=page)


@act
def change_channels(town: Town, pick: Pick) -> None:
    publication = Publication.objects.get()
    publication.channels = [ChannelLink(label=f"Channel {town.number()}", url="https://d.example/")]
    publication.save()


@act
def tell_programs_otherwise(town: Town, pick: Pick) -> None:
    found = Discovery.objects.first() or Discovery()
    found.refused_crawlers = pick([["GPTBot"], []])
    found.ads_txt = pick(["ads.example, 1, DIRECT", ""])
    found.hub_url = pick(["https://hub.example/", ""])
    found.save()


def _set(**fields: Any) -> None:
    publication = Publication.objects.get()
    for name, value in fields.items():
        setattr(publication, name, value)
    publication.save()


# Breaking news, comments, old addresses, imports ----------------------------------------------------------------


@act
def put_strip_up(town: Town, pick: Pick) -> None:
    begins = clock.now() + timedelta(minutes=pick([0, 3]))
    BreakingStrip.objects.create(
        text=f"Breaking {town.number()}",
        article=pick([*town.articles(), None]),
        starts_at=begins,
        ends_at=begins + timedelta(minutes=pick([3, 90])),
        on_every_page=pick([True, False]),
    )


@act
def take_strips_down(town: Town, pick: Pick) -> None:
    for each in BreakingStrip.objects.all():
        each.delete()


@act
def comment(town: Town, pick: Pick) -> None:
    town.comment(pick(town.articles()))


@act
def bin_comment(town: Town, pick: Pick) -> None:
    found = list(Comment.objects.order_by("pk"))
    if found:
        comments.change_states(comments=[pick(found)], state=pick(["binned", "approved"]))


@act
def answer_comment(town: Town, pick: Pick) -> None:
    above = list(Comment.objects.approved().order_by("pk"))
    if above:
        chosen = pick(above)
        state = pick(["approved", "held"])
        draft = comments.CommentDraft(chosen.article_id, "Ben", f"<p>{town.number()}</p>", state, reply_to=chosen)
        comments.add_comments(drafts=[draft], now=clock.now())


@act
def approve_comment(town: Town, pick: Pick) -> None:
    held = list(Comment.objects.filter(state="held").order_by("pk")) or [hold_comment(town, pick)]
    comments.approve_comment(comment=pick(held), by=town.editor(), now=clock.now())


@act
def hold_comment(town: Town, pick: Pick) -> Comment:
    draft = comments.CommentDraft(pick(live(town)).pk, "Cem", f"<p>Held {town.number()}</p>")
    return comments.add_comments(drafts=[draft], now=clock.now())[0]


@act
def reject_comment(town: Town, pick: Pick) -> None:
    shown = list(Comment.objects.approved().order_by("pk"))
    if shown:
        comments.reject_comment(comment=pick(shown), reason="It is late.", by=town.editor(), now=clock.now())


@act
def sweep_comments(town: Town, pick: Pick) -> None:
    found = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
    act = pick(["spam", "approve", "hold", "bin"])
    comments.sweep_comments(comments=some(pick, found), act=act, by=town.editor(), now=clock.now())


@act
def appeal_decision(town: Town, pick: Pick) -> None:
    comment = write_comment(town, first)
    if comment is not None:
        outcome = comments.reject_comment(comment=comment, reason="It is late.", by=town.editor(), now=clock.now())
        for each in outcome.decided:
            comments.appeal_decision(decision=each, words="It is not.", now=clock.now())


@act
def write_comment(town: Town, pick: Pick) -> Comment | None:
    Commenting.objects.update_or_create(defaults={"holds_first": pick([False, True])})
    article = pick(live(town))
    sent = Sent(source=f"Comment *{town.number()}*")
    with suppress(NotTakenError):
        return comments.write_comment(article=article, writer=writer_of(town.editor()), sent=sent, now=clock.now())
    return None


@act
def edit_comment(town: Town, pick: Pick) -> None:
    comment = write_comment(town, pick)
    if comment is not None:
        comments.edit_comment(comment=comment, source=f"Thought better of {town.number()}", now=clock.now())


@act
def remove_comment(town: Town, pick: Pick) -> None:
    found = list(Comment.objects.order_by("pk"))
    if found:
        comments.remove_comment(comment=pick(found), now=clock.now())


@act
def erase_commenter(town: Town, pick: Pick) -> None:
    write_comment(town, first)
    comments.erase_comments(account=town.editor(), leaves_words=pick([True, False]), now=clock.now())


@act
def change_who_may_comment(town: Town, pick: Pick) -> None:
    known = Commenting.objects.first() or Commenting()
    known.who, known.pause = pick(["registered", "members", "anyone"]), pick(["shut", "", "hold"])
    known.save()


@act
def follow_thread(town: Town, pick: Pick) -> Follow:
    writer = pick([Writer(email="ada@reader.example", is_confirmed=True), writer_of(town.editor())])
    article, what = pick(live(town)), pick(["all", "replies"])
    return comments.follow_thread(article=article, writer=writer, what=what, now=clock.now())


@act
def ask_to_follow(town: Town, pick: Pick) -> None:
    with suppress(TooOftenError):
        comments.ask_to_follow(article=pick(live(town)), address="eve@reader.example", what="all", now=clock.now())


@act
def confirm_follow(town: Town, pick: Pick) -> None:
    ask_to_follow(town, pick)
    asked = list(Follow.objects.filter(confirmed_at=None).order_by("pk"))
    if asked:
        comments.confirm_follow(follow_id=pick(asked).pk, what="replies", now=clock.now())


@act
def stop_following(town: Town, pick: Pick) -> None:
    follow = follow_thread(town, pick)
    which, row_id = pick([("one", follow.pk), ("all", follow.follower_id)])
    comments.stop_following(which=which, row_id=row_id, now=clock.now())


@act
def tell_followers(town: Town, pick: Pick) -> None:
    follow_thread(town, first)
    hold_comment(town, first)
    approve_comment(town, pick)
    town.pass_time(timedelta(hours=pick([3, 0])))
    comments.tell_followers(now=clock.now())


def writer_of(account: Account) -> Writer:
    reader = readers.register_reader(account=account, now=clock.now())
    return Writer(
        name="Abe",
        email=account.email,
        account=account,
        avatar_seed=reader.avatar_seed,
        is_confirmed=True,
        is_member=True,
    )


@act
def redirect_old_addresses(town: Town, pick: Pick) -> None:
    target = pick(town.articles())
    for path in ("/old/path", "/?p=12", "/nowhere"):
        Redirect.objects.update_or_create(old_path=path, defaults={"redirect_page": target})


@act
def forget_redirects(town: Town, pick: Pick) -> None:
    for each in Redirect.objects.all():
        each.delete()


@act
def import_articles(town: Town, pick: Pick) -> None:
    number = town.number()
    drafts = [
        ArticleDraft(
            headline=f"Imported tram {number}",
            slug=f"imported-{number}-{n}",
            section=pick(town.sections()),
            body=[{"type": "paragraph", "value": "<p>From elsewhere.</p>"}],
            first_published_at=clock.now() - timedelta(days=pick([0, 400])),
            authors=some(pick, town.authors()),
            topics=some(pick, town.topics()),
        )
        for n in range(2)
    ]
    newsroom.store_articles(drafts=drafts, by=None, now=clock.now())


@act
def replace_imported_article(town: Town, pick: Pick) -> None:
    article = pick([each for each in town.articles() if each.alias_of_id is None])
    draft = ArticleDraft(
        headline=f"Replaced {town.number()}",
        slug=article.slug,
        section=pick(town.sections()),
        body=[{"type": "paragraph", "value": "<p>Again.</p>"}],
        first_published_at=clock.now(),
        live=pick([True, False]),
    )
    newsroom.replace_article(article=article, draft=draft, by=None, now=clock.now())


@act
def relate_articles(town: Town, pick: Pick) -> None:
    """Two that speak of the same, before the worker has been there and after."""
    matter = pick(["Herons nest in the reedbeds", "Ferry bought twice"])
    for _ in range(2):
        town.write(f"{matter} {town.number()}", pick(town.sections()))
    newsroom.relate_waiting(now=clock.now())


@act
def let_worker_relate(town: Town, pick: Pick) -> None:
    newsroom.await_relating(articles=[pick(town.articles()).pk], turn=ArticleToRelate.Turn.NOW)
    newsroom.relate_waiting(now=clock.now())


@act
def choose_what_is_read_next(town: Town, pick: Pick) -> None:
    article = pick(live(town))
    others = [each for each in town.articles() if each.pk != article.pk]
    pins = [pick(others), *([others[0]] if pick([0, 1]) else [])]
    town.edit(article, read_next=[ReadNext(other=each, sort_order=n) for n, each in enumerate(dict.fromkeys(pins))])


@act
def make_lists_anew(town: Town, pick: Pick) -> None:
    Listing.objects.filter(article_id=pick(live(town)).pk).delete()
    newsroom.relist_article(article=Article.objects.get(pk=pick(live(town)).pk))


__all__ = ["ACTS", "Section", "first"]

# Readers --------------------------------------------------------------------------------------------------------


@act
def let_readers_come(town: Town, pick: Pick) -> None:
    """No view purges the list: what is trending is seen when the list of before is too old even to stand in."""
    for article in town.articles():
        audience.record_views(article_id=article.pk, hour=clock.now(), views=pick([3, 1, 2]))
    delivery.purge_tags(tags=["views"])  # the numbers beside the dates, as a recount does
    town.pass_time(trending.LIFE + trending.STALE)


@act
def view_articles(town: Town, pick: Pick) -> None:
    for article in [pick(live(town)), *some(pick, live(town))]:
        agent = pick(["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/8.5.0", ""])
        report = audience.Report(
            article_id=article.pk, address=f"203.0.113.{town.number() % 250}", agent=agent, referrer=Referrer.DIRECT
        )
        audience.count_view(report=report, now=clock.now())
    town.pass_time(trending.LIFE + trending.STALE)  # as above; numbers and figures are kept for longer than that


@act
def close_hours(town: Town, pick: Pick) -> None:
    view_articles(town, pick)
    town.pass_time(timedelta(hours=1))
    for _ in range(2):
        audience.close_hours(now=clock.now())
    audience.forget_days(now=clock.now())


@act
def recount_views(town: Town, pick: Pick) -> None:
    close_hours(town, pick)
    audience.recount_views(now=clock.now())


@act
def set_half_life(town: Town, pick: Pick) -> None:
    let_readers_come(town, pick)
    _set_trending(half_life=pick([1, 168]))


@act
def show_nothing_that_is_trending(town: Town, pick: Pick) -> None:
    _set_trending(is_shown=pick([False, True]))


def _set_trending(**fields: Any) -> None:
    setting = Trending.objects.first() or Trending()
    for name, value in fields.items():
        setattr(setting, name, value)
    setting.save()
