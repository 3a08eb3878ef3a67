"""A device's files out of its plan, with nothing remembered of any plan before, against bare Jinja2: one template of
the very same keys, merged, given its values. Bar: half of its speed.

Ours also cleans each value, lays overrides over it, keeps where it came from, and makes an ETag.
"""

from __future__ import annotations

from benchmarks.measure import Effort, Figure, alternate, at_least, figure, microseconds
from provisioning import models
from provisioning.compiled import Entry
from provisioning.plan import Key, Line, Plan
from provisioning.render import render_afresh
from provisioning.vendors import VENDORS
from provisioning.vendors.contract import File

_LINE = Line("John Smith", "John Smith", "204", "204", "s3cret", "204", "pbx.example.org", voicemail="*97")
_KEYS = tuple([Key(position, f"2{position:02}", f"Somebody {position}") for position in range(2, 8)])


def measure(effort: Effort) -> list[Figure]:
    """Both files of a phone of each brand."""
    return [_against(model, file, effort) for model in ("yealink-t46s", "aastra-6731i") for file in ("common", "mac")]


def _against(model: str, file: File, effort: Effort) -> Figure:
    from jinja2 import Environment, StrictUndefined

    mac = "805ec0112233"
    url = "http://127.0.0.1/provision/acme/"
    plan = Plan("d1", "acme", mac, model, mac, "fetch-me", url, lines=(_LINE,), keys=_KEYS)
    ours = render_afresh(plan, file)
    source, values = _merged(plan, file, ours.entries)
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    template = environment.from_string(source)
    assert template.render(values).encode() == ours.body
    times = max(effort.batch // 2, 1)
    pairs = alternate(
        effort.pairs,
        lambda: microseconds(lambda: template.render(values), times),
        lambda: microseconds(lambda: render_afresh(plan, file), times),
    )
    note = f"{len(ours.entries)} keys in {min(one for _, one in pairs):.0f} µs"
    name = f"{model}, {file} file / one bare template"
    return figure(name, "×", at_least(0.5), [bare / one for bare, one in pairs], note)


def _merged(plan: Plan, file: File, entries: tuple[Entry, ...]) -> tuple[str, dict[str, object]]:
    """The file as one template, as somebody would write it for phones like this one: what differs from phone to phone
    is a value, and the keys that watch somebody are a loop, whose rows are those of the first of them."""
    model = models.find(plan.model)
    vendor = VENDORS[model.vendor]
    keys = [{"name": dict(shape)["key"], **facts} for shape, facts in vendor.keys(plan, model)]
    values: dict[str, object] = {**vendor.facts(plan, model, file), **vendor.line_facts(_LINE), "keys": keys}
    places = dict(vendor.facts(plan, model, file))
    if file == "mac":
        places |= vendor.line_facts(_LINE)
    said = {text: name for name, text in places.items() if len(text) > 1}
    lines: list[str] = []
    loop: list[str] = []
    for key, value, _, line in entries:
        watching = next((one for one in keys if key.startswith(f"{one['name']}") and file == "mac"), None)
        if watching is None:
            lines.append(line[: -len(value)] + "{{ " + said[value] + " }}" if value in said else line)
        elif watching is keys[0]:
            for name in ("name", "extension", "label"):
                line = line.replace(str(watching[name]), "{{ key." + name + " }}")
            loop.append(line)
    looped = ["{% for key in keys %}", *loop, "{% endfor %}"] if loop else []
    return vendor.HEADER + "\n".join([*lines, *looped, ""]), values
