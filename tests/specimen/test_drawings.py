import io

import pytest
from PIL import Image

from coranto.specimen.drawings import LIGHTS, SCENES, draw

LIGHT_OF = {scene: LIGHTS[place % len(LIGHTS)] for place, scene in enumerate(SCENES)}


def opened(picture):
    return Image.open(io.BytesIO(picture))


PROMISED = """
harbour ferry lighthouse bridge skyline tower-block tram railway market library school courthouse council-chamber
ballot hospital factory wind-turbines fields greenhouse orchard river forest mountains sea stage cinema football
kitchen printing-press map
"""


def test_the_promised_scenes_and_lights_are_there():
    assert sorted(SCENES) == sorted(PROMISED.split())
    assert LIGHTS == ("dawn", "day", "dusk", "night", "rain", "snow")


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_a_jpeg_of_the_promised_size(scene):
    picture = draw(f"{scene}/{LIGHT_OF[scene]}")

    assert (opened(picture).format, opened(picture).size) == ("JPEG", (1600, 1000))
    assert 70_000 <= len(picture) <= 220_000


@pytest.mark.parametrize("number", [1, 8])
def test_a_portrait_is_a_square_jpeg(number):
    picture = opened(draw(f"portrait/{number}"))

    assert (picture.format, picture.size) == ("JPEG", (800, 800))


def test_the_logo_is_a_lantern_on_nothing():
    logo = opened(draw("logo"))

    assert (logo.format, logo.size, logo.mode) == ("PNG", (512, 512), "RGBA")
    assert logo.getpixel((2, 2))[3] == 0


@pytest.mark.parametrize("name", ["harbour/rain", "portrait/3", "logo"])
def test_one_name_gives_the_same_bytes_each_time(name):
    assert draw(name) == draw(name)


@pytest.mark.parametrize(
    "name", ["", "harbour", "harbour/noon", "volcano/day", "portrait/9", "portrait/day", "logo/day"]
)
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"No drawing is called .*portrait/1.*harbour.*dawn, day, dusk"):
        draw(name)
