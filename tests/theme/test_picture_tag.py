"""`{% picture %}`: the markup of a picture in all its sizes."""

import io
import logging
from datetime import UTC, datetime

import pytest
from django.db.models import prefetch_related_objects
from django.template import Context, Template
from PIL import ExifTags, Image

from coranto.masthead import operations
from coranto.masthead.models import Picture
from coranto.masthead.operations import PictureDraft
from coranto.newsroom.queries import Figure

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def store(width=700, height=350, **options):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (90, 10, 10)).save(out, "JPEG", **options)
    drafts = [PictureDraft(source=out.getvalue(), file_name="a.jpg")]
    return operations.store_pictures(drafts=drafts, by=None, now=NOW)[0]


def prefetched(picture):
    picture = Picture.objects.get(pk=picture.pk)
    prefetch_related_objects([picture], "renditions")
    return picture


def figure_of(picture, alt="Boats in the harbour"):
    return Figure(picture=picture, caption="", credit="", alt=alt)


def render(figure, arguments=""):
    template = Template("{% load pictures %}{% picture figure " + arguments + " %}")
    return template.render(Context({"figure": figure}))


def urls(picture):
    return {each.filter_spec: each.url for each in picture.renditions.all()}


def test_every_size_is_offered_and_none_is_asked_of_the_database(db, django_assert_num_queries):
    operations.make_renditions(picture=store(), now=NOW)
    picture = prefetched(Picture.objects.get())
    url = urls(picture)

    with django_assert_num_queries(0):
        html = render(figure_of(picture), 'sizes="(min-width: 60rem) 40rem, 100vw" css="lead"')

    assert html == (
        "<picture>"
        f'<source type="image/avif" srcset="{url["width-320|format-avif"]} 320w, '
        f'{url["width-640|format-avif"]} 640w" sizes="(min-width: 60rem) 40rem, 100vw">'
        f'<source type="image/webp" srcset="{url["width-320|format-webp"]} 320w, '
        f'{url["width-640|format-webp"]} 640w" sizes="(min-width: 60rem) 40rem, 100vw">'
        f'<img src="{url["width-640|format-webp"]}" width="640" height="320" alt="Boats in the harbour" '
        'class="lead" loading="lazy" decoding="async">'
        "</picture>"
    )


def test_the_original_is_shown_until_there_are_sizes(db, django_assert_num_queries):
    picture = prefetched(store())

    with django_assert_num_queries(0):
        html = render(figure_of(picture))

    assert html == (
        f'<picture><img src="{picture.file.url}" width="700" height="350" alt="Boats in the harbour" '
        'loading="lazy" decoding="async"></picture>'
    )


def test_renditions_wagtail_made_for_its_own_use_are_not_offered(db):
    picture = store()
    picture.renditions.create(filter_spec="max-165x165", file="images/thumb.jpg", width=165, height=82)
    picture.renditions.create(filter_spec="width-400|format-jpeg", file="images/b.jpg", width=400, height=200)

    assert "<source" not in render(figure_of(prefetched(picture)))


def test_the_picture_a_page_opens_with_is_fetched_first(db):
    html = render(figure_of(prefetched(store())), "priority=True")

    assert html.endswith('loading="eager" decoding="async" fetchpriority="high"></picture>')


@pytest.mark.parametrize("alt", ["", None])
def test_a_picture_that_says_nothing_has_an_empty_alt(db, alt):
    assert ' alt=""' in render(figure_of(prefetched(store()), alt))


def test_words_of_editors_are_escaped(db):
    html = render(figure_of(prefetched(store()), '"><script>alert(1)</script>'))

    assert ' alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html


def test_a_picture_turned_by_its_exif_has_the_proportions_it_is_shown_in(db):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    operations.make_renditions(picture=store(700, 350, exif=exif), now=NOW)

    html = render(figure_of(prefetched(Picture.objects.get())))

    assert ' width="320" height="640"' in html


@pytest.mark.parametrize(
    ("x", "y", "classes"),
    [(0, 0, "fx-0 fy-0"), (350, 175, "fx-5 fy-5"), (700, 350, "fx-10 fy-10"), (240, 20, "fx-3 fy-1")],
)
def test_the_focal_point_is_said_in_two_classes(db, x, y, classes):
    picture = store()
    picture.focal_point_x, picture.focal_point_y = x, y
    picture.focal_point_width = picture.focal_point_height = 10
    picture.save()

    assert f'class="wide lead {classes}"' in render(figure_of(prefetched(picture)), 'css="wide  lead"')


def test_without_a_figure_there_is_nothing(db):
    assert render(None) == ""


def test_a_picture_alone_will_do(db):
    picture = store()
    Picture.objects.filter(pk=picture.pk).update(description="Our logo")

    assert ' alt="Our logo"' in render(prefetched(picture))


def test_renditions_nobody_prefetched_are_missed_loudly_and_not_queried(db, caplog, django_assert_num_queries):
    operations.make_renditions(picture=store(), now=NOW)
    picture = Picture.objects.get()

    with django_assert_num_queries(0), caplog.at_level(logging.WARNING):
        html = render(figure_of(picture))

    assert picture.file.url in html
    assert "were not prefetched" in caplog.text


def test_the_markup_is_as_the_standard_says(db, conforms):
    operations.make_renditions(picture=store(), now=NOW)
    picture = prefetched(Picture.objects.get())
    bare = prefetched(store())
    pictures = [
        render(figure_of(picture), 'sizes="(min-width: 60rem) 40rem, 100vw" priority=True css="lead"'),
        render(figure_of(picture, "")),
        render(figure_of(bare)),
    ]

    assert conforms(f"<!doctype html><html lang=en><title>Pictures</title><body>{''.join(pictures)}</body></html>")
