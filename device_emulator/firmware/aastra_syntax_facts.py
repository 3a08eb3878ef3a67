"""What is known of how Aastra and Mitel phones read a line of a file."""

from __future__ import annotations

from device_emulator.facts import Fact

COMMENT_AFTER = Fact(
    "aastra.syntax.comment-after",
    "aastra",
    "`#` after a value, with a blank before it, starts a comment.",
    "source code",
    "FusionPBX's aastra templates (`time format: 0     # 1 for 24 hr`)",
    True,
    False,
)
QUOTED = Fact(
    "aastra.syntax.quoted",
    "aastra",
    "A value may stand in double quotes, which are no part of it.",
    "source code",
    "the public Aastra XML scripts strip them",
    True,
    False,
)
HASH_IN_QUOTES = Fact(
    "aastra.syntax.hash-in-quotes",
    "aastra",
    "Within quotes `#` starts no comment.",
    "public page",
    'files in the field: sip dial plan: "x+#|xx+*"',
    True,
    False,
)
NO_BLANK = Fact(
    "aastra.syntax.no-blank",
    "aastra",
    "No blank is needed after the colon.",
    "public page",
    "files in the field: softkey1 type:xml",
    True,
    False,
)
INNER_BLANKS = Fact(
    "aastra.syntax.inner-blanks",
    "aastra",
    "Blanks and tabs in a row within a name count as one blank.",
    "decided",
    "files in the field have tabs; what the firmware makes of two blanks nobody says",
    True,
    False,
)
CASE = Fact(
    "aastra.syntax.case",
    "aastra",
    "The case of a name counts.",
    "unverified",
    "every public file writes names in lower case",
    True,
    False,
)
LINE_END = Fact(
    "aastra.syntax.line-end",
    "aastra",
    "A carriage return before the line feed, and tabs around a value, are no part of the value.",
    "public page",
    "files in the field, written on Windows",
    True,
    False,
)
EMPTY = Fact(
    "aastra.syntax.empty",
    "aastra",
    "An empty value puts the key back to its default, whatever an earlier file said.",
    "source code",
    "the public Aastra XML scripts log out by it",
    True,
    False,
)
LATIN_1 = Fact(
    "aastra.syntax.latin-1",
    "aastra",
    "A file is read as ISO-8859-1; from 3.0 on as UTF-8.",
    "source code",
    "the encodings that wazo-provd's plugins write",
    True,
    False,
    before=(3, 0),
    otherwise=False,
)
MARK = Fact(
    "aastra.syntax.byte-order-mark",
    "aastra",
    "A byte order mark makes the first line unreadable.",
    "decided",
    "nobody says what becomes of it",
    True,
    False,
)
