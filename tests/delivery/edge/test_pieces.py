from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.delivery.edge import pieces

TEXTS = st.lists(st.binary(max_size=300) | st.text("<p>åß ", max_size=300).map(str.encode), max_size=8)


@given(TEXTS)
def test_joined_pieces_are_the_gzip_of_the_joined_text(texts):
    joined = pieces.join([pieces.cut(text) for text in texts])
    assert gzip.decompress(joined) == b"".join(texts)  # which checks the CRC and the length too
    assert pieces.text_of_member(joined) == b"".join(texts)


@given(TEXTS)
def test_pieces_give_their_texts_back(texts):
    assert pieces.text_of([pieces.cut(text) for text in texts]) == b"".join(texts)


@given(st.binary(), st.binary())
def test_combined_checksum_is_that_of_the_whole(first, second):
    assert pieces.combine(zlib.crc32(first), pieces.cut(second)) == zlib.crc32(first + second)


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 200_000])
def test_long_pieces_are_joined_as_well(length):
    texts = [b"a" * length, b"b" * length]
    assert gzip.decompress(pieces.join([pieces.cut(text) for text in texts])) == b"".join(texts)


def test_joining_needs_no_compression(monkeypatch):
    cut = [pieces.cut(b"one "), pieces.cut(b"two")]
    monkeypatch.delattr(zlib, "compressobj")
    assert gzip.decompress(pieces.join(cut)) == b"one two"


def test_pieces_can_be_joined_in_any_order_and_more_than_once():
    head, item = pieces.cut(b"<ul>"), pieces.cut(b"<li>")
    assert gzip.decompress(pieces.join([item, head, item, item])) == b"<li><ul><li><li>"


def test_digest_stands_for_the_texts():
    one, two = pieces.cut(b"one"), pieces.cut(b"two")
    assert pieces.digest_of([one, two]) == pieces.digest_of([pieces.cut(b"one"), pieces.cut(b"two")])
    assert len({pieces.digest_of(each) for each in ([], [one], [two], [one, two], [two, one], [one, one])}) == 6


def test_what_is_no_text_is_kept_as_it_is():
    piece = pieces.cut(bytes(1_000), level=pieces.AS_IT_IS)
    assert len(piece.deflated) > 1_000
    assert pieces.text_of([piece]) == bytes(1_000)
