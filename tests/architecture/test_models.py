"""What holds for every table."""

import pytest
from django.apps import apps
from wagtail.models import Orderable

FOUNDATIONS = ("django.", "django_tasks", "modelcluster", "taggit", "wagtail")


@pytest.fixture(scope="module")
def models():
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("coranto.")
        for model in config.get_models(include_auto_created=True)
    ]


def test_foreign_keys_point_down(models, storeys):
    """To the same room, a lower one, or what all of them stand on."""
    upward = []
    for model in models:
        own = _room(model)
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created and not field.concrete:
                continue  # the other end of somebody's key
            target = getattr(field, "related_model", None)
            if not field.is_relation or not isinstance(target, type):
                continue
            room = _room(target)
            allowed = room == own or storeys[room] > storeys[own] if room else _is_foundation(target)
            if not allowed:
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")

    assert upward == []


def _room(model):
    """The room a model of ours belongs to; empty for one of somebody else's."""
    name = apps.get_app_config(model._meta.app_label).name
    return name.removeprefix("coranto.") if name.startswith("coranto.") else ""


def _is_foundation(model):
    return apps.get_app_config(model._meta.app_label).name.startswith(FOUNDATIONS)


def test_no_model_has_an_order_of_its_own(models):
    """A query says in which order it reads: a hidden one costs all of them. Wagtail's Orderable needs one."""
    assert [
        model._meta.label
        for model in models
        if model._meta.original_attrs.get("ordering") and not issubclass(model, Orderable)
    ] == []
