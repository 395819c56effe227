"""The one way by which a picture's file comes in: judged, freed of what it must not tell, measured."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from threading import Lock
from typing import IO, TYPE_CHECKING

from coranto.masthead.rules import metadata
from coranto.masthead.rules.pictures import (
    EXTENSIONS,
    Judged,
    PictureProblem,
    decode,
    judge,
    open_picture,
    upright_size,
)

if TYPE_CHECKING:
    from coranto.masthead.rules.metadata import Words

# One at a time in each process: `pictures.MOST_MEMORY` is meant for all of its threads.
one_at_a_time = Lock()
_AN_EIGHTH = 8
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that was taken in; `size` and `sha1` are those of the file as it is stored."""

    format: str
    width: int
    height: int
    size: int
    sha1: str
    words: Words

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]


def take_in(file: IO[bytes], out: IO[bytes]) -> Taken:
    """Write to `out` what is stored of the file. Raises `PictureProblem`; what was written is nothing then."""
    judged = _judge(file)
    try:
        words = metadata.take_out(file, out, kind=judged.format)
    except metadata.MalformedError as error:
        raise PictureProblem("damaged") from error
    finally:
        file.seek(0)
    kind, judged = judged.format, _judge(out)
    if judged.format != kind:
        raise PictureProblem("damaged")
    size = out.seek(0, 2)
    return Taken(kind, judged.width, judged.height, size, _sha1(out), words)


def _judge(file: IO[bytes]) -> Judged:
    with one_at_a_time:
        return judge(file)


def measure(file: IO[bytes]) -> tuple[int, int]:
    """Width and height as the picture is shown. Raises `PictureProblem`."""
    with one_at_a_time:
        return upright_size(open_picture(file))


def _sha1(file: IO[bytes]) -> str:
    """As Wagtail tells files apart."""
    file.seek(0)
    digest = hashlib.sha1(usedforsecurity=False)
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def try_out(file: IO[bytes]) -> None:
    """Read the picture's pixels once; raises `PictureProblem` where they cannot be read."""
    with one_at_a_time:
        _read_small(file)
    file.seek(0)


def _read_small(file: IO[bytes]) -> None:
    """A function of its own, so that the memory is free before another thread has its turn."""
    image = open_picture(file)
    image.draft(None, (max(1, image.width // _AN_EIGHTH), max(1, image.height // _AN_EIGHTH)))
    decode(image)
