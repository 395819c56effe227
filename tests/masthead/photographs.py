"""Photographs that tell more than they should, in every format."""

from __future__ import annotations

import io
import struct

from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

WHERE = b"48.8584N"
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 exif:GPSLatitude="48.8584N" photoshop:Credit="Lantern Pictures">
<dc:creator><rdf:Seq><rdf:li>Ada Itō</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="de">Alle Rechte</rdf:li><rdf:li xml:lang="x-default">© Ada Itō</rdf:li></rdf:Alt></dc:rights>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Boats before  the storm.</rdf:li></rdf:Alt></dc:description>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">The harbour</rdf:li></rdf:Alt></dc:title>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Three boats</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
MAGIC_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
KINDS = {each: each.lower() for each in FORMATS}


def exif(*, artist="Ada Ito", orientation=None, description="OLYMPUS DIGITAL CAMERA", **more):
    block = Image.Exif()
    block[ExifTags.Base.Make] = "Olympus"
    block[ExifTags.Base.ImageDescription] = description
    if artist:
        block[ExifTags.Base.Artist] = artist
    if orientation:
        block[ExifTags.Base.Orientation] = orientation
    for name, value in more.items():
        block[ExifTags.Base[name]] = value
    place = block.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSMapDatum] = WHERE.decode()
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:12 10:11:12"
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = b"serial number 12345"
    return block


def noise(size=(64, 48), spread=60):
    return Image.effect_noise(size, spread).convert("RGB")


def encoded(kind, image=None, **options):
    out = io.BytesIO()
    (image or noise()).save(out, kind, **options)
    return out.getvalue()


def telling(kind, image=None, *, orientation=None, xmp=XMP, **options):
    """A picture with EXIF, XMP, a colour profile, and whatever else its format has room for."""
    image = image or noise()
    block = exif(orientation=orientation)
    if kind == "GIF":
        return telling_gif(image, xmp, **options)
    options |= {"icc_profile": PROFILE, "exif": block}
    if kind == "PNG":
        words = PngInfo()
        words.add_itxt("XML:com.adobe.xmp", xmp, zip=True)
        words.add_text("Comment", WHERE.decode(), zip=True)
        return encoded(kind, image, pnginfo=words, **options) + WHERE
    if kind == "JPEG":
        return with_iptc(encoded(kind, image, xmp=xmp.encode(), comment=WHERE, **options)) + WHERE
    return encoded(kind, image, xmp=xmp.encode(), **options)


def telling_gif(image, xmp, **options):
    data = encoded("GIF", image, comment=WHERE, **options)
    block = b"!\xff\x0bXMP DataXMP" + xmp.encode() + MAGIC_TRAILER
    return data[:-1] + block + b";"


def iptc(**fields):
    numbers = {"title": 5, "creator": 80, "credit": 110, "rights": 116, "caption": 120, "city": 90}
    return b"".join(
        struct.pack(">BBBH", 0x1C, 2, numbers[name], len(value)) + value
        for name, text in fields.items()
        for value in [text.encode()]
    )


def with_iptc(jpeg, record=None):
    """A JPEG with an IPTC record in front of all else it has."""
    record = record or iptc(city=WHERE.decode())
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    payload = b"Photoshop 3.0\0" + resource
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def moving(kind, **options):
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue", "green")]
    return encoded(kind, frames[0], save_all=True, append_images=frames[1:], duration=100, **options)
