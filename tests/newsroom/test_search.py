"""What readers find, as they ask for it: by address."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils.html import strip_tags

from coranto.masthead.models import Publication
from coranto.newsroom import operations
from coranto.newsroom.models import Article, Author, SearchEntry, SearchWord, Topic
from coranto.newsroom.queries import search as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def find(client):
    """A function that searches and returns the headlines found, in order."""

    def find(query, **parameters):
        response = client.get("/search/", {"q": query, **parameters})
        assert response.status_code == 200
        return [each.card.headline for each in response.context["results"].found]

    return find


@pytest.fixture
def file(city, noon, paragraph):
    """A function that stores an article with such a headline and text, published so many days before noon."""

    def file(headline, text="Words.", *, days=0, section=None, **fields):
        draft = operations.ArticleDraft(
            headline=headline,
            slug=f"a{Article.objects.count()}",
            section=section or city,
            body=[paragraph(text)],
            first_published_at=noon - timedelta(days=days),
            **fields,
        )
        return operations.store_articles(drafts=[draft], by=None, now=noon)[0]

    return file


def speak(language):
    Publication(name="The Lantern", language=language).save()


# What is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["harbour", "HARBOURS", "stand first", "left", "Ben Ode", "Wire Person", "bridges", "harbour bridges ode"],
)
def test_article_is_found_by_each_of_its_parts(find, file, query):
    file(
        "The harbour opens",
        "A boat left.",
        standfirst="What stands first.",
        authors=[Author.objects.create(name="Ben Ode", slug="ben-ode")],
        topics=[Topic.objects.create(name="Bridges", slug="bridges")],
        credits=[operations.CreditDraft(relation="via", people=["Wire Person"])],
    )
    file("Something else")
    assert find(query) == ["The harbour opens"]


def test_all_words_must_occur(find, file):
    file("Trams return", "To the harbour.")
    file("Trams stop")
    assert find("tram harbour") == ["Trams return"]


@pytest.mark.parametrize(
    ("language", "headline", "queries"),
    [
        ("en", "Voting for tramways", ["vote", "voted tramway", "VOTES"]),
        ("de", "Häuser am Hafen", ["haus", "hauser", "Häusern"]),
        ("fr", "Élections générales à Orléans", ["election", "générale", "generales orleans"]),
        ("ar", "الترام يعود إلى المدينة", ["الترام", "المدينة", "ترام"]),
        ("fa", "کتاب‌های تازه", ["کتاب‌های", "تازه"]),
        ("pt", "Ёлка и трамвай", ["елка", "ТРАМВАЙ"]),
    ],
)
def test_words_are_found_in_other_forms_and_without_their_accents(find, file, language, headline, queries):
    speak(language)
    file(headline)
    for query in queries:
        assert find(query) == [headline], query


@pytest.mark.parametrize(
    ("headline", "found", "missed"),
    [
        ("東京の路面電車が戻る", ["路面電車", "電車", "京の", "電", "る", "東京 戻る"], ["面路", "京東", "大阪"]),
        ("北京公共汽车回来了", ["公共汽车", "汽车", "北京 回来"], ["公汽", "车汽"]),
        ("รถรางกลับมาแล้ว", ["รถราง", "กลับ", "แล้ว"], ["รางรถ"]),
        ("서울시장이 돌아왔다", ["서울시장", "시장", "돌아"], ["장시"]),
    ],
)
def test_words_are_found_inside_of_scripts_without_blanks(find, file, headline, found, missed):
    file(headline)
    file("Trams return")
    for query in found:
        assert find(query) == [headline], query
    for query in missed:
        assert find(query) == [], query


def test_headline_counts_for_more_than_the_text_and_a_name_for_more_than_a_mention(find, file):
    file("Nothing", "The tram came. " + "Words. " * 50)
    file("A tram", "Words.", days=300)
    ben = Author.objects.create(name="Ben Tram", slug="ben-tram")
    file("Signed", "Words. " * 50, authors=[ben], days=100)
    assert find("tram") == ["A tram", "Signed", "Nothing"]


@pytest.mark.parametrize(
    ("headline", "query"),
    [
        ("Trams return to the harbour today", "trams return to the harbour"),
        ("Trams return to the harbour today", "HARBOURS tram: returned, to the"),
        ("路面電車が今日、港に戻る", "港に戻る 今日 路面電車 戻る 車"),
    ],
)
def test_many_words_find_the_headline_they_are_first(find, file, headline, query):
    file("Newer", f"It said: {headline}.")
    file(headline, days=30)
    file("Older", headline, days=60)
    assert find(query) == [headline, "Newer", "Older"]


def test_a_change_is_found_at_once_and_what_it_replaced_no_longer(find, write):
    article = write("Lorries return")
    draft = article.get_latest_revision_as_object()
    draft.title = "Ferries return"
    draft.save_revision().publish()
    assert find("ferries") == ["Ferries return"]
    assert find("lorries") == []


@pytest.mark.parametrize("change", ["withdraw", "hide", "delete"])
def test_what_the_public_may_not_read_is_gone_at_once(find, write, change):
    article = write("Trams return")
    assert find("trams") == ["Trams return"]
    if change == "withdraw":
        article.unpublish()
    elif change == "delete":
        article.delete()
    else:
        draft = article.get_latest_revision_as_object()
        draft.visibility = "private"
        draft.save_revision().publish()
    assert find("trams") == []
    assert not SearchEntry.objects.exists()


def test_draft_is_not_found(find, write):
    write("Trams return", publish=False)
    assert find("trams") == []


def test_new_date_moves_an_article(find, write, file, noon):
    article = write("First tram")
    file("Second tram", days=10)
    draft = article.get_latest_revision_as_object()
    draft.first_published_at = noon - timedelta(days=20)
    draft.save_revision().publish()
    assert find("tram", sort="date") == ["Second tram", "First tram"]
    assert SearchEntry.objects.count() == 2


def test_renamed_author_and_topic_lead_to_their_articles(find, file, noon):
    ben = Author.objects.create(name="Ben Ode", slug="ben-ode")
    rails = Topic.objects.create(name="Rails", slug="rails")
    file("Trams return", authors=[ben], topics=[rails])
    ben.name = "Benita Ode"
    ben.save()
    rails.name = "Tracks"
    rails.save()
    assert operations.refresh_search_index(now=noon) == 1
    assert find("benita") == find("tracks") == ["Trams return"]
    assert find("ben") == find("rails") == []
    rails.delete()
    operations.refresh_search_index(now=noon)
    assert find("tracks") == []
    assert operations.refresh_search_index(now=noon) == 0


def test_author_saved_under_the_same_name_makes_no_work(file, noon):
    ben = Author.objects.create(name="Ben Ode", slug="ben-ode")
    file("Trams return", authors=[ben])
    ben.biography = "He writes."
    ben.save()
    assert operations.refresh_search_index(now=noon) == 0


def test_article_marked_anew_while_it_is_published_stays_marked(write):
    article = write("Trams return")
    SearchEntry.objects.update(manner="")
    article.get_latest_revision_as_object().save_revision().publish()
    assert SearchEntry.objects.get().manner == ""


def test_another_language_of_the_publication_has_everything_indexed_anew(find, file, noon):
    file("Les élections générales")
    speak("fr")
    assert operations.refresh_search_index(now=noon) == 1
    assert find("générale") == ["Les élections générales"]


# Order, filters, pages ----------------------------------------------------------------------------------


def test_filters_narrow_by_section_author_and_time(find, file, make_section, time_machine, noon):
    time_machine.move_to(noon)
    sport = make_section("Sport")
    ben = Author.objects.create(name="Ben Öde", slug="ben-oede")
    file("Tram one", days=2)
    file("Tram two", days=20, section=sport)
    file("Tram three", days=200, authors=[ben])
    file("Tram four", days=900, authors=[ben], section=sport)
    every = ["Tram one", "Tram two", "Tram three", "Tram four"]
    assert find("tram", sort="date") == every
    assert find("tram", sort="date", section="sport") == ["Tram two", "Tram four"]
    for name in ("ben-oede", "Ben Öde", "Ben öde"):
        assert find("tram", sort="date", author=name) == ["Tram three", "Tram four"], name
    assert find("tram", author="ben-oede", section="sport") == ["Tram four"]
    assert find("tram", within="week") == ["Tram one"]
    assert find("tram", sort="date", within="month") == ["Tram one", "Tram two"]
    assert find("tram", sort="date", within="year") == every[:3]
    assert find("tram", year="2023") == ["Tram four"]
    assert find("tram", year="2025", sort="date") == ["Tram three"]
    assert find("tram", year="1066") == []


@pytest.mark.parametrize(
    "odd",
    [
        {"section": "nowhere"},
        {"within": "century"},
        {"year": "x"},
        {"year": "0"},
        {"year": "-4"},
        {"year": "9" * 400},
        {"sort": "best"},
        {"page": "-1"},
        {"page": "²"},
        {"before": "x"},
        {"before": "9" * 20},
        {"sort": "date", "before": "9" * 19},
    ],
)
def test_odd_values_are_as_if_they_were_not_there(find, file, odd):
    file("Trams return")
    assert find("tram", **odd) == ["Trams return"]


def test_year_that_is_none_is_told_of(client, file):
    file("Trams return")
    page = client.get("/search/", {"q": "tram", "year": "<b>9999</b>"}).text
    assert "“&lt;b&gt;9999&lt;/b&gt;” is not a year: articles of all years were looked through." in page
    assert 'name="year"\n                 value=""' in page
    assert "is not a year" not in client.get("/search/", {"q": "tram", "year": "2025"}).text


def test_without_words_there_are_the_newest_that_fit(client, find, file, make_section, django_assert_num_queries):
    sport = make_section("Sport")
    ben = Author.objects.create(name="Ben Ode", slug="ben-ode")
    file("Tram one", days=2)
    file("Tram two", days=20, section=sport)
    file("Tram three", days=400, authors=[ben], section=sport)
    assert find("", section="sport") == ["Tram two", "Tram three"]
    assert find("", section="sport", author="Ben Ode") == ["Tram three"]
    assert find("", year="2026") == ["Tram one", "Tram two"]
    page = client.get("/search/", {"section": "sport"}).text
    assert "The newest articles" in page
    assert "Best first" not in page
    assert "No article fits that." in client.get("/search/", {"year": "1066"}).text
    with django_assert_num_queries(8):
        client.get("/search/", {"section": "sport"})


def test_without_words_older_ones_follow(client, store):
    stored = [each.headline for each in store(25)]
    first = client.get("/search/?section=city")
    second = client.get("/search/" + links(first.text)["Older results"])
    seen = [each.card.headline for page in (first, second) for each in page.context["results"].found]
    assert seen == stored[::-1]


@pytest.mark.parametrize("beyond", ["page=99", "page=3", "page=100000"])
def test_past_the_last_page_there_is_the_last_one(client, store, beyond):
    store(25)
    last = client.get("/search/?q=article&page=2")
    assert len(last.context["results"].found) == 5
    assert client.get(f"/search/?q=article&{beyond}").text == last.text


def test_past_the_last_by_date_there_is_the_first_page(client, store):
    store(25)
    first = client.get("/search/?q=article&sort=date")
    assert client.get("/search/?q=article&sort=date&before=0").text == first.text


def test_no_field_takes_more_than_is_looked_for(client):
    page = client.get("/search/").text
    assert page.count(f'maxlength="{queries.QUERY_LENGTH}"') == page.count('name="q"') == 2
    assert page.count(f'maxlength="{queries.NAME_LENGTH}"') == 1


def test_unknown_author_is_said_to_be_unknown(client, file):
    file("Trams return")
    page = client.get("/search/", {"q": "tram", "author": "<b>Nobody</b>"}).text
    assert "Nobody called “&lt;b&gt;Nobody&lt;/b&gt;” has signed an article here." in page
    assert 'href="?q=tram">Search in all sections' in page


def links(page):
    return {
        strip_tags(text).strip(): unescape(to)
        for to, text in re.findall(r'href="(\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    }


def test_pages_by_date_go_on_to_the_last_article_and_none_comes_twice(client, store):
    stored = [each.headline for each in store(47)]
    seen, address = [], "?q=article&sort=date"
    while address:
        response = client.get(f"/search/{address}")
        seen += [each.card.headline for each in response.context["results"].found]
        address = links(response.text).get("Older results")
    assert seen == stored[::-1]


def test_pages_by_fit_end_with_a_sentence(client, store, monkeypatch):
    monkeypatch.setattr(queries, "MOST_RANKED", 40)
    monkeypatch.setattr(queries, "PAGES", 2)
    stored = [each.headline for each in store(45)]
    first = client.get("/search/?q=article")
    second = client.get("/search/" + links(first.text)["Further results"])
    seen = [each.card.headline for page in (first, second) for each in page.context["results"].found]
    assert sorted(seen) == sorted(stored[-40:])  # the newest are put in order
    assert "no further ones are put in order" in second.text
    assert set(links(second.text)) >= {"Previous results", "See all of them by date"}
    assert "Further results" not in links(second.text)
    beyond = client.get("/search/?q=article&page=99")
    assert beyond.text == second.text


def test_conditions_stay_in_every_link(client, store):
    store(25)
    page = client.get("/search/?q=article&section=city&within=year&year=2026&author=ada-thorne&page=2").text
    told = "section=city&author=ada-thorne&within=year&year=2026"
    assert links(page)["Previous results"] == f"?q=article&{told}"
    assert links(page)["Newest first"] == f"?q=article&sort=date&{told}"
    assert '<option value="city" selected>' in page
    assert 'value="ada-thorne"' in page


def test_answer_depends_on_its_conditions_and_is_kept_for_a_minute(client, file):
    answer = client.get("/search/?q=tram", headers={"Surrogate-Capability": 'coranto="ESI/1.0"'}, REMOTE_ADDR="")
    told = 'key-order, params, except=("author" "before" "page" "q" "section" "sort" "within" "year")'
    assert answer["No-Vary-Search"] == told
    assert "max-age=60" in answer["Surrogate-Control"]
    assert "search" in answer["Surrogate-Key"].split()
    assert '<meta name="robots" content="noindex">' in answer.text


# What it looks like -------------------------------------------------------------------------------------


def test_words_are_marked_and_all_is_escaped(client, file):
    file("First", "Long before. " * 30 + "Then a tram &lt;script&gt; came.")
    file("Second", standfirst="Trams & <b>cars</b>")
    page = client.get("/search/?q=tram").text
    assert "Then a <mark>tram</mark> &lt;script&gt; came." in page
    assert "<mark>Trams</mark> &amp; &lt;b&gt;cars&lt;/b&gt;</p>" in page


def test_nothing_found_leads_on_to_sections_and_the_newest(client, file):
    file("Trams return")
    page = client.get("/search/?q=submarine").text
    assert "No article has “submarine” in it." in page
    assert "Fewer or shorter words find more." in page
    assert "Trams return" in page
    assert '<a href="/city/">City</a>' in page


@pytest.mark.parametrize("query", ["", "  ", "?!", "\x00", "\u202e", "🚋"])
def test_search_without_a_word_asks_for_one(client, file, query):
    file("Trams return")
    response = client.get("/search/", {"q": query})
    assert response.context["results"].found == ()
    assert ("Please search for a word or a name." in response.text) == (query in {"?!", "🚋"})


def test_more_words_than_are_looked_for_are_told_of(client, file):
    file("Trams return", "one two three four five six seven eight nine ten")
    few = client.get("/search/", {"q": "trams one two three four five six seven eight nine ten return"})
    assert [each.card.headline for each in few.context["results"].found] == ["Trams return"]
    assert "only its first words" not in few.text
    assert "only its first words" in client.get("/search/", {"q": " ".join(f"w{n}" for n in range(13))}).text


# Another word -------------------------------------------------------------------------------------------


def suggested(client, query, **parameters):
    return client.get("/search/", {"q": query, **parameters}).context["results"].suggestion


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("tarmway", "tramway"),
        ("tramwy", "tramway"),
        ("harbor café", "harbour café"),
        ("harbuor", "harbour"),
        ("трамвый", "трамвай"),
        ("الترم", "الترام"),
        ("Ben Odden", "ben oden"),
    ],
)
def test_misspelt_word_is_answered_with_the_one_that_was_meant(client, file, noon, slip, meant):
    ben = Author.objects.create(name="Ben Oden", slug="ben-oden")
    file("The tramway at the harbour", "A café. Трамвай. الترام", authors=[ben])
    assert operations.count_search_words(now=noon) == 1
    assert suggested(client, slip) == meant
    page = client.get("/search/", {"q": slip}).text
    assert "Did you mean:" in page
    following = client.get("/search/" + links(page)[meant])
    assert len(following.context["results"].found) == 1


def test_nothing_is_suggested_that_is_not_found(client, file, noon):
    article = file("A secret word: zyzzyva")
    operations.count_search_words(now=noon)
    assert suggested(client, "zyzzyvas") == ""  # found by its stem
    assert suggested(client, "zyzzvya") == "zyzzyva"
    article.unpublish()
    assert suggested(client, "zyzzvya") == ""


def test_rare_slip_in_the_archive_is_told_of_the_usual_word(client, store, file, noon):
    store(25, standfirst="The harbour.")
    file("A harbuor")
    operations.count_search_words(now=noon)
    assert suggested(client, "harbuor") == "harbour"
    assert suggested(client, "harbour") == ""


def test_each_article_is_counted_once(file, noon, write):
    file("Trams trams", "Trams.")
    article = write("Trams return")
    operations.count_search_words(now=noon)
    article.get_latest_revision_as_object().save_revision().publish()
    assert operations.count_search_words(now=noon) == 0
    assert SearchWord.objects.get(word="trams").articles == 2


def test_words_of_one_article_alone_are_suggested_in_a_small_archive(client, file, noon, monkeypatch):
    monkeypatch.setattr(operations.suggesting, "LARGE", 3)
    file("First harbour with words enough")
    operations.count_search_words(now=noon)
    file("Second ferry", days=1)
    operations.count_search_words(now=noon)
    assert suggested(client, "harbuor") == "harbour"
    assert suggested(client, "fery") == ""
    file("Third ferry", days=2)
    operations.count_search_words(now=noon)
    assert suggested(client, "fery") == "ferry"


# How it is kept -----------------------------------------------------------------------------------------


def test_index_is_made_anew_from_nothing(find, file, noon):
    file("Trams return")
    SearchEntry.objects.update(manner="0-older")
    assert operations.refresh_search_index(now=noon) == 1
    assert find("trams") == ["Trams return"]


def test_changes_purge_what_was_found(file, purged, noon, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = file("Trams return")
    assert "search" in purged
    purged.clear()
    SearchEntry.objects.update(manner="")
    with django_capture_on_commit_callbacks(execute=True):
        operations.refresh_search_index(now=noon)
    assert "search" in purged
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    assert "search" in purged
