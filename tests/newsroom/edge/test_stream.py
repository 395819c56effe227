"""What follows an article: links to what is read next, and each of those articles whole."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from coranto.comments import operations as comments
from coranto.newsroom import rules
from coranto.newsroom.models import Article, ArticleAuthor, ArticleTopic, Author, Topic

EDGE = {"Surrogate-Capability": 'coranto="ESI/1.0"'}
ID = re.compile(r'\sid="([^"]+)"')
REFERRED = re.compile(r'aria-(?:labelledby|describedby|controls)="([^"]+)"')


def ask(name, article):
    """A fragment, as the edge asks for it."""
    return Client(REMOTE_ADDR="").get(f"/-/fragments/{name}/?article={article}", headers=EDGE)


def tags_of(response):
    return set(response["Surrogate-Key"].split())


def comment_on(article, count, noon):
    drafts = [
        comments.CommentDraft(article_id=article.pk, author_name="Ben", html="<p>Well.</p>", state="approved")
        for _ in range(count)
    ]
    comments.add_comments(drafts=drafts, now=noon)


def edit(article, **fields):
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    article.save_revision().publish()


@pytest.fixture
def long_body(paragraph):
    return [paragraph(f"Paragraph {number}. {'word ' * 98}") for number in range(10)]


# Links ----------------------------------------------------------------------------------------------------------


def test_article_is_followed_by_links_to_others(client, write):
    lead, other = write(title="The first tram"), write(title="The second tram")
    page = client.get(lead.address).text
    section = page.partition("data-onward")[2].partition("</section>")[0]

    assert f'<a href="{other.address}">The second tram</a>' in section
    assert lead.address not in section


def test_links_carry_the_articles_they_lead_to(write):
    lead, other = write(), write()

    assert {f"page:{other.pk}", f"related:{lead.pk}"} <= tags_of(ask("onward", lead.pk))


def test_link_to_an_article_that_is_withdrawn_is_gone(write):
    lead, other, third = write(), write(), write()
    assert f'data-next="{other.pk}"' in ask("onward", lead.pk).text

    Article.objects.get(pk=other.pk).unpublish()

    answer = ask("onward", lead.pk).text
    assert f'data-next="{other.pk}"' not in answer
    assert f'data-next="{third.pk}"' in answer


@pytest.mark.parametrize("visibility", ["password", "private"])
def test_no_link_leads_to_what_not_everybody_may_read(write, visibility):
    lead, public = write(), write()
    locked = write(visibility=visibility, password="sesame")
    answer = ask("onward", lead.pk).text

    assert f'data-next="{public.pk}"' in answer
    assert f'data-next="{locked.pk}"' not in answer


def test_where_nothing_is_to_be_read_next_there_is_no_heading(write):
    assert ask("onward", write().pk).text.strip() == ""


def test_nothing_follows_a_preview_or_a_locked_article(client, cora, write):
    write()
    locked = write(visibility="password", password="sesame")
    client.force_login(cora)
    page = client.get(locked.address).text

    assert locked.headline in page
    assert "data-stream" not in page
    assert "onward.js" not in page
    assert "data-onward" not in page


# Whole articles ---------------------------------------------------------------------------------------------------


def test_piece_is_the_whole_article_with_an_address_and_a_title_of_its_own(write, paragraph):
    article = write(
        title="Trams & tides", slug="trams", standfirst="Both come in.", body=[paragraph("It left at five.")]
    )
    piece = ask("piece", article.pk)

    assert piece.status_code == 200
    assert f'data-address="{article.address}"' in piece.text
    assert 'data-title="Trams &amp; tides – ' in piece.text
    assert f'data-canonical="http://localhost:8000{article.address}"' in piece.text
    assert re.search(r"<h2 [^>]*article__headline[^>]*>Trams &amp; tides</h2>", piece.text)
    assert "<h1" not in piece.text
    assert "It left at five." in piece.text
    assert "body=http%3A%2F%2Flocalhost%3A8000" in piece.text  # its own link to pass on


def test_piece_carries_what_its_own_page_carries(write, ada_thorne):
    article = write()
    page = tags_of(Client(REMOTE_ADDR="").get(article.address, headers=EDGE))
    mine = {f"page:{article.pk}", f"author:{ada_thorne.pk}", f"comments:{article.pk}", "menu", "publication"}

    assert mine <= page
    assert mine <= tags_of(ask("piece", article.pk))


@pytest.mark.parametrize("visibility", ["password", "private"])
def test_piece_of_what_not_everybody_may_read_is_empty_for_everybody(client, cora, write, paragraph, visibility):
    article = write(visibility=visibility, password="sesame", body=[paragraph("Secret.")])
    client.force_login(cora)

    for answer in (ask("piece", article.pk), client.get(f"/-/fragments/piece/?article={article.pk}")):
        assert (answer.status_code, answer.content) == (200, b"")
    assert f"page:{article.pk}" in tags_of(ask("piece", article.pk))  # it may be for everybody later


def test_piece_is_empty_as_soon_as_the_article_is_withdrawn(write):
    article = write()
    assert ask("piece", article.pk).content

    Article.objects.get(pk=article.pk).unpublish()

    assert ask("piece", article.pk).content == b""


@pytest.mark.parametrize("asked", ["", "0", "-1", "1x", "1 ", "%00", "1" * 19, "٣"])
@pytest.mark.parametrize("name", ["piece", "onward"])
def test_article_nobody_can_have_asked_for_is_missing(db, name, asked):
    assert ask(name, asked).status_code == 404


@pytest.mark.parametrize("name", ["piece", "onward"])
def test_article_that_never_was_leaves_nothing_behind(db, name):
    assert ask(name, 999_999).text.strip() == ""


def test_every_id_on_a_page_of_several_articles_is_there_once(client, write, paragraph, ada_thorne, noon):
    ada_thorne.biography = "She writes."
    ada_thorne.save()
    table = {"type": "table", "value": {"table_caption": "Fares", "data": [["a", "b"], ["1", "2"]]}}
    rails = Topic.objects.create(name="Rails", slug="rails")
    first = write(body=[paragraph("One."), table])
    edit(first, tagged_topics=[ArticleTopic(tag=rails)])
    comment_on(first, 2, noon)
    # An alias has the blocks of its original, ids and all.
    second = Article.objects.get(pk=first.pk).create_alias(update_slug="another")
    third = write()
    edit(third, tagged_topics=[ArticleTopic(tag=rails)])
    whole = client.get(first.address).text + "".join(ask("piece", each.pk).text for each in (second, third))
    ids = ID.findall(whole)

    assert sorted(ids) == sorted(set(ids))
    assert {f"headline-{each.pk}" for each in (first, second, third)} <= set(ids)
    assert {name for each in REFERRED.findall(whole) for name in each.split()} <= set(ids)


def test_comments_of_a_piece_are_on_its_own_page(write, noon):
    article = write()
    comment_on(article, 3, noon)
    piece = ask("piece", article.pk).text

    assert f'href="{article.address}#comments">3 comments</a>' in piece
    assert "Well." not in piece

    edit(article, comment_policy="none")
    assert "#comments" not in ask("piece", article.pk).text


def test_picture_of_a_piece_is_loaded_when_it_comes_near(client, write, picture):
    article = write(picture=picture)

    assert 'loading="lazy"' not in client.get(article.address).text.partition("article__body")[0]
    assert 'loading="lazy"' in ask("piece", article.pk).text


# Folding ----------------------------------------------------------------------------------------------------------


def test_long_piece_is_folded_after_its_first_paragraphs(client, write, long_body):
    article = write(body=long_body)
    shown, _, folded = ask("piece", article.pk).text.partition('<details class="fold">')

    assert "Paragraph 2." in shown
    assert "Paragraph 3." not in shown
    assert "Paragraph 9." in folded
    assert '<details class="fold"' not in client.get(article.address).text


def test_short_piece_is_not_folded(write, long_body):
    assert "<details" not in ask("piece", write(body=long_body[:5]).pk).text


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ([], 0),
        ([100] * 5, 5),  # short enough
        ([100] * 10, 3),
        ([599], 1),
        ([2000], 1),  # nothing to fold within a block
        ([300, 100, 100, 100], 1),
        ([100, 100, 8, 100, 500], 4),  # not between a heading and what stands below it
        ([500, 10, 90], 3),  # for so little nobody should have to press
    ],
)
def test_fold_comes_after_about_a_screen(words, after):
    assert rules.fold_after(words) == after


# Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 60])
def test_piece_takes_eleven_queries_whatever_it_holds(
    write, paragraph, picture, noon, django_assert_num_queries, count
):
    others = [write() for _ in range(3)]
    body = [
        *(paragraph(f'See <a linktype="page" id="{each.pk}">this</a>') for each in others),
        *({"type": "related", "value": {"article": others[n % 3].pk, "label": ""}} for n in range(count)),
        *({"type": "picture", "value": {"picture": picture.pk}} for _ in range(count)),
    ]
    article = write(body=body, picture=picture)
    authors = [Author.objects.create(name=f"A{n}", slug=f"a{n}", picture=picture) for n in range(count)]
    edit(article, bylines=[ArticleAuthor(author=each) for each in authors])
    comment_on(article, count, noon)
    with django_assert_num_queries(11):
        assert ask("piece", article.pk).status_code == 200


@pytest.mark.parametrize("count", [3, 20])
def test_links_take_a_fixed_number_of_queries(write, store, picture, django_assert_num_queries, count):
    lead = write()
    store(count, picture=picture)
    with django_assert_num_queries(8):
        answer = ask("onward", lead.pk)
    assert answer.text.count("data-next") == min(count, 8)
