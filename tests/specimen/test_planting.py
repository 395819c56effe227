from __future__ import annotations

import io

import pytest
from PIL import Image

from coranto.comments.models import Comment
from coranto.kit import clock
from coranto.masthead.models import Account, Picture, Publication
from coranto.newsroom.models import Article, ArticleVersion, Author, Credit, Section
from coranto.specimen import operations, readership, reading

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def small_picture():
    file = io.BytesIO()
    Image.new("RGB", (320, 200), "#345").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def plant(tmp_path, monkeypatch, settings, small_picture):
    """Plants with plain small pictures: the drawings have tests of their own."""
    monkeypatch.setattr(operations.drawings, "draw", lambda _name: small_picture)
    settings.MEDIA_ROOT = tmp_path / "media"
    said = []

    def plant():
        return operations.plant_specimen_if_new(run=tmp_path, now=clock.now(), say=said.append)

    return plant


def test_specimen_is_a_newspaper_of_some_size(plant, client):
    login = plant()
    assert Article.objects.live().count() >= 40
    assert Section.objects.count() >= 6
    assert Author.objects.count() == 8
    assert Credit.objects.count() >= 8
    assert Comment.objects.approved().count() >= 40
    assert Picture.objects.exclude(description="").count() == Picture.objects.count()
    assert ArticleVersion.objects.filter(kind="correction").exclude(note="").exists()
    assert {b["type"] for a in Article.objects.all() for b in a.raw_body} >= {
        "paragraph", "heading", "picture", "quote", "pull_quote", "list", "related", "embed", "table", "divider",
    }  # fmt: skip
    assert Publication.objects.get().channels.count() == 5
    for path in ("/", "/latest/", "/about/", "/privacy/", "/imprint/", "/contact/"):
        assert client.get(path).status_code == 200, path
    assert client.login(username=login.email, password=login.password)


def test_specimen_is_planted_once_and_tells_the_same_login_again(plant):
    first = plant()
    articles = Article.objects.count()
    assert plant() == first
    assert Article.objects.count() == articles


def test_newsroom_of_somebodys_own_is_left_alone(plant):
    Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
    with pytest.raises(operations.NotEmptyError):
        plant()
    assert not Article.objects.exists()


def test_every_text_of_the_specimen_refers_to_things_there_are():
    articles = reading.articles()
    slugs = {each.slug for each in articles}
    authors = {each["slug"] for each in reading.publication()["authors"]}
    sections = {each["slug"] for each in reading.publication()["sections"]}
    for each in articles:
        assert set(each.head["authors"]) <= authors
        assert {each.head["section"], *each.head.get("further_sections", ())} <= sections
        for line in each.body.splitlines():
            if line.startswith("!related "):
                assert line.removeprefix("!related ").strip() in slugs
        for correction in each.head.get("corrections", ()):
            assert each.body.count(correction["now"]) == 1
            assert correction.get("passage", "") in each.body


def test_specimen_has_a_past_with_a_correction_and_a_clarification(plant, client):
    plant()
    page = client.get("/corrections/").text
    assert "<strong>Correction</strong>" in page
    assert "<strong>Clarification</strong>" in page
    article = Article.objects.get(slug="section-nine-dyke")
    kinds = article.versions.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["first", "typo", "update", "correction"]
    past = client.get(f"{article.address}history/").text
    body = client.get(article.address).text.partition('class="article__body')[2].partition('class="article__foot"')[0]
    assert "1,140" in body
    for gone in ("hury", "1,410", "gave it a poor grade"):
        assert gone in past
        assert gone not in body


def test_specimen_has_been_read_and_something_is_trending(plant, client):
    plant()
    page = client.get("/trending/").content.decode()
    assert page.count("card__headline") == 20
    assert 'class="trending"' in client.get("/").content.decode()


def test_specimen_has_comments_to_decide_about_and_some_that_are_gone(plant, client):
    login = plant()
    client.force_login(Account.objects.get(email=login.email))
    queue = client.get("/admin/comments/").text
    for said in ("Usher, 1988", "many links", "Beekeeper"):
        assert said in queue
    assert "dog should have had a card" in client.get("/admin/comments/?state=reported").text
    assert "It advertises something." in client.get("/admin/comments/trail/").text
    page = client.get(Article.objects.get(slug="last-reel-at-the-palisade").address).text
    assert "very well received" in page
    assert "take back" not in page
    assert "Usher" not in page
    assert max(Comment.objects.approved().values_list("depth", flat=True)) >= 3


def test_views_of_the_specimen_are_the_same_each_time_and_lie_in_the_past():
    now = clock.now()
    published = now - readership.HOUR * 30
    found = list(readership.views_of("a-slug", published_at=published, now=now))
    assert found == list(readership.views_of("a-slug", published_at=published, now=now))
    assert all(published - readership.HOUR < each.hour <= now for each in found)
    assert sum(each.views for each in found if each.hour > now - readership.HOUR * 6) < sum(
        each.views for each in found if each.hour < now - readership.HOUR * 24
    )
