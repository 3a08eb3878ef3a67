"""A storm's report for a terminal, and the words that page and terminal share. Numbers come from the report alone."""

from __future__ import annotations

from device_emulator.fleet.report import Latency, Report


def seconds(value: float) -> str:
    """Three digits that count, with a unit that fits."""
    if value == 0:
        return "0"
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    if value < 1:
        return f"{value * 1e3:.3g} ms" if value < 0.1 else f"{value * 1e3:.0f} ms"
    if value < 100:
        return f"{value:.3g} s"
    whole = round(value)
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60}:{rest % 60:02} min"
    return f"{hours} h {clock}" if hours else clock


def number(value: float) -> str:
    """With thousands separated; a fraction only where it counts."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def size(value: float) -> str:
    """Bytes, as people say them."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:,.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("not reached")


def rate(report: Report, value: float) -> str:
    """A rate, marked where it is only a lower bound."""
    return f"{'≥ ' if report.lower_bounds else ''}{number(value)}"


def title(report: Report) -> str:
    """What was played."""
    setting = report.setting
    plan = setting.plan
    how = f"at {number(plan.rate)} a second" if plan.pattern == "rolling" else f"within {plan.ramp:g} s"
    where = "a simulated server" if setting.simulated else setting.url
    names = {"power-cut": "Power comes back", "rolling": "Rolling restart", "check-sync": "Check-sync"}
    phones = f"{report.phones.total:,} phone{'' if report.phones.total == 1 else 's'}"
    return f"{names[plan.pattern]}: {phones} {how}, against {where}"


def verdict(report: Report) -> tuple[str, str]:
    """(headline, explanation): can the figures be taken for the server's?"""
    told = report.generator
    if report.setting.simulated:
        return "Simulated", "Played in virtual time against a model of a server: no generator was in the way."
    if not told.limited:
        return (
            "The generator kept up",
            "It began what was due in time and had processor to spare: the figures are the server's.",
        )
    reasons = "; ".join(check.text for check in told.checks if check.exceeded)
    return (
        "The generator was the limit, not the server",
        f"Rates are lower bounds, and latencies upper bounds, of what the server does: {reasons}. "
        "Give the generator a core of its own, or make the ramp longer or the rate lower.",
    )


def ending(report: Report) -> str:
    """How it ended."""
    phones = report.phones
    left = f", {phones.unfinished:,} not yet" if phones.unfinished else ""
    told = {
        "complete": "Complete",
        "out of time": "Out of time (--duration)",
        "interrupted": "Interrupted: this is the report so far",
    }
    return f"{told[report.outcome]}. {phones.ready:,} phones ready, {phones.gave_up:,} gave up{left}."


def back_off(report: Report) -> str:
    """What the generator did where phones would have failed at once; empty if nothing."""
    again = report.requests.again
    return f"{again:,} requests were sent again after a back-off" if again else ""


def held(report: Report) -> str:
    """Whether the cap on connections held requests back; empty if not."""
    waited = report.requests.held
    if not waited.count:
        return ""
    cap = report.setting.manners.connections
    return (
        f"all {cap:,} connections were in use: {waited.count:,} requests waited for one, up to {seconds(waited.max)} "
        "(part of the time since planned)"
    )


def _row(name: str, latency: Latency) -> str:
    values = (latency.p50, latency.p90, latency.p99, latency.p99_9, latency.max)
    return f"  {name:<22}" + "".join(f"{seconds(value):>11}" for value in values)


def text(report: Report) -> str:
    """The whole report on a screen or two."""
    phones, requests = report.phones, report.requests
    lines = [title(report), ending(report), ""]
    if report.warm_up is not None:
        warm = report.warm_up
        failed = f", {warm.gave_up:,} did not" if warm.gave_up else ""
        lines += [f"Warm-up (not counted): {warm.ready:,} phones booted in {seconds(warm.seconds)}{failed}.", ""]
    lines += [
        "Phones",
        f"  last one ready after  {seconds(phones.last_ready) if phones.ready else 'none was'}",
    ]
    if phones.ready:
        lines += [
            f"  ready a second        {rate(report, phones.ready_per_second)}, "
            f"at most {phones.ready_per_second_peak:,} in one second",
            f"  from start to ready   {seconds(phones.boot.p50)} (half), {seconds(phones.boot.p99)} (99 %), "
            f"{seconds(phones.boot.max)} (all)",
        ]
    if phones.reboots:
        lines.append(f"  reboots of their own  {phones.reboots:,}")
    lines += [f"  gave up: {count:,} × {reason}" for reason, count in phones.reasons.items()]
    lines += [
        "",
        "Requests",
        f"  answered              {requests.answers:,}, {size(requests.body_bytes)}",
        f"  a second              {rate(report, requests.per_second)}, "
        f"at most {number(requests.per_second_peak)} in one second",
        "  answers               " + (", ".join(f"{n:,} × {code}" for code, n in requests.statuses.items()) or "none"),
        "  failures              " + (", ".join(f"{n:,} × {kind}" for kind, n in requests.failures.items()) or "none"),
        *(f"  note: {note}" for note in (back_off(report), held(report)) if note),
        "",
        f"  {'':<22}" + "".join(f"{name:>11}" for name in ("p50", "p90", "p99", "p99.9", "max")),
        _row("service time", report.service),
        _row("since planned start", report.from_planned),
        "",
    ]
    head, why = verdict(report)
    lines.append(f"{head}. {why}")
    lines += [f"  {'! ' if check.exceeded else '  '}{check.text}" for check in report.generator.checks]
    return "\n".join("".join(one if one.isprintable() else "?" for one in line) for line in lines)
