"""The style of a storm's page: colours once for light and once for dark, told apart by more than hue."""

from __future__ import annotations

CSS = """
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#fff;--ink:#171b24;--soft:#5b6474;--hair:#e3e6ec;
--a:#2463d6;--b:#8a93a5;--c:#0e8f6f;--d:#b4540a;--bad:#c8243c;
--good:#e5f5ee;--good-ink:#0b5e49;--warn:#fff1dc;--warn-ink:#7a4100;--neutral:#e9eefb;--neutral-ink:#213f84}
@media(prefers-color-scheme:dark){:root{--paper:#0f1218;--card:#181c25;--ink:#e9ecf3;--soft:#9aa4b6;--hair:#2a303d;
--a:#7aa7ff;--b:#8d97aa;--c:#4fd0a9;--d:#f2a35e;--bad:#ff7085;
--good:#12302a;--good-ink:#8fe6cb;--warn:#3a2a12;--warn-ink:#ffcf8f;--neutral:#1a2440;--neutral-ink:#b4c8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1240px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:1.7rem;line-height:1.25;margin:.2em 0;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0}
.brand{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.08em;text-transform:uppercase}
.sub{margin:0;color:var(--soft)}
.verdict{border-radius:12px;padding:14px 18px;margin:24px 0 16px}
.verdict p{margin:.25em 0 0}
.good{background:var(--good);color:var(--good-ink)}
.warn{background:var(--warn);color:var(--warn-ink)}
.neutral{background:var(--neutral);color:var(--neutral-ink)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 16px}
.tile,figure,section:not(.verdict){background:var(--card);border:1px solid var(--hair);border-radius:12px}
.tile{padding:14px 16px}
.tile dt{color:var(--soft);font-size:.82rem}
.tile dd{margin:.1em 0;font-size:1.55rem;font-weight:620;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile .more{margin:0;color:var(--soft);font-size:.82rem;font-weight:400;letter-spacing:0}
.note{color:var(--soft);margin:0 0 12px}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(460px,100%),1fr));gap:16px;margin:0 0 16px}
.plots figure:first-child{grid-column:1/-1}
figure{margin:0;padding:16px 18px 10px}
figcaption p{margin:.1em 0 .5em;color:var(--soft);font-size:.9rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 8px;padding:0;font-size:.85rem}
.legend svg{width:26px;height:8px;margin-right:7px;vertical-align:middle}
figure>svg{display:block;width:100%;height:auto}
@media(max-width:700px){.plots figure:first-child{overflow-x:auto}.plots figure:first-child>svg{min-width:760px}}
svg text{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
text.y{text-anchor:end}text.x{text-anchor:middle}
.grid{stroke:var(--hair)}.axis,.tick{stroke:var(--soft)}
.line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}
.area{opacity:.14}
.line.a{stroke:var(--a)}.line.b{stroke:var(--b)}.line.c{stroke:var(--c)}
.line.d{stroke:var(--d)}.line.bad{stroke:var(--bad)}
.area.a{fill:var(--a)}.area.b{fill:var(--b)}.area.c{fill:var(--c)}
.area.d{fill:var(--d)}.area.bad{fill:var(--bad)}
.hover{fill:transparent}.hover:hover{fill:var(--ink);opacity:.07}
section:not(.verdict){padding:16px 18px;margin:0 0 16px;overflow-x:auto}
table{border-collapse:collapse;width:100%;margin-top:8px;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:6px 10px;border-top:1px solid var(--hair);vertical-align:top}
th{color:var(--soft);font-weight:500;border-top:0}
th:first-child,td:first-child{text-align:left;padding-left:0}
td:nth-child(2):nth-last-child(-n+2){text-align:left}th:nth-child(2):nth-last-child(-n+2){text-align:left}
footer{color:var(--soft);font-size:.82rem;margin-top:24px}
@media print{body{background:#fff}figure,section,.tile{break-inside:avoid}}
"""
