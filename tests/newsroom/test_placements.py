from __future__ import annotations

import pytest
from wagtail.blocks import StructBlockValidationError

from coranto.newsroom import placements
from coranto.newsroom.blocks import PlacementBlock

pytestmark = pytest.mark.django_db


def test_placement_of_the_newest_shows_them_inside_an_article(client, write, store, make_section):
    culture = make_section("Culture")
    store(1, section=culture)[0]
    write(slug="main", body=[{"type": "placement", "value": {"kind": "newest", "options": "culture"}}])
    page = client.get("/city/main/").text
    assert "/culture/article-" in page


def test_placement_nobody_fills_any_more_shows_nothing(client, write):
    write(slug="main", body=[{"type": "placement", "value": {"kind": "gone", "options": ""}}])
    assert client.get("/city/main/").status_code == 200


def test_editor_is_told_of_options_that_cannot_be(city):
    block = PlacementBlock()
    block.clean(block.to_python({"kind": "newest", "options": "city"}))
    with pytest.raises(StructBlockValidationError) as error:
        block.clean(block.to_python({"kind": "newest", "options": "nowhere"}))
    assert list(error.value.block_errors) == ["options"]


def test_kind_is_claimed_by_one_room_only():
    again = placements.Placement(kind="newest", label="x", render=lambda _request, _options: "")
    with pytest.raises(ValueError, match="newest"):
        placements.register(again)
