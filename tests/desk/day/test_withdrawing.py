from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import PageLogEntry

from coranto.desk.operations.withdrawing import withdraw_now
from coranto.kit import clock
from coranto.newsroom.models import Article, ArticleVersion, Listing, Topic
from coranto.newsroom.operations import publish_due

pytestmark = pytest.mark.django_db

HEADLINE = "Mayor sold the bridge"


def present(article):
    return Article.objects.get(pk=article.pk)


def withdraw(client, article, **posted):
    return client.post(f"/admin/pages/{article.pk}/unpublish/", posted)


def everywhere(article):
    """Every address of the site at which readers meet an article."""
    return ["/", "/latest/", "/city/", "/authors/ada-thorne/", "/topics/bridges/", "/search/?q=bridge"]


@pytest.fixture
def bridge(write, culture, run_tasks):
    """An article that stands in every list, with an alias, and another article that shows it."""
    article = write(HEADLINE, slug="bridge", publish=True)
    article.topics.add(Topic.objects.create(name="Bridges", slug="bridges"))
    article.save_revision().publish()
    other = write("Bridges, a history", slug="history")
    other.body = [
        {"type": "related", "value": {"article": article.pk, "label": ""}},
        {"type": "paragraph", "value": f'<p>See <a linktype="page" id="{article.pk}">the sale</a></p>'},
    ]
    other.save_revision().publish()
    run_tasks()  # the search index is written behind the editor's back
    return present(article)


def test_withdrawn_article_is_nowhere_on_the_very_next_request(client, sign_in, cora, noa, bridge):
    for address in everywhere(bridge):
        assert HEADLINE in client.get(address).content.decode(), address
    assert HEADLINE in client.get("/city/history/").content.decode()
    assert client.get("/city/bridge/").status_code == 200

    response = withdraw(sign_in(noa), bridge)

    assert response.status_code == 302
    for address in everywhere(bridge):
        assert HEADLINE not in client.get(address).content.decode(), address
    other = client.get("/city/history/").content.decode()
    assert HEADLINE not in other
    assert "/city/bridge/" not in other
    gone = client.get("/city/bridge/")
    assert gone.status_code == 404
    assert HEADLINE not in gone.content.decode()


def test_withdrawn_article_leaves_no_structured_data_behind(client, cora, bridge):
    def about(address):
        page = client.get(address).content.decode()
        blocks = page.split('<script type="application/ld+json"')[1:]
        return [json.loads(each.partition(">")[2].partition("</script>")[0]) for each in blocks]

    assert HEADLINE in json.dumps(about("/city/bridge/"))
    withdraw_now(article=bridge, by=cora, reason="", now=clock.now())
    for address in [*everywhere(bridge), "/city/bridge/", "/city/history/"]:
        assert HEADLINE not in json.dumps(about(address))


def test_other_places_of_the_article_go_with_it(client, cora, bridge, culture):
    alias = bridge.create_alias(parent=culture, update_slug="sold")
    assert client.get("/culture/sold/").status_code == 200
    done = withdraw_now(article=bridge, by=cora, reason="", now=clock.now())
    assert done.places == 1
    assert client.get("/culture/sold/").status_code == 404
    assert not Listing.objects.filter(article_id__in=[bridge.pk, alias.pk]).exists()


def test_withdrawing_another_place_withdraws_the_article(client, sign_in, cora, bridge, culture):
    alias = bridge.create_alias(parent=culture, update_slug="sold")
    withdraw(sign_in(cora), alias)
    assert client.get("/city/bridge/").status_code == 404
    assert client.get("/culture/sold/").status_code == 404


def test_staff_still_see_the_draft_and_no_word_is_lost(sign_in, cora, bridge):
    client = sign_in(cora)
    withdraw(client, bridge)
    assert HEADLINE in client.get(f"/admin/pages/{bridge.pk}/view_draft/").content.decode()
    assert ArticleVersion.objects.filter(article_id=bridge.pk).count() == 2


def test_clock_does_not_bring_it_back(cora, bridge, time_machine):
    bridge.go_live_at = clock.now() + timedelta(hours=1)
    bridge.save_revision().publish()
    done = withdraw_now(article=present(bridge), by=cora, reason="", now=clock.now())
    assert done.dates_cancelled == 1
    time_machine.move_to(clock.now() + timedelta(hours=2), tick=False)
    assert publish_due(now=clock.now()) == 0
    assert not present(bridge).live


def test_clock_that_has_already_seen_the_date_leaves_a_withdrawn_article_alone(
    cora, schedule, time_machine, monkeypatch
):
    from coranto.newsroom.operations import publishing

    article = schedule(clock.now() + timedelta(hours=1))
    time_machine.move_to(clock.now() + timedelta(hours=2), tick=False)
    attempt = publishing._attempt

    def withdraw_first(what, act, **kwargs):
        withdraw_now(article=present(article), by=cora, reason="", now=clock.now())
        return attempt(what, act, **kwargs)

    monkeypatch.setattr(publishing, "_attempt", withdraw_first)
    assert publish_due(now=clock.now()) == 0
    assert not present(article).live


def test_what_is_only_scheduled_does_not_come_out(sign_in, noa, schedule, time_machine):
    article = schedule(clock.now() + timedelta(hours=1))
    response = sign_in(noa).post(f"/admin/pages/{article.pk}/unpublish/", follow=True)
    assert "will not come out. Its date of publication is cancelled." in response.content.decode()
    time_machine.move_to(clock.now() + timedelta(hours=2), tick=False)
    assert publish_due(now=clock.now()) == 0


def test_review_under_way_ends(cora, rui, bridge, hand_in):
    hand_in(bridge, rui)
    done = withdraw_now(article=bridge, by=cora, reason="", now=clock.now())
    assert done.review_ended
    assert present(bridge).current_workflow_state is None


def test_reason_stands_in_the_history_with_who_and_when(sign_in, noa, bridge, noon):
    client = sign_in(noa)
    withdraw(client, bridge, reason="  Threatened with a suit <b>today</b>. ")
    entry = PageLogEntry.objects.get(page_id=bridge.pk, action="desk.withdrawn")
    assert (entry.user, entry.timestamp, entry.data["reason"]) == (noa, noon, "Threatened with a suit <b>today</b>.")
    history = client.get(f"/admin/pages/{bridge.pk}/history/").content.decode()
    assert "Withdrawn at once: Threatened with a suit &lt;b&gt;today&lt;/b&gt;." in history


def test_it_asks_first_and_says_what_it_did(client, sign_in, noa, bridge):
    editor = sign_in(noa)
    asked = editor.get(f"/admin/pages/{bridge.pk}/unpublish/")
    assert "Withdraw at once" in asked.content.decode()
    assert client.get("/city/bridge/").status_code == 200
    told = editor.post(f"/admin/pages/{bridge.pk}/unpublish/", {"reason": ""}, follow=True).content.decode()
    assert "is withdrawn: no reader finds it any more." in told


def test_reason_too_long_is_said_and_nothing_happens(client, sign_in, noa, bridge):
    response = withdraw(sign_in(noa), bridge, reason="x" * 501)
    assert "at most 500 characters" in response.content.decode()
    assert client.get("/city/bridge/").status_code == 200


def test_withdrawing_twice_is_no_fault(sign_in, noa, bridge):
    client = sign_in(noa)
    withdraw(client, bridge)
    told = client.post(f"/admin/pages/{bridge.pk}/unpublish/", follow=True).content.decode()
    assert "was neither out nor about to be" in told


def test_colleagues_lock_does_not_stop_it(client, sign_in, cora, noa, bridge):
    bridge.locked, bridge.locked_by, bridge.locked_at = True, cora, clock.now()
    bridge.save()
    editor = sign_in(noa)
    offered = editor.get(f"/admin/pages/{bridge.pk}/edit/").content.decode()
    assert f"/admin/pages/{bridge.pk}/unpublish/" in offered
    assert withdraw(editor, bridge).status_code == 302
    assert client.get("/city/bridge/").status_code == 404


def test_editor_and_explorer_and_desk_offer_it(sign_in, noa, city, bridge):
    client = sign_in(noa)
    for address in (f"/admin/pages/{bridge.pk}/edit/", f"/admin/pages/{city.pk}/", "/admin/desk/"):
        assert f"/admin/pages/{bridge.pk}/unpublish/" in client.get(address).content.decode(), address


def test_draft_saved_by_a_colleague_in_the_middle_of_a_sentence_does_not_bring_it_back(client, cora, bridge):
    in_the_editor = present(bridge).get_latest_revision_as_object()
    withdraw_now(article=bridge, by=cora, reason="", now=clock.now())
    in_the_editor.title = "Mayor sold the bridge twice"
    in_the_editor.save_revision()
    assert not present(bridge).live
    assert client.get("/city/bridge/").status_code == 404


def test_article_loaded_before_it_was_withdrawn_is_read_again(client, cora, bridge):
    stale = present(bridge)
    stale.live = False
    done = withdraw_now(article=stale, by=cora, reason="", now=clock.now())
    assert done.was_public
    assert client.get("/city/bridge/").status_code == 404


def test_failure_halfway_leaves_everything_as_it_was(client, cora, bridge, monkeypatch):
    from coranto.desk.operations import withdrawing

    def fail(**_kwargs):
        raise RuntimeError

    monkeypatch.setattr(withdrawing, "log", fail)
    with pytest.raises(RuntimeError):
        withdraw_now(article=bridge, by=cora, reason="", now=clock.now())
    assert HEADLINE in client.get("/").content.decode()
    assert client.get("/city/bridge/").status_code == 200


def test_only_who_may_publish_there_may_withdraw(client, sign_in, rui, noa, bridge, write, culture):
    withdraw(sign_in(rui), bridge)
    assert client.get("/city/bridge/").status_code == 200
    film = write("A film", section=culture, slug="film", publish=True)
    assert withdraw(sign_in(noa), film).status_code == 404
    assert client.get("/culture/film/").status_code == 200
    with pytest.raises(PermissionDenied):
        withdraw_now(article=bridge, by=rui, reason="", now=clock.now())


def test_nobody_withdraws_by_looking(client, bridge):
    assert client.post(f"/admin/pages/{bridge.pk}/unpublish/").status_code == 302
    assert client.get("/city/bridge/").status_code == 200
