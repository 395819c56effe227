"""Two savings of the same new article at the same moment, as by autosave and by hand."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.django_db


def test_address_taken_while_the_form_was_judged_is_an_error_in_the_form(client, cast, article_form, monkeypatch):
    asked = []

    def free_when_first_asked(page):
        asked.append(page)
        if len(asked) > 1:
            raise ValidationError({"slug": ["This address is already in use."]})

    monkeypatch.setattr("wagtail.models.Page._check_slug_is_unique", free_when_first_asked)
    client.force_login(cast.noa)
    answer = client.post(f"/admin/pages/add/newsroom/article/{cast.city.pk}/", article_form(text="Kept words."))
    assert answer.status_code == 200
    assert "This address is already in use." in answer.text
    assert "Kept words." in answer.text
