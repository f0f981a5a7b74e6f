"""PDFs for tests, written by hand: a list of numbered objects and a table of where they begin."""

WIDTH, HEIGHT = 595, 842  # A4 in points
MARGIN, LEADING = 72, 20
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"


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


def make_pdf(pages: list[str], *, catalogue: bytes = b"", more: tuple[bytes, ...] = (), trailer: bytes = b"") -> bytes:
    """A PDF with one page for each text; ``more`` are further objects, the first of them with the number 4."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) %b >>" % catalogue, b"", FONT, *more]
    kids = []
    for text in pages:
        first = len(objects) + 1
        objects += [_page(first + 1), stream(_lines(text))]
        kids.append(b"%d 0 R" % first)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids))
    return assemble(objects, trailer=trailer)


def _page(content: int) -> bytes:
    """A page with the object of this number on it."""
    box, resources = b"[0 0 %d %d]" % (WIDTH, HEIGHT), b"<< /Font << /F 3 0 R >> >>"
    return b"<< /Type /Page /Parent 2 0 R /MediaBox %b /Resources %b /Contents %d 0 R >>" % (box, resources, content)


def _lines(text: str) -> bytes:
    """The text from the top margin down."""
    shown = b"".join(b"(%b) Tj T*\n" % _escaped(line) for line in text.splitlines())
    return b"BT /F 12 Tf %d TL %d %d Td\n" % (LEADING, MARGIN, HEIGHT - MARGIN) + shown + b"ET"


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
