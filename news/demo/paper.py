"""Papers of the demonstration, written by hand: a PDF is a list of numbered objects and a table of where they begin."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 595, 842  # A4 in points
MARGIN, LEADING = 72, 20
DOTS_PER_POINT = 1.6
PAPER, INK = 244, 52


def assemble(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """The file with these objects, numbered from one; the first is the catalogue."""
    file, places = "%PDF-1.7\n%àéîö\n".encode(), []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    file += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    start = file.rindex(b"xref\n0 ")
    return file + b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """An object with content of its own."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def document(
    pages: list[str], *, scanned: bool = False, catalogue: bytes = b"", more: tuple = (), trailer: bytes = b""
):
    """A PDF with one page for each text, as print or as a picture of the page with the text behind it.

    ``more`` are objects of the caller's own; the first of them has the number 4.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) %b >>" % catalogue, b"", _font(), *more]
    kids = []
    for text in pages:
        first = len(objects) + 1
        picture = [_picture(text)] if scanned else []
        objects += [_page(first + 1, first + 2 if scanned else 0), stream(_lines(text, hidden=scanned)), *picture]
        kids.append(b"%d 0 R" % first)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids))
    return assemble(objects, trailer=trailer)


def _font() -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"


def _page(content: int, picture: int) -> bytes:
    shown = b"/XObject << /Scan %d 0 R >>" % picture if picture else b""
    resources = b"<< /Font << /F 3 0 R >> %b >>" % shown
    box = b"[0 0 %d %d]" % (WIDTH, HEIGHT)
    return b"<< /Type /Page /Parent 2 0 R /MediaBox %b /Resources %b /Contents %d 0 R >>" % (box, resources, content)


def _lines(text: str, *, hidden: bool) -> bytes:
    """The text from the top margin down; hidden behind the picture of itself, to be found, copied and read aloud."""
    picture = b"q %d 0 0 %d 0 0 cm /Scan Do Q\n" % (WIDTH, HEIGHT) if hidden else b""
    shown = b"".join(b"(%b) Tj T*\n" % _escaped(line) for line in text.splitlines())
    begin = b"BT /F 12 Tf %d Tr %d TL %d %d Td\n" % (3 if hidden else 0, LEADING, MARGIN, HEIGHT - MARGIN)
    return picture + begin + shown + b"ET"


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _picture(text: str) -> bytes:
    """What a flatbed makes of the page: grey, a little soft, and not quite straight. The font knows ASCII only."""
    size = (int(WIDTH * DOTS_PER_POINT), int(HEIGHT * DOTS_PER_POINT))
    page = Image.new("L", size, PAPER)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(12 * DOTS_PER_POINT)
    for number, line in enumerate(text.splitlines()):
        place = (MARGIN * DOTS_PER_POINT, (MARGIN - 12 + number * LEADING) * DOTS_PER_POINT)
        draw.text(place, line, fill=INK, font=font)
    page = page.rotate(0.4, resample=Image.Resampling.BICUBIC, fillcolor=PAPER).filter(ImageFilter.GaussianBlur(0.5))
    kept = BytesIO()
    page.save(kept, "JPEG", quality=60)
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8" % size
    return stream(kept.getvalue(), entries + b" /Filter /DCTDecode")
