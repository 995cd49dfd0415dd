import { BREACH_FILL, FONT, HUE, INK, PAPER, SHARE_COLOURS } from "./theme.ts";

/** The report's style sheet: one column of reading width, figures on cards, tabular figures, printable. */
export const REPORT_STYLE = `
:root { color-scheme: light; --edge: ${INK.line}; }
* { box-sizing: border-box; }
body { margin: 0; background: #f5f4f0; color: ${INK.text}; font: 15px/1.55 ${FONT}; }
h1, h2, h3 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; color: ${INK.strong}; line-height: 1.2; text-wrap: balance; }
h1 { font-size: 38px; margin: 6px 0 8px; font-weight: 600; letter-spacing: -0.01em; color: ${PAPER}; overflow-wrap: anywhere; }
h2 { font-size: 24px; margin: 0 0 6px; font-weight: 600; }
h3 { font-size: 17px; margin: 28px 0 4px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 14px; max-width: 72ch; }
a { color: inherit; }
:focus-visible { outline: 3px solid ${HUE.vermilion}; outline-offset: 2px; }
.page { max-width: 1080px; margin: 0 auto; padding: 0 28px; }
header { background: ${SHARE_COLOURS[2]}; color: #dbe7f2; padding: 44px 0 0; border-bottom: 4px solid ${HUE.vermilion}; }
.kicker { font-size: 12px; letter-spacing: 0.12em; text-transform: uppercase; margin: 0; }
.for { margin: 0 0 26px; font-size: 16px; overflow-wrap: anywhere; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 0 24px; margin: 0; padding: 16px 0 20px; border-top: 1px solid #ffffff33; }
dl.facts dt { font-size: 12px; }
dl.facts dd { margin: 0; font-size: 26px; font-weight: 600; color: ${PAPER}; font-variant-numeric: tabular-nums; }
nav ol { display: flex; flex-wrap: wrap; gap: 4px 22px; list-style: none; margin: 0; padding: 14px 0; font-size: 14px; border-bottom: 1px solid var(--edge); }
nav a { text-decoration-color: ${INK.line}; text-underline-offset: 4px; }
section { padding: 36px 0 8px; }
figure { margin: 14px 0 22px; }
figcaption { font-size: 13.5px; color: ${INK.quiet}; max-width: 80ch; margin: 8px 2px 0; }
.card, .scroll { background: ${PAPER}; border: 1px solid var(--edge); border-radius: 8px; overflow-x: auto; }
.card { padding: 14px 16px; }
.card > svg { display: block; margin: 0 auto; }
.scroll { margin: 14px 0 22px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 12px 14px 8px; font-size: 13.5px; color: ${INK.quiet}; }
th, td { padding: 8px 12px; text-align: left; vertical-align: top; border-top: 1px solid ${INK.grid}; }
thead th { font-size: 12.5px; font-weight: 600; color: ${INK.quiet}; vertical-align: bottom; border-top: 0; border-bottom: 1px solid var(--edge); }
tbody th { font-weight: 600; color: ${INK.strong}; max-width: 280px; min-width: 186px; overflow-wrap: anywhere; }
tbody tr:hover { background: #f7f9fb; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
td small { display: block; font-size: 11.5px; color: ${INK.quiet}; }
.compact td small { display: inline; margin-left: 8px; }
.compact th, .compact td { padding-top: 4px; padding-bottom: 4px; }
.rank { font-weight: 600; color: ${INK.strong}; }
.success { display: flex; justify-content: space-between; gap: 10px; }
.bar { flex: none; margin-top: 3px; }
.bar .track { fill: ${SHARE_COLOURS[0]}; }
.bar .fill { fill: ${SHARE_COLOURS[1]}; }
.bar .whisker { stroke: ${INK.strong}; stroke-width: 1.5; fill: none; }
.versions td { overflow-wrap: anywhere; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
details { margin: 0 0 22px; }
summary { cursor: pointer; padding: 6px 0; text-decoration: underline; text-decoration-color: ${INK.line}; text-underline-offset: 4px; }
.notes { background: ${BREACH_FILL}66; border-left: 4px solid ${HUE.vermilion}; padding: 14px 18px 14px 36px; margin: 14px 0 22px; }
.notes li { margin: 4px 0; max-width: 76ch; overflow-wrap: anywhere; }
.empty { color: ${INK.quiet}; font-style: italic; }
footer { margin-top: 36px; padding: 18px 0 40px; border-top: 1px solid var(--edge); font-size: 13px; color: ${INK.quiet}; }
@media (max-width: 640px) { .page { padding: 0 16px; } h1 { font-size: 28px; } tbody th { min-width: 120px; } }
@media print { body { background: ${PAPER}; } nav { display: none; } section { padding-top: 18px; } figure, tr { break-inside: avoid; } .scroll, .card { overflow: visible; } }
`;
