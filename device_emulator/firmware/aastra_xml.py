"""Aastra XML objects: what an answer to a fetched page asks the phone to do.

Read with expat and nothing else: document types and entities are refused, size and depth are bounded, and whatever
cannot be read is a sentence for the screen, never an exception. Element and attribute names: the vendor's XML guide
PA-001011-03 and Asterisk's Aastra XML scripts 2.3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin

from device_emulator.firmware import aastra_xml_facts as known
from device_emulator.firmware.contract import Answer, Configure, Execute, Say, SetType, Show, Unreadable
from device_emulator.models import Model
from device_emulator.screen import Field, FieldKind, Page, SoftKey

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
MAX_ELEMENTS = 2_000
MAX_ITEMS = 2_000
"""Settings that one object sets, ranges counted out (decided): two numbers must not make a million keys."""
MAX_SECONDS = 86_400
_KINDS: dict[str, FieldKind] = {
    "number": "number",
    "ip": "ip",
    "timeus": "time",
    "timeint": "time",
    "dateus": "date",
    "dateint": "date",
}
_SET_TYPES: dict[str, SetType] = {"remote": "remote", "local": "local", "oneboot": "oneBoot", "override": "override"}


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


def read(body: bytes, entities: bool = False) -> Element:
    """The root element. Raises `ValueError` with a reason. `entities`: document types are not refused."""
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
    if not entities:
        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, _Refused, LookupError, ValueError) as error:
        raise ValueError(str(error)) from None
    return stack[0].children[0]


def read_answer(model: Model, body: bytes, url: str) -> Answer:
    """What the answer asks for; None for an empty one, which does nothing. Never raises."""
    if not body.strip():
        return None
    try:
        root = read(body, not known.ENTITIES.of(model))
    except ValueError as error:
        return Unreadable(f"Cannot read page: {error}")
    reader = OBJECTS.get(root.name)
    return reader(model, root, url) if reader else Unreadable("Cannot show this kind of page")


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


def _page(
    model: Model, root: Element, url: str, text: str, keys: list[SoftKey], fields: tuple[Field, ...] = ()
) -> Answer:
    """A page: what every one of them may say of itself."""
    locked = root.yes("lockin") and known.LOCKED_IN.of(model)
    default = 0 if locked else known.TIMEOUT.of(model)
    said = root.attributes.get("timeout", "").strip()
    timeout = min(int(said), MAX_SECONDS) if said.isascii() and said.isdecimal() and len(said) < 9 else default
    cancel = _address(url, root.attributes.get("cancelaction", ""))
    return Show(
        Page(
            root.get("title"),
            text,
            fields,
            tuple(keys),
            _address(url, root.get("url")) if fields else "",
            locked,
            timeout,
            root.yes("destroyonexit"),
            root.yes("beep"),
            cancel,
            renewed=known.TIMEOUT_AGAIN.of(model),
        )
    )


def _input_screen(model: Model, root: Element, url: str) -> Answer:
    """A form of several InputFields, or the older one of a single field written on the root. A field that is not
    editable, or of type `empty`, is not asked for."""
    fields = []
    for field in root.all("inputfield") or [root]:
        kind = (field.attributes.get("type") or root.attributes.get("type", "string")).lower()
        if kind == "empty":
            continue
        says = field.attributes.get("password", root.attributes.get("password", "")).lower()
        secret = kind == "password" or says == "yes"
        shape = _KINDS.get(kind, "string") if known.NUMBERS.of(model) else "string"
        fixed = field.attributes.get("editable", root.attributes.get("editable", "")).lower() == "no"
        fields.append(Field(field.get("prompt"), field.get("parameter"), field.get("default"), secret, shape, fixed))
    keys = _soft_keys(root, url) or [
        SoftKey("Submit", "SoftKey:Submit"),
        *([] if root.yes("lockin") else [SoftKey("Exit", "SoftKey:Exit")]),
    ]
    return _page(model, root, url, "", keys, tuple(fields))


def _done(root: Element, url: str) -> list[SoftKey]:
    """Its own keys, or the one that leaves it."""
    done = _address(url, root.attributes.get("doneaction", "")) or "SoftKey:Exit"
    return _soft_keys(root, url) or [SoftKey("Done", done)]


def _text_screen(model: Model, root: Element, url: str) -> Answer:
    return _page(model, root, url, root.get("text"), _done(root, url))


def _formatted_text_screen(model: Model, root: Element, url: str) -> Answer:
    """Lines, some of which scroll between others that do not; all are shown one below the other."""
    lines = []
    for part in root.children:
        inner = part.all("line") if part.name == "scroll" else [part] if part.name == "line" else []
        lines += [line.text.strip() for line in inner]
    return _page(model, root, url, "\n".join(lines), _done(root, url))


def _text_menu(model: Model, root: Element, url: str) -> Answer:
    """Its items are shown as keys: choosing one fetches its URI, below `base` if the item or the menu has one."""
    items = []
    for item in root.all("menuitem"):
        base = item.attributes.get("base", "").strip()
        items.append(SoftKey(item.get("prompt"), _address(url, base + item.get("uri"))))
    keys = [*items, *_soft_keys(root, url)] or [SoftKey("Done", "SoftKey:Exit")]
    return _page(model, root, url, "\n".join(item.label for item in items), keys)


def _directory(model: Model, root: Element, url: str) -> Answer:
    """Entries of a name and a number, which is dialled."""
    items = [SoftKey(item.get("prompt"), f"Dial:{item.get('uri')}") for item in root.all("menuitem") if item.get("uri")]
    text = "\n".join(item.label for item in items)
    keys = [item for item in items if item.label]
    return _page(model, root, url, text, [*keys, *_soft_keys(root, url)] or _done(root, url))


def _closes(model: Model, root: Element) -> bool:
    return root.yes("triggerdestroyonexit") or not known.DESTROY.of(model)


def _configuration(model: Model, root: Element, url: str) -> Answer:
    items: list[tuple[str, str]] = []
    kinds: list[SetType] = []
    every = _SET_TYPES.get(root.attributes.get("settype", "").lower(), "remote")
    room = MAX_BYTES  # a range of numbers must not make a hundred megabytes of one page
    for item in root.all("configurationitem"):
        kind = _SET_TYPES.get(item.attributes.get("settype", "").lower(), every)
        parameter = next(iter(item.all("parameter")), None)
        value = item.get("value")
        for key in _named(model, parameter) if parameter is not None else ():
            room -= len(key) + len(value)
            if room < 0 or len(items) >= MAX_ITEMS:
                break
            if key:
                items.append((key, value))
                kinds.append(kind)
    plain = all(kind == "remote" for kind in kinds)
    return Configure(tuple(items), () if plain else tuple(kinds), _closes(model, root))


def _named(model: Model, parameter: Element) -> Iterable[str]:
    """The keys that a parameter names: one, or one for each number of its range."""
    name = " ".join(parameter.text.split())
    first, last = (parameter.attributes.get(end, "").strip() for end in ("firstitem", "lastitem"))
    if not (first or last) or "#" not in name or not known.RANGE.of(model):
        return [name]
    if not all(end.isascii() and end.isdecimal() and len(end) < 5 for end in (first, last)):
        return []
    return (name.replace("#", str(number)) for number in range(int(first), int(last) + 1))


def _execute(model: Model, root: Element, url: str) -> Answer:
    uris = [_address(url, item.attributes.get("uri", "")) for item in root.all("executeitem")]
    if not known.COMMANDS.of(model):
        uris = [uri for uri in uris if not uri.lower().startswith("command:")]
    return Execute(tuple(uri for uri in uris if uri), _closes(model, root))


def _status(model: Model, root: Element, url: str) -> Answer:
    """Messages for the idle screen. A message without an index has index 0."""
    session = root.get("session") if known.SESSIONS.of(model) else ""
    found = []
    for message in root.all("message"):
        index = message.attributes.get("index", "").strip()
        number = int(index) if index.isascii() and index.isdecimal() and len(index) < 4 else 0
        found.append((number, " ".join(message.text.split())))
    return Say(session, tuple(found), _closes(model, root))


OBJECTS = {
    "aastraipphoneinputscreen": _input_screen,
    "aastraipphonetextscreen": _text_screen,
    "aastraipphonetextmenu": _text_menu,
    "aastraipphoneformattedtextscreen": _formatted_text_screen,
    "aastraipphonedirectory": _directory,
    "aastraipphonestatus": _status,
    "aastraipphoneconfiguration": _configuration,
    "aastraipphoneexecute": _execute,
}
