"""Samples of pictures for tests: hostile files to refuse, and files with data that must not be kept.

Functions make them when a test needs them. All data that must not be kept contains the word CANARY.
"""

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image, ImageCms

from tests.hostile import archive
from tests.papers import make_pdf

CANARY = b"CANARY"
GPS = 0x8825
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 300\n(%pipe%touch CANARY) (w) file\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>'


@cache
def photo(mode: str = "RGB", width: int = 400, height: int = 300) -> Image.Image:
    """A picture that differs in all its corners: redder to the right, greener to the bottom."""
    down = Image.linear_gradient("L")
    bands = (down.transpose(Image.Transpose.ROTATE_90), down, Image.new("L", down.size, 90))
    return Image.merge("RGB", bands).resize((width, height)).convert(mode)


def written(image: Image.Image | None = None, form: str = "JPEG", **options) -> bytes:
    made = BytesIO()
    (image or photo()).save(made, form, **options)
    return made.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone tells of a photo: how it was held, where, and when by whom."""
    told = Image.Exif()
    told[0x0112], told[0x010F], told[0x9286] = orientation, "CANARY", b"ASCII\0\0\0CANARY"
    told.get_ifd(GPS).update({1: "N", 2: (53.0, 48.0, 0.0), 3: "W", 4: (1.0, 33.0, 0.0), 29: "CANARY"})
    return told


def profile() -> bytes:
    """A colour profile with a word behind it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + CANARY


def red_for_green() -> bytes:
    """A colour profile by which what is stored as red is green."""
    return profile().replace(b"rXYZ", b"TURN").replace(b"gXYZ", b"rXYZ").replace(b"TURN", b"gXYZ")


def xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>CANARY</rdf:RDF></x:xmpmeta>'


# JPEG: segments behind the two bytes with which it starts ---------------------------------------------------------------


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(*segments: bytes, end: bytes = b"", **options) -> bytes:
    plain = written(**options)
    return plain[:2] + b"".join(segments) + plain[2:] + end


def iptc() -> bytes:
    record = struct.pack(">BBBH", 0x1C, 2, 80, len(CANARY)) + CANARY
    return segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0")


def icc(content: bytes) -> list[bytes]:
    """A profile in as many segments as it takes."""
    pieces = [content[at : at + 65_000] for at in range(0, len(content), 65_000)]
    return [segment(0xE2, b"ICC_PROFILE\0" + bytes([n, len(pieces)]) + one) for n, one in enumerate(pieces, 1)]


def thumbnail() -> bytes:
    """EXIF with a smaller picture inside, which keeps what was cut away from the larger one."""
    small = jpeg(segment(0xFE, CANARY), image=photo(width=40, height=30))
    main = struct.pack("<2sHIHI", b"II", 42, 8, 0, 14)
    entries = struct.pack("<HHHIIHHII", 2, 0x201, 4, 1, 44, 0x202, 4, 1, len(small))
    return segment(0xE1, b"Exif\0\0" + main + entries + struct.pack("<I", 0) + small)


def circle_in_exif() -> bytes:
    """EXIF whose directories follow one another in a circle, and with entries larger than the file."""
    entries = struct.pack("<HHHIIHHII", 2, 0x8769, 4, 1, 8, 0x0112, 3, 0xFFFFFFFF, 8)
    return segment(0xE1, b"Exif\0\0" + struct.pack("<2sHI", b"II", 42, 8) + entries + struct.pack("<I", 8))


def two_photos() -> bytes:
    """What a telephone with two lenses writes: a second photo behind the first."""
    made = BytesIO()
    second = Image.open(BytesIO(jpeg(segment(0xFE, CANARY))))
    photo().save(made, "MPO", save_all=True, append_images=[second])
    return made.getvalue()


def saying_it_is(width: int, height: int) -> bytes:
    """A JPEG that claims a size."""
    frame = written().index(b"\xff\xc0")
    return written()[: frame + 5] + struct.pack(">HH", height, width) + written()[frame + 9 :]


def many_scans(number: int) -> bytes:
    """A small JPEG that asks to be refined again and again."""
    flat = written(Image.new("L", (500, 500), 128), progressive=True)
    scan = flat[flat.rindex(b"\xff\xda") : -2]
    return flat[:-2] + scan * number + flat[-2:]


# PNG: chunks behind its header ------------------------------------------------------------------------------------------


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks: bytes, image: Image.Image | None = None, end: bytes = b"", **options) -> bytes:
    plain = written(image, "PNG", **options)
    return plain[:33] + b"".join(chunks) + plain[33:] + end


def drawn(width: int, height: int, pixels: bytes, *, bits: int = 8, colours: int = 2, before: bytes = b"") -> bytes:
    """A PNG of the bits and kind of colours that Pillow does not write."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND")


def deep(colours: int, *samples: int, transparent: int | None = None) -> bytes:
    """A PNG of 16 bits a channel, of one colour."""
    row = b"\0" + struct.pack(f">{len(samples)}H", *samples) * 200
    keyed = b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent))
    return drawn(200, 200, row * 200, bits=16, colours=colours, before=keyed)


def bomb(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


# WebP and AVIF ----------------------------------------------------------------------------------------------------------


def moving(form: str) -> bytes:
    return written(photo(), form, save_all=True, append_images=[photo().transpose(Image.Transpose.ROTATE_180)])


def endless_webp() -> bytes:
    """A WebP that says it is 16 million pixels wide and as high."""
    told = written(form="WEBP", exif=exif())
    return told[:24] + b"\xff" * 6 + told[30:]


def endless_avif() -> bytes:
    plain = written(form="AVIF", quality=20)
    return plain.replace(b"ispe" + struct.pack(">III", 0, 400, 300), b"ispe" + struct.pack(">III", 0, 65_500, 65_500))


def box(brand: bytes, *compatible: bytes) -> bytes:
    """The start of a HEIC photo or of a video."""
    brands = brand + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", len(brands) + 8) + b"ftyp" + brands + bytes(500)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


# How each is made, and the code of the error that refuses it; it depends on the version of a library if there are two.
REFUSED = {
    "nothing": (lambda: b"", "not_a_picture"),
    "zeros": (lambda: bytes(5000), "not_a_picture"),
    "HTML": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "not_a_picture"),
    "program for Windows": (lambda: b"MZ\x90\0" + bytes(200), "not_a_picture"),
    "program for Linux": (lambda: b"\x7fELF" + bytes(200), "not_a_picture"),
    "zip that is a bomb": (lambda: archive(("a.jpg", bytes(10_000_000))), "not_a_picture"),
    "JPEG 2000": (lambda: written(form="JPEG2000"), "not_a_picture"),
    "PPM": (lambda: written(form="PPM"), "not_a_picture"),
    "HTML before a JPEG": (lambda: b"<html>" + jpeg(), "not_a_picture"),
    "SVG with script": (lambda: SVG, "svg"),
    "SVG with a billion laughs": (lambda: LAUGHS, "svg"),
    "SVG behind white space": (lambda: b"\xef\xbb\xbf\n\n  " + SVG, "svg"),
    "HEIC": (lambda: box(b"heic", b"mif1", b"heic"), "heic"),
    "HEIC of another name": (lambda: box(b"mif1", b"heic"), "heic"),
    "video": (lambda: box(b"isom", b"mp42"), "video"),
    "GIF": (lambda: written(photo("P"), "GIF"), "gif"),
    "GIF that is a bomb": (lambda: b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(40), "gif"),
    "TIFF": (lambda: written(form="TIFF"), "other_format"),
    "BMP": (lambda: written(form="BMP"), "other_format"),
    "ICO": (lambda: written(form="ICO"), "other_format"),
    "Photoshop": (lambda: b"8BPS\0\1" + bytes(200), "other_format"),
    "EPS that runs a program": (lambda: EPS, "document"),
    "PDF": (lambda: make_pdf(["Agreement"]), "document"),
    "JPEG of one pixel": (lambda: jpeg(image=photo(width=1, height=1)), "small"),
    "PNG of one pixel": (lambda: png(image=photo(width=1, height=1)), "small"),
    "stamp": (lambda: jpeg(image=photo(width=800, height=199)), "small"),
    "JPEG cut off": (lambda: half(written(image=photo(width=1600, height=1200))), "unreadable"),
    "JPEG cut off in its head": (lambda: written()[:100], "unreadable"),
    "JPEG cut off that sharpens as it loads": (lambda: half(written(progressive=True)), "unreadable"),
    "JPEG that lacks its last rows": (lambda: written(image=photo(width=1600, height=1200))[:-800], "unreadable"),
    "PNG cut off": (lambda: half(png()), "unreadable"),
    "WebP cut off": (lambda: half(written(form="WEBP")), "unreadable"),
    "AVIF cut off": (lambda: half(written(form="AVIF", quality=90)), "unreadable"),
    "JPEG that is only a start": (lambda: b"\xff\xd8\xff", "unreadable"),
    "JPEG of 65,500 pixels": (lambda: saying_it_is(65_500, 65_500), "large"),
    "JPEG of no height": (lambda: saying_it_is(400, 0), "unreadable"),
    "JPEG that is nothing but padding": (lambda: b"\xff\xd8" + b"\xff" * 15_000_000, "unreadable"),
    "JPEG with 65,500 scans": (lambda: many_scans(65_500), "unreadable"),
    "JPEG of 12 bits": (lambda: jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), "unreadable"),
    "JPEG without loss": (lambda: jpeg().replace(b"\xff\xc0", b"\xff\xc3"), "unreadable"),
    "PNG of 50,000 pixels": (lambda: drawn(50_000, 50_000, b""), "large"),
    "PNG of 2,147,483,647 pixels": (lambda: drawn(2**31 - 1, 2**31 - 1, b""), "large"),
    "PNG of 61 megapixels": (lambda: drawn(7820, 7820, b""), "large"),
    "PNG that is a strip": (lambda: drawn(20_001, 300, b""), "large"),
    "PNG of less than it says": (lambda: drawn(7000, 7000, bytes(7000 * 21)), "unreadable"),
    "PNG of no kind of colours": (lambda: drawn(400, 300, b"", colours=5), "unreadable"),
    "PNG of a million chunks": (lambda: png(chunk(b"teSt") * 1_000_000), "unreadable"),
    "PNG with a bomb of a text": (lambda: png(chunk(b"zTXt", b"a\0\0" + bomb(20_000_000))), "unreadable"),
    "PNG with a bomb of a profile": (lambda: png(chunk(b"iCCP", b"a\0\0" + bomb(20_000_000))), "unreadable"),
    "PNG that moves": (lambda: moving("PNG"), "moving"),
    "WebP that moves": (lambda: moving("WEBP"), "moving"),
    "WebP without end": (endless_webp, "unreadable"),
    "AVIF that moves": (lambda: moving("AVIF"), "moving"),
    "AVIF without end": (endless_avif, ("large", "unreadable")),
    "AVIF that is only a start": (lambda: box(b"avif", b"mif1"), "unreadable"),
}  # fmt: skip
# What is kept, without what was told beside it or hidden in it.
NEUTRALISED = {
    "JPEG with a place": lambda: jpeg(exif=exif()),
    "JPEG with EXIF in a circle": lambda: jpeg(circle_in_exif(), segment(0xFE, CANARY)),
    "JPEG with a smaller picture": lambda: jpeg(thumbnail()),
    "JPEG with XMP": lambda: jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp())),
    "JPEG with IPTC": lambda: jpeg(iptc()),
    "JPEG with a comment": lambda: jpeg(segment(0xFE, b"<?php CANARY ?>")),
    "JPEG with a segment of no known kind": lambda: jpeg(segment(0xEB, CANARY)),
    "JPEG with a profile": lambda: jpeg(icc_profile=profile()),
    "JPEG with a profile of nonsense": lambda: jpeg(*icc(CANARY * 500_000)),
    "JPEG with an archive behind it": lambda: jpeg(end=archive(("CANARY.txt", "a"))),
    "JPEG with a page of HTML behind it": lambda: jpeg(end=b"<script>CANARY</script>"),
    "JPEG with a video behind it": lambda: jpeg(end=box(b"mp42", CANARY)),
    "JPEG with a second photo behind it": two_photos,
    "PNG with texts": lambda: png(chunk(b"tEXt", b"Author\0CANARY"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp())),
    "PNG with a huge text": lambda: png(chunk(b"iTXt", b"a\0\0\0\0\0" + CANARY * 2_000_000)),
    "PNG with a place": lambda: png(exif=exif()),
    "PNG with a profile": lambda: png(icc_profile=profile()),
    "PNG with a chunk of no known kind": lambda: png(chunk(b"prVt", CANARY)),
    "PNG with texts behind the picture": lambda: png()[:-12] + chunk(b"tEXt", b"a\0CANARY") + png()[-12:],
    "PNG with an archive behind it": lambda: png(end=archive(("CANARY.txt", "a"))),
    "PNG that unpacks to more than it shows": lambda: drawn(300, 300, bytes(20_000_000), before=chunk(b"teXt", CANARY)),
    "PNG with transparency and texts": lambda: png(chunk(b"tEXt", b"Author\0CANARY"), image=glass()),
    "WebP with everything": lambda: written(form="WEBP", exif=exif(), xmp=xmp(), icc_profile=profile()),
    "AVIF with everything": lambda: written(form="AVIF", exif=exif(), xmp=xmp(), icc_profile=profile()),
}  # fmt: skip


def glass() -> Image.Image:
    """A picture whose left half one can see through."""
    image = photo("RGBA").copy()
    image.paste((255, 0, 0, 0), (0, 0, 200, 300))
    return image
