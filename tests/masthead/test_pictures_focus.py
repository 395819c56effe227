"""The focal point of a picture reaches the crops readers see."""

from pathlib import Path

import pytest

import coranto.theme

STYLE = (Path(coranto.theme.__file__).parent / "static" / "theme" / "base.css").read_text()


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("tenth", range(11))
def test_every_class_the_picture_tag_writes_moves_the_crop(axis, tenth):
    """A new focal point is another class: no size is made anew for it."""
    assert f".f{axis}-{tenth} {{ --f{axis}: {tenth * 10}%; }}" in STYLE
    assert "object-position: var(--fx, 50%) var(--fy, 50%);" in STYLE
