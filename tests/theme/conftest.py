"""A small newspaper for whoever asks for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# `paper` is also what the browser tests print.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def paper(db):
    from paper import print_paper

    return print_paper()
