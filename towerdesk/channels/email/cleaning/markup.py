"""The same lines out of HTML, and the HTML without the lines that are no reply.

The tree is walked once, without recursion; each piece of text remembers its line, so that a reply and a quote that
share one block can be told apart. HTML beyond the ceilings is left whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import tostring

from . import marks
from .lines import QUOTE_SIGN, Line, is_rule, tidy

MOST_TAGS = 60_000
MOST_CHARACTERS = 4_000_000
MOST_LINES = 10_000

type Slot = tuple[etree._Element, bool, list[tuple[str, int]]]  # element, its tail?, pieces with their line


@dataclass(slots=True)
class Page:
    root: etree._Element
    lines: list[Line] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    objects: list[tuple[etree._Element, int]] = field(default_factory=list)


def clean_markup(html: str, label: Callable[[list[Line]], object]) -> tuple[str, list[Line]]:
    """The HTML of the lines that `label` leaves as reply, and all lines. Unchanged when nothing is cut."""
    page = read_page(html)
    if page is None:
        return html, []
    label(page.lines)
    if all(line.label == "reply" for line in page.lines):
        return html, page.lines
    cut(page)
    return tostring(page.root, encoding="unicode"), page.lines


def read_page(html: str) -> Page | None:
    if len(html) > MOST_CHARACTERS or html.count("<") > MOST_TAGS or not html.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    source = html.replace("\x00", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(source, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None:
        return None
    page = Reader(Page(root)).read()
    return page if len(page.lines) <= MOST_LINES else None


class Reader:
    """Walks the tree and breaks it into lines the way a browser would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pieces: list[str] = []
        self.solid = False  # the line being built holds more than white space
        self.picture = False
        self.quoted = self.block = self.signed = self.hidden = self.kept = 0
        self.waiting: list[etree._Element] = []  # quote containers whose first <blockquote> has not come yet

    def read(self) -> Page:
        for event, element in etree.iterwalk(self.page.root, events=("start", "end")):
            if event == "start":
                self.enter(element)
                self.take(element, False, element.text)
            else:
                self.leave(element)
                self.take(element, True, element.tail)
        self.end_line(force=False)
        return self.page

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in marks.HIDDEN:
            self.hidden += 1
        elif tag == "br":
            self.page.objects.append((element, len(self.page.lines)))
            self.end_line(force=True)
        elif tag == "img":
            self.page.objects.append((element, len(self.page.lines)))
            self.picture = True
        elif tag in marks.BLOCKS:
            self.end_line(force=False)
            self.open_block(element)
        self.count(element, 1)
        self.kept += tag == "pre"

    def open_block(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "hr" or marks.has_top_border(element):
            if tag == "hr":
                self.page.objects.append((element, len(self.page.lines)))
            self.page.lines.append(Line("", "", quoted=self.is_quoted(), rule=True))
        if marks.is_cut(element):
            self.page.lines.append(Line("", "", cut=True))
        if tag in marks.SPACED and "mso" not in element.get("class", "").lower():
            self.space()

    def leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in marks.BLOCKS:
            self.end_line(force=False)
            if tag in marks.SPACED and "mso" not in element.get("class", "").lower():
                self.space()
        if tag in marks.HIDDEN:
            self.hidden -= 1
        self.count(element, -1)
        self.kept -= tag == "pre"

    def count(self, element: etree._Element, by: int) -> None:
        """Keep the depth of quotes and signatures that this element opens or closes."""
        kind = marks.kind_of(element)
        if kind == "quote":
            self.quoted += by
        elif kind == "signature":
            self.signed += by
        elif kind == "block":
            self.block += by
        elif kind == "container" and by > 0:
            self.waiting.append(element)
        if self.waiting and (element.tag == "blockquote" or (by < 0 and element is self.waiting[-1])):
            self.waiting.pop()

    def take(self, element: etree._Element, tail: bool, text: str | None) -> None:
        if not text or self.hidden:
            return
        pieces: list[tuple[str, int]] = []
        chunks = text.split("\n") if self.kept else [text]
        for number, chunk in enumerate(chunks):
            if number:
                self.end_line(force=True)
            piece = chunk + "\n" if self.kept and number < len(chunks) - 1 else chunk
            pieces.append((piece, len(self.page.lines)))
            self.pieces.append(chunk)
            self.solid = self.solid or bool(chunk.strip(" \t\r\n"))
        self.page.slots.append((element, tail, pieces))

    def end_line(self, *, force: bool) -> None:
        if not (self.solid or self.picture or force):
            return
        raw = "".join(self.pieces)
        raw = raw.rstrip() if self.kept else " ".join(raw.split())
        words = tidy(raw)
        quoted = self.is_quoted() or bool(QUOTE_SIGN.match(raw))
        line = Line(raw, words, quoted=quoted, block=self.block > 0, signed=self.signed > 0, rule=is_rule(words))
        line.picture = self.picture
        self.page.lines.append(line)
        self.pieces, self.solid, self.picture = [], False, False

    def is_quoted(self) -> bool:
        return self.quoted > 0 or bool(self.waiting)

    def space(self) -> None:
        """A paragraph's margin: one blank line, inside a quote a quoted one."""
        if self.page.lines and not (self.page.lines[-1].blank or self.pieces_hold_text()):
            self.page.lines.append(Line("", ""))

    def pieces_hold_text(self) -> bool:
        return self.solid


def cut(page: Page) -> None:
    """Empty what belongs to no reply line and drop the elements that this leaves bare."""
    touched: set[etree._Element] = set()
    for element, tail, pieces in page.slots:
        kept = "".join(piece for piece, number in pieces if stays(page.lines, number))
        touched.add(element if not tail else parent_of(element))
        if tail:
            element.tail = kept
        else:
            element.text = kept
    for element, number in page.objects:
        if not stays(page.lines, number):
            touched.add(parent_of(element))
            remove(element)
    prune(page.root, touched)


def stays(lines: Sequence[Line], number: int) -> bool:
    return number >= len(lines) or lines[number].label == "reply"


def parent_of(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


def remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it in its place."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail
    if parent is None:
        return
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def prune(root: etree._Element, touched: set[etree._Element]) -> None:
    for element in reversed(list(root.iter(etree.Element))):
        bare = len(element) == 0 and not (element.text or "").strip()
        if bare and element in touched and element.tag not in marks.NEVER_BARE:
            touched.add(parent_of(element))
            remove(element)
