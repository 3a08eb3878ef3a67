"""Aastra XML objects: what an answer to a fetched page asks the phone to do.

Read with expat and nothing else: document types and entities are refused, size and depth are bounded, and whatever
cannot be read is a sentence for the screen, never an exception. Element names: Asterisk's Aastra XML scripts 2.3.1.
"""

from __future__ import annotations

from urllib.parse import urljoin

from device_emulator.firmware.contract import Answer, Configure, Execute, Show, Unreadable
from device_emulator.screen import Field, Page, SoftKey

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
MAX_ELEMENTS = 2_000


class Element:
    """One XML element; its names are matched without regard to case, as the phones do (default, unverified)."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name.lower()
        self.attributes = {key.lower(): value for key, value in attributes.items()}
        self.children: list[Element] = []
        self.text = ""

    def all(self, name: str) -> list[Element]:
        """The children of that (lower-case) name."""
        return [child for child in self.children if child.name == name]

    def get(self, name: str) -> str:
        """The text of the first child of that name, or ''."""
        return next((child.text.strip() for child in self.children if child.name == name), "")

    def yes(self, attribute: str) -> bool:
        """Whether an attribute says yes."""
        return self.attributes.get(attribute, "").lower() in ("yes", "true", "1")


class _Refused(Exception):
    """The document uses what a phone does not read."""


def read(body: bytes) -> Element:
    """The root element. Raises `ValueError` with a reason."""
    from xml.parsers import expat  # imported where it is used: most phones never see a page

    if len(body) > MAX_BYTES:
        raise ValueError("the page is too large")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    stack: list[Element] = [Element("", {})]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS or len(stack) > MAX_DEPTH:
            raise _Refused("the page is too large")
        element = Element(name, attributes)
        stack[-1].children.append(element)
        stack.append(element)

    def end(name: str) -> None:
        stack.pop()

    def characters(text: str) -> None:
        stack[-1].text += text

    def refuse(*_: object) -> None:
        raise _Refused("the page declares a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, _Refused, LookupError, ValueError) as error:
        raise ValueError(str(error)) from None
    return stack[0].children[0]


def read_answer(body: bytes, url: str) -> Answer:
    """What the answer asks for; None for an empty one, which does nothing. Never raises."""
    if not body.strip():
        return None
    try:
        root = read(body)
    except ValueError as error:
        return Unreadable(f"Cannot read page: {error}")
    reader = OBJECTS.get(root.name)
    return reader(root, url) if reader else Unreadable("Cannot show this kind of page")


def _address(url: str, uri: str) -> str:
    """A URI of the page; the few that are relative are so to the page's own."""
    uri = uri.strip()
    if not uri.startswith(("/", "?", "./")):
        return uri
    try:
        return urljoin(url, uri)
    except ValueError:
        return uri


def _soft_keys(root: Element, url: str) -> list[SoftKey]:
    keys = [SoftKey(key.get("label"), _address(url, key.get("uri"))) for key in root.all("softkey")]
    return [key for key in keys if key.label]


def _input_screen(root: Element, url: str) -> Answer:
    """A form of several InputFields, or the older one of a single field written on the root."""
    fields = []
    for field in root.all("inputfield") or [root]:
        kind = field.attributes.get("type") or root.attributes.get("type", "string")
        secret = kind == "password" or field.attributes.get("password", root.attributes.get("password", "")) == "yes"
        fields.append(Field(field.get("prompt"), field.get("parameter"), field.get("default"), secret))
    locked = root.yes("lockin")
    keys = _soft_keys(root, url) or [
        SoftKey("Submit", "SoftKey:Submit"),
        *([] if locked else [SoftKey("Exit", "SoftKey:Exit")]),
    ]
    return Show(Page(root.get("title"), "", tuple(fields), tuple(keys), _address(url, root.get("url")), locked))


def _text_screen(root: Element, url: str) -> Answer:
    keys = _soft_keys(root, url)
    if not keys:
        keys = [SoftKey("Done", _address(url, root.attributes.get("doneaction", "")) or "SoftKey:Exit")]
    return Show(Page(root.get("title"), root.get("text"), (), tuple(keys), "", root.yes("lockin")))


def _text_menu(root: Element, url: str) -> Answer:
    """Its items are shown as keys: choosing one fetches its URI."""
    items = [SoftKey(item.get("prompt"), _address(url, item.get("uri"))) for item in root.all("menuitem")]
    keys = [*items, *_soft_keys(root, url)] or [SoftKey("Done", "SoftKey:Exit")]
    text = "\n".join(item.label for item in items)
    return Show(Page(root.get("title"), text, (), tuple(keys), "", root.yes("lockin")))


def _configuration(root: Element, url: str) -> Answer:
    items = [(item.get("parameter"), item.get("value")) for item in root.all("configurationitem")]
    return Configure(tuple((key, value) for key, value in items if key))


def _execute(root: Element, url: str) -> Answer:
    uris = [_address(url, item.attributes.get("uri", "")) for item in root.all("executeitem")]
    return Execute(tuple(uri for uri in uris if uri))


OBJECTS = {
    "aastraipphoneinputscreen": _input_screen,
    "aastraipphonetextscreen": _text_screen,
    "aastraipphonetextmenu": _text_menu,
    "aastraipphoneconfiguration": _configuration,
    "aastraipphoneexecute": _execute,
}
