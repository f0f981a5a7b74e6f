"""PDFs that act on opening, call out or hide what they do, each with the reasons to refuse it; and ordinary ones that only look alike.

The first object of ours has the number 4; the page of ``paged`` is number 3.
"""

import struct
import zlib

from tests.papers import assemble, make_pdf, stream

JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
TO_PAGE = b"<< /S /GoTo /D [2 0 R /Fit] >>"
TO_FILE = b"<< /S /GoToR /F (other.pdf) /D [0 /Fit] >>"
LINK = b"<< /S /URI /URI (https://example.org/) >>"


def catalogue(entries: bytes, *more: bytes) -> bytes:
    """A PDF with these entries in its catalogue."""
    return make_pdf(["Agreement"], catalogue=entries, more=more)


def paged(page: bytes, *more: bytes) -> bytes:
    """A PDF with these entries in its only page."""
    kids = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return assemble(
        [b"<< /Type /Catalog /Pages 2 0 R >>", kids, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %b >>" % page, *more]
    )  # fmt: skip


def annotated(annotation: bytes, *more: bytes) -> bytes:
    """A PDF with an annotation on its page."""
    return paged(b"/Annots [4 0 R]", b"<< /Type /Annot /Rect [0 0 9 9] %b >>" % annotation, *more)


def linked(action: bytes, *more: bytes) -> bytes:
    """A PDF with a link for which this action is taken."""
    return annotated(b"/Subtype /Link /A " + action, *more)


def updated(content: bytes, number: int, changed: bytes) -> bytes:
    """A PDF to which somebody has appended another revision of one object."""
    place, before = len(content), content.rindex(b"xref\n0 ")
    content += b"%d 0 obj\n%b\nendobj\n" % (number, changed)
    start = len(content)
    content += b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 99 /Root 1 0 R /Prev %d >>\n" % (number, place, before)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def packed(*objects: bytes) -> bytes:
    """A PDF of today: its objects lie compressed in a stream, and the table of where they are does too."""
    places, data = [], b""
    for number, content in enumerate(objects, start=1):
        places.append(b"%d %d" % (number, len(data)))
        data += content + b" "
    head = b" ".join(places) + b" "
    number, file = len(objects) + 1, b"%PDF-1.7\n"
    kind = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    place = len(file)
    file += b"%d 0 obj\n%b\nendobj\n" % (number, stream(zlib.compress(head + data), kind))
    rows = [(0, 0, 0), *((2, number, index) for index in range(len(objects))), (1, place, 0), (1, len(file), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    entries = b"/Type /XRef /Size %d /W [1 4 1] /Root 1 0 R" % len(rows)
    start = len(file)
    return file + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number + 1, stream(table, entries), start)


def packed_with(page: bytes, *more: bytes) -> bytes:
    kids = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return packed(b"<< /Type /Catalog /Pages 2 0 R >>", kids, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %b >>" % page, *more)  # fmt: skip


# With the codes of the errors in alphabetical order.
REFUSED = {
    # When it is opened, shown, printed or left
    "opens a web page": (catalogue(b"/OpenAction " + LINK), "opening"),
    "opens a file": (catalogue(b"/OpenAction 4 0 R", TO_FILE), "launch opening"),
    "goes to a page and then to a file": (catalogue(b"/OpenAction << /S /GoTo /D [2 0 R /Fit] /Next %b >>" % TO_FILE), "launch opening"),
    "goes to a page and then to a web page": (catalogue(b"/OpenAction << /S /GoTo /D [2 0 R /Fit] /Next [%b] >>" % LINK), "opening"),
    "has an action in a list on opening": (catalogue(b"/OpenAction [%b]" % LINK), "opening"),
    "acts when it is printed": (catalogue(b"/AA << /WP %b >>" % LINK), "opening"),
    "acts when a page is opened": (paged(b"/AA << /O %b >>" % TO_PAGE), "opening"),
    "acts when a page is opened, in an object of its own": (paged(b"/AA 4 0 R", b"<< /O 5 0 R >>", TO_PAGE), "opening"),
    "acts when the pointer comes near": (annotated(b"/Subtype /Link /AA << /E %b >>" % LINK), "opening"),
    "acts, spelt oddly": (paged(b"/A#41 << /#4f %b >>" % LINK), "opening"),
    "acts as a presentation": (paged(b"/PresSteps << /NA %b >>" % TO_FILE), "launch"),
    # Programs
    "runs a program by name": (catalogue(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", JS), "program"),
    "runs a program on a click": (linked(JS), "program"),
    "runs a program in a bookmark": (catalogue(b"/Outlines 4 0 R", b"<< /First 5 0 R >>", b"<< /Title (a) /A %b >>" % JS), "program"),
    "runs a program whose kind is an object of its own": (linked(b"<< /S 5 0 R /J#53 (1) >>", b"/JavaScript"), "program unknown"),
    "runs a program for printers": (paged(b"/Resources << /XObject << /X 4 0 R >> >>", stream(b"showpage", b"/Type /XObject /Subtype /PS")), "program"),
    # Calling out
    "opens a file on a click": (linked(TO_FILE), "launch"),
    "opens a file after a page": (linked(b"<< /S /GoTo /D [3 0 R /Fit] /Next 5 0 R >>", TO_FILE), "launch"),
    "opens a file after a page after a page": (
        linked(b"<< /S /Named /N /NextPage /Next [<< /S /GoTo /D (a) /Next [%b] >>] >>" % TO_FILE), "launch"),
    "opens a file in a file": (linked(b"<< /S /GoToE /T << /R /C /N (a) >> >>"), "launch"),
    "opens a program": (linked(b"<< /S /Launch /Win << /F (cmd.exe) >> >>"), "launch"),
    "opens an article of a file": (linked(b"<< /S /Thread /F (other.pdf) /D 0 >>"), "launch"),
    "opens a file as the first action of two": (linked(b"[%b %b]" % (LINK, TO_FILE)), "launch"),
    "opens a file in the action before": (annotated(b"/Subtype /Link /PA " + TO_FILE), "launch"),
    "sends a form": (linked(b"<< /S /SubmitForm /F << /FS /URL /F (https://example.org/) >> >>"), "form outside"),
    "fills in a form": (linked(b"<< /S /ImportData /F (a.fdf) >>"), "form"),
    "empties a form": (linked(b"<< /S /ResetForm >>"), "form"),
    "has a form": (catalogue(b"/AcroForm << /Fields [] >>"), "form"),
    "has a form that is a program": (catalogue(b"/AcroForm << /XFA [(a) 4 0 R] >>", stream(b"<xdp/>")), "form"),
    "has a field": (annotated(b"/Subtype /Widget /FT /Tx /T (name)"), "form"),
    "loads what a page shows": (paged(b"/Contents 4 0 R", stream(b"", b"/F << /FS /URL /F (https://example.org/) >>")), "outside"),
    "loads a page of another file": (
        paged(b"/Resources << /XObject << /X 4 0 R >> >>", stream(b"", b"/Subtype /Form /Ref << /F (other.pdf) /Page 0 >>")), "outside"),
    "loads colours": (catalogue(b"/OutputIntents [<< /S /GTS_PDFX /DestOutputProfileRef << /URLs [] >> >>]"), "outside"),
    # Files, sounds and films
    "has a file on a page": (annotated(b"/Subtype /FileAttachment /FS 5 0 R", b"<< /Type /Filespec /F (a) >>"), "files"),
    "has a file inside": (catalogue(b"/Names << /EmbeddedFiles << /Names [] >> >>"), "files"),
    "has a file that belongs to it": (catalogue(b"/AF [4 0 R]", b"<< /Type /Filespec /F (a) /EF << /F 5 0 R >> >>"), "files"),
    "has a file that belongs to a page": (paged(b"/AF []"), "files"),
    "is a folder of files": (catalogue(b"/Collection << /View /T >>"), "files"),
    "plays a film": (linked(b"<< /S /Rendition /OP 0 >>"), "media"),
    "plays a film of old": (annotated(b"/Subtype /Movie /Movie << /F (a.avi) >>"), "media"),
    "plays a sound": (annotated(b"/Subtype /Sound /Sound 5 0 R", stream(b"", b"/Type /Sound /R 8000")), "media"),
    "plays on a screen": (annotated(b"/Subtype /Screen"), "media"),
    "plays by name": (catalogue(b"/Names << /Renditions << /Names [] >> >>"), "media"),
    "has a model": (annotated(b"/Subtype /3D"), "media"),
    "has rich media": (annotated(b"/Subtype /RichMedia"), "media"),
    # Links
    "links to a program": (linked(b"<< /S /URI /URI (javascript:alert\\(1\\)) >>"), "link"),
    "links to a file": (linked(b"<< /S /URI /URI (file:///etc/passwd) >>"), "link"),
    "links to a file in another code": (linked(b"<< /S /URI /URI <FEFF00660069006C0065003A> >>"), "link"),
    "links to a share": (linked(b"<< /S /URI /URI (\\\\\\\\example.org\\\\a) >>"), "link"),
    "links to something on the site": (linked(b"<< /S /URI /URI (/admin/logout/) >>"), "link"),
    "links to nothing": (linked(b"<< /S /URI >>"), "link"),
    "links to what is an object of its own": (linked(b"<< /S /URI /URI 5 0 R >>", b"(file:///a)"), "link"),
    # What nobody has heard of
    "does something unknown": (linked(b"<< /S /Teleport >>"), "unknown"),
    "changes what is shown": (linked(b"<< /S /SetOCGState /State [/OFF 4 0 R] >>"), "unknown"),
    "calls an unknown command": (linked(b"<< /S /Named /N /Print >>"), "unknown"),
    "has an annotation of an unknown kind": (annotated(b"/Subtype /Hologram"), "unknown"),
    "has an annotation of no kind": (annotated(b""), "unknown"),
    "has an unknown entry in its catalogue": (catalogue(b"/Requirements [<< /S /EnableJavaScripts >>]"), "unknown"),
    "has unknown names": (catalogue(b"/Names << /Templates << >> >>"), "unknown"),
    # Hidden from this reader or another one
    "acts in a compressed object": (packed_with(b"/Annots [4 0 R]", b"<< /Subtype /Link /A 5 0 R >>", TO_FILE), "launch"),
    "acts in a compressed object that is longer than it says": (
        packed_with(b"", JS).replace(b"/N 4", b"/N 3"), "program"),
    "acted before somebody changed it": (updated(linked(JS), 4, b"<< /Subtype /Link /A %b >>" % LINK), "program"),
    "acts since somebody changed it": (updated(linked(LINK), 4, b"<< /Subtype /Link /A %b >>" % TO_FILE), "launch"),
    "acts since somebody changed its catalogue": (
        updated(linked(LINK), 1, b"<< /Type /Catalog /Pages 2 0 R /OpenAction %b >>" % LINK), "opening"),
    "acts behind its end": (linked(LINK) + b"\n4 0 obj<</Subtype/Link/A%b>>endobj" % TO_FILE, "launch"),
    "acts behind a remark": (linked(LINK) + b"\n4 0 obj%x\r%y\n<</Subtype/Link/A" + TO_FILE + b">>endobj", "launch"),
    "acts in what looks like a text": (paged(b"/LastModified (9 0 obj << /A %b >> endobj)" % TO_FILE), "launch"),
    "acts in what looks like a picture": (paged(b"", stream(b"9 0 obj << /A %b >> endobj" % TO_FILE)), "launch"),
    "is encrypted in another trailer": (linked(LINK) + b"\ntrailer << /Root 1 0 R /Encrypt 9 0 R >>", "encryption"),
    "says two things": (linked(b"<< /S /URI /URI (https://example.org/) /URI (file:///a) >>"), "unreadable"),
    "says two things in a page": (paged(b"/Annots [] /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "breaks off where another reader goes on": (paged(b"/Tabs }{ /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "ends early for some": (paged(b"/Tabs /S >x /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "ends early for some, compressed": (packed_with(b"/Tabs /S >x /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "has nothing for a key": (paged(b"/Tabs /S null /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "has its end for a key": (paged(b"/Tabs /S endobj /Annots [<< /Subtype /Link /A %b >>]" % TO_FILE), "unreadable"),
    "has zeros for white space": (linked(b"<<\0/S\0/GoToR\0/F (a)>>"), "unreadable"),
    "has zeros for white space in its page": (paged(b"/Annots\0[<<\0/Subtype\0/Link\0/A\0<<\0/S\0/GoToR\0>>>>]"), "unreadable"),
    "leads to another generation": (linked(b"5 1 R", b"<< /S /Teleport >>"), "unreadable"),
    "links to a file in another generation": (annotated(b"/Subtype /Link /A 9 1 R") + b"\n9 0 obj << /S /URI /URI (file:///a) >>", "link"),
    "does something unknown in a list of lists": (linked(b"<< /S /GoTo /D (a) /Next [[<< /S /Teleport >>]] >>"), "unknown"),
    "never ends": (linked(LINK) + b"\n9 0 obj << /A << /S /Hide ", "unreadable"),
}  # fmt: skip

STRUCTURE = b"<< /Type /StructElem /S /P /P 4 0 R /K 0 /A << /O /Layout /Placement /Block >> >>"
KEPT = {
    "plain": make_pdf(["Agreement"]),
    "compressed": packed_with(b"/Annots [4 0 R]", b"<< /Subtype /Link /A 5 0 R >>", LINK),
    "changed": updated(linked(LINK), 4, b"<< /Subtype /Link /A %b >>" % TO_PAGE),
    "opens at a page": catalogue(b"/OpenAction [2 0 R /XYZ null null 0]"),
    "opens at a page by an action": catalogue(b"/OpenAction 4 0 R", TO_PAGE),
    "opens at a name": catalogue(b"/OpenAction (start) /Names << /Dests << /Names [(start) [2 0 R /Fit]] >> >>"),
    "links to the web": linked(LINK),
    "links to the web in capitals": linked(b"<< /S /URI /URI (HTTP://example.org/Launch/JavaScript ) >>"),
    "links to an address": linked(b"<< /S /URI /URI (mailto:press@example.org) >>"),
    "links to a web address in another code": linked(b"<< /S /URI /URI <FEFF0068007400740070003A002F002F0061> >>"),
    "links to a page": annotated(b"/Subtype /Link /Dest [3 0 R /Fit]"),
    "links to the next page": linked(b"<< /S /Named /N /NextPage >>"),
    "has bookmarks": catalogue(b"/Outlines 4 0 R", b"<< /First 5 0 R >>", b"<< /Title (a) /A %b /Next 6 0 R >>" % TO_PAGE, b"<< /Title (b) >>"),
    "is tagged": catalogue(b"/MarkInfo << /Marked true >> /StructTreeRoot 4 0 R", b"<< /K 5 0 R /RoleMap << /Hide /P >> >>", STRUCTURE),
    "has comments": annotated(b"/Subtype /Highlight /Contents (well said) /Popup 5 0 R", b"<< /Subtype /Popup >>"),
    "has layers": catalogue(b"/OCProperties << /D << /AS [<< /Event /View /Category [/View] >>] >> >>"),
    "has a transition": paged(b"/Trans << /S /Dissolve >> /Group << /S /Transparency /CS /DeviceRGB >>"),
    "has fonts named like actions": paged(b"/Resources << /Font << /A 4 0 R /Launch 4 0 R >> >>", b"<< /Type /Font /S /Serif >>".replace(b"/S /Serif", b"")),
    "tells of objects": paged(b"/Contents 4 0 R", stream(b"BT (an object is 9 0 obj and JavaScript) Tj ET")),
}  # fmt: skip
