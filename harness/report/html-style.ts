/** The style of the HTML report. It stands in the page and is allowed there by its hash. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --panel: #f5f7f9;
  --bad: #b3261e; --bad-paper: #fdf1f0; --unsure: #7a5200; --unsure-paper: #fdf6e7; --good: #11662f; --good-paper: #e9f6ee; --link: #0a5cab;
  --user-0: #0a5cab; --user-1: #9a4a00; --user-2: #7138b8; --user-3: #0f6b66;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e6e9ed; --soft: #a3acb6; --line: #353c45; --panel: #1c2127;
    --bad: #ff9d94; --bad-paper: #2c1c1d; --unsure: #f2c464; --unsure-paper: #292418; --good: #7fd99a; --good-paper: #16291d; --link: #82bdff;
    --user-0: #82bdff; --user-1: #ffb27a; --user-2: #cfa8ff; --user-3: #6fd6cf;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
.page { max-width: 70rem; margin: 0 auto; padding: 2.2rem 1.5rem 4rem; }
h1 { font-size: clamp(1.55rem, 1.1rem + 2vw, 2.3rem); line-height: 1.18; margin: 0.2rem 0 0.9rem; max-width: 24em; text-wrap: balance; letter-spacing: -0.01em; }
h2 { font-size: 1.45rem; line-height: 1.3; margin: 3rem 0 0.6rem; }
h3 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 0.5rem; }
h4 { font-size: 1rem; margin: 1.8rem 0 0.5rem; }
p { margin: 0 0 0.8rem; }
.prose, .basis, .cause { max-width: 46rem; }
.basis { font-size: 1.1rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.brand { margin: 0; color: var(--soft); font-size: 0.9rem; letter-spacing: 0.04em; }
.soft { color: var(--soft); }
.small { font-size: 0.9rem; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 0.88rem; }
pre { margin: 0; padding: 0.6rem 0.9rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
button { font: inherit; font-size: 0.9rem; padding: 0.3rem 0.75rem; border: 1px solid var(--soft); border-radius: 6px; background: var(--paper); color: var(--ink); cursor: pointer; }
button:hover { border-color: var(--ink); }
ul { margin: 0 0 0.8rem; padding-left: 1.15rem; }
.verdict, .severity { display: inline-block; padding: 0.08rem 0.55rem; border-radius: 1rem; border: 1px solid currentColor; font-size: 0.8rem; font-weight: 650; line-height: 1.45; white-space: nowrap; }
h2 .verdict, h2 .soft { font-size: 0.9rem; letter-spacing: 0; vertical-align: 0.15em; }
h2 .soft { font-weight: 400; }
.severity { border-radius: 4px; font-weight: 600; }
.bad, .critical { color: var(--bad); background: var(--bad-paper); }
.unsure, .high, .medium { color: var(--unsure); background: var(--unsure-paper); }
.medium { border-style: dashed; }
.good { color: var(--good); background: var(--good-paper); }
.worst { list-style: none; margin: 1.2rem 0 1.2rem; padding: 0; max-width: 56rem; }
.worst li { display: grid; grid-template-columns: 5rem 1fr; gap: 0 0.8rem; align-items: baseline; padding: 0.5rem 0 0.5rem 0.9rem; border-left: 4px solid var(--bad); }
.worst .severity { justify-self: start; }
.worst a { font-weight: 600; }
.open-reason { max-width: 46rem; margin: 1.2rem 0; padding: 0.3rem 0 0.3rem 0.9rem; border-left: 4px solid var(--unsure); }

table { width: 100%; border-collapse: collapse; font-size: 0.94rem; margin: 0 0 1.4rem; }
caption { text-align: left; color: var(--soft); padding: 0.6rem 0 0.4rem; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: baseline; padding: 0.5rem 0.9rem 0.5rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 500; font-size: 0.85rem; overflow-wrap: normal; }
tbody th { font-weight: 600; }
tbody th code { font-weight: 400; color: var(--soft); }
.wordy tbody th { width: 32%; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.number { white-space: nowrap; }
.cards .number { width: 7rem; }
.cards tbody th { min-width: 12rem; }
.cards .verdict { white-space: nowrap; }
.badges { white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }

dl { margin: 0 0 1rem; }
dl > div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: 0.3rem 0; }
dt { color: var(--soft); }
dd { margin: 0; max-width: 46rem; }
dd ul { margin: 0; }

.finding { margin: 1.6rem 0 0; padding: 1.4rem 1.5rem 1.5rem; border: 1px solid var(--line); border-top: 4px solid var(--bad); border-radius: 4px 4px 8px 8px; }
.kicker { color: var(--soft); font-size: 0.92rem; margin: 0 0 0.35rem; }
.finding h3 { font-size: 1.3rem; }
.same-cause { margin: 1.2rem 0 0; font-weight: 600; }
.finding.folded { margin: 0.6rem 0 0 1.2rem; padding: 0.6rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 4px; }
.folded details { margin: 0; }
.folded summary { color: inherit; }
.folded summary h3 { margin: 0.2rem 0 0; font-size: 1.1rem; }
.folded summary .kicker { margin: 0; }
.folded details[open] > summary { margin-bottom: 0.9rem; }
.glance { display: flex; flex-wrap: wrap; gap: 1rem 1.6rem; margin: 1rem 0 0; padding: 1rem; background: var(--panel); border-radius: 6px; }
.glance figure { flex: none; width: 15rem; }
.glance dl { flex: 1 1 22rem; margin: 0; }
.glance .drawing, .glance .picture { width: 15rem; height: auto; }
.cause { font-size: 1.08rem; padding-left: 0.9rem; border-left: 4px solid var(--line); }
.command { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; margin-bottom: 0.5rem; }
.command pre { flex: 0 1 auto; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem 2.5rem; margin: 1rem 0; }

figure { margin: 0; width: 10rem; }
figcaption { font-size: 0.82rem; line-height: 1.4; color: var(--soft); margin-top: 0.25rem; }
.picture, .drawing { display: block; max-width: 100%; height: auto; border-radius: 3px; }
figure.leak .picture { outline: 3px solid var(--bad); outline-offset: 1px; }
figure.plant .picture { outline: 3px solid var(--unsure); outline-offset: 1px; }
figure.leak .sheet { stroke: var(--bad); stroke-width: 3; }
figure.plant .sheet { stroke: var(--unsure); stroke-width: 3; }
.drawing text { font-size: 12px; fill: var(--ink); }
.sheet { fill: var(--paper); stroke: var(--soft); stroke-width: 1.2; }
.outline { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.coarse { stroke-dasharray: 3 4; }
.small-outline { stroke-width: 4; }
.tag path { fill: var(--paper); stroke-width: 2; }
.tag text { font-size: 11px; font-weight: 700; fill: var(--ink); }
.user-0 path { stroke: var(--user-0); }
.user-1 path { stroke: var(--user-1); }
.user-2 path { stroke: var(--user-2); }
.user-3 path { stroke: var(--user-3); }
.visitor path { stroke: var(--soft); stroke-dasharray: 3 3; }

.cast { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 0 0 0.4rem; }
.member { display: inline-flex; align-items: center; gap: 0.4rem; }
.story { margin-top: 0.8rem; }
.story:focus-visible { outline-offset: 6px; }
.player { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; padding: 0.5rem 0; background: var(--paper); }
.player[hidden] { display: none; }
.stepping .player { position: sticky; top: 0; z-index: 1; border-bottom: 1px solid var(--line); }
.place { min-width: 7rem; font-weight: 600; font-variant-numeric: tabular-nums; padding-left: 0.4rem; }
.keys { font-size: 0.85rem; }
.steps { list-style: none; margin: 0; padding: 0; }
.step { display: grid; grid-template-columns: 3rem max-content minmax(0, 1fr); scroll-margin: 4rem 0 2rem; border-top: 1px solid var(--line); border-left: 4px solid transparent; --row: var(--paper); }
.step:last-child, .gap { border-bottom: 1px solid var(--line); }
.step > .number { padding: 0.6rem 0.8rem 0 0; color: var(--soft); }
.told { padding: 0.6rem 0.8rem 0.9rem 1rem; max-width: 42rem; grid-column: 3; grid-row: 1; }
.told p { margin: 0; }
.lanes { grid-column: 2; grid-row: 1; display: flex; flex-direction: column; align-items: flex-start; }
.mark { display: block; font-weight: 650; font-size: 0.88rem; margin-bottom: 0.15rem; }
.step.plant { border-left-color: var(--unsure); background: var(--row); --row: var(--unsure-paper); }
.step.leak { border-left-color: var(--bad); background: var(--row); --row: var(--bad-paper); }
.plant .mark { color: var(--unsure); }
.leak .mark { color: var(--bad); }
.step.now { outline: 2px solid var(--link); outline-offset: -1px; }
.step.later { visibility: hidden; }
.gap { padding: 0.8rem 0 0.8rem 3rem; border-top: 1px dashed var(--soft); }
.pictures { display: flex; flex-wrap: wrap; gap: 0.8rem; margin-top: 0.7rem; }

.chunk { display: block; max-width: 100%; height: auto; }
.fill { display: block; flex: 1 1 0; min-height: 0; max-width: 100%; }
.chunk text { font-size: 12px; fill: var(--ink); stroke: var(--row); stroke-width: 3px; stroke-linejoin: round; paint-order: stroke; }
.chunk .tag text { font-size: 11px; stroke: none; }
.chunk .note + text { stroke: none; }
.chunk .name { font-weight: 600; }
.life { stroke: var(--line); stroke-width: 1; }
.stay { stroke: var(--bad); stroke-width: 5; stroke-opacity: 0.55; }
.icon { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.way { stroke: var(--soft); stroke-width: 1.3; }
.tip { fill: var(--soft); }
.reply .way { stroke-dasharray: 5 3; }
.note { fill: var(--panel); stroke: var(--line); }
.pass { stroke: var(--soft); stroke-dasharray: 2 4; }
g.plant .way, g.leak .way { stroke-width: 2.6; }
g.plant .way { stroke: var(--unsure); }
g.plant .tip, .arrival { fill: var(--unsure); }
g.leak .way { stroke: var(--bad); }
g.leak .tip { fill: var(--bad); }
g.leak .sheet { stroke: var(--bad); stroke-width: 2; }
g.plant .sheet { stroke: var(--unsure); stroke-width: 2; }
g.plant text, g.leak text { font-weight: 700; }

.broad .step { grid-template-columns: 3rem minmax(0, 1fr); }
.broad .told { grid-column: 2; padding-left: 0; }
.broad .lanes { grid-column: 1 / -1; grid-row: 2; overflow-x: auto; }
.broad .chunk { max-width: none; }
.broad .fill { display: none; }

details { margin-top: 1.2rem; }
summary { cursor: pointer; color: var(--link); }
@media screen and (max-width: 52rem) {
  .page { padding: 1.3rem 1rem 3rem; }
  .finding { padding: 1rem 0.8rem; }
  .finding.folded { margin-left: 0; padding: 0.6rem 0.8rem; }
  .two { grid-template-columns: 1fr; }
  dl > div { grid-template-columns: 1fr; padding: 0.35rem 0; }
  .glance figure, .glance .drawing, .glance .picture { width: 100%; max-width: 20rem; }
  .step, .broad .step { grid-template-columns: 2rem minmax(0, 1fr); }
  .step > .number { padding-right: 0.5rem; }
  .told { grid-column: 2; grid-row: 1; padding: 0.6rem 0.5rem 0.6rem 0; }
  .lanes { grid-column: 1 / -1; grid-row: 2; }
  .fill { display: none; }
  .keys { display: none; }
  .player { gap: 0.3rem; }
  .player button { padding: 0.3rem 0.5rem; }
  .place { min-width: 0; }
  .worst li { grid-template-columns: 1fr; }
  .cards thead, .wordy thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards caption, .wordy, .wordy tbody, .wordy caption { display: block; }
  .cards tr, .wordy tr { display: block; padding: 0.7rem 0; border-bottom: 1px solid var(--line); }
  .cards th, .cards td { display: flex; justify-content: space-between; gap: 1rem; padding: 0.1rem 0; border: 0; }
  .cards .number { width: auto; }
  .badges { white-space: normal; }
  .cards td::before { content: attr(data-label); color: var(--soft); }
  .cards th { font-size: 1.02rem; }
  .wordy th, .wordy td, .wordy tbody th { display: block; width: auto; padding: 0.05rem 0; border: 0; text-align: left; }
  .wordy td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --panel: #ffffff;
    --bad: #8c1d18; --bad-paper: #ffffff; --unsure: #5c3d00; --unsure-paper: #ffffff; --good: #0d4d23; --good-paper: #ffffff; --link: #000000;
    --user-0: #003c7a; --user-1: #6b3300; --user-2: #4b1f85; --user-3: #054a46;
  }
  body { font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  .player, button { display: none !important; }
  .step.later { visibility: visible; }
  .step.now { outline: 0; }
  h2, h3, h4, summary, caption, .kicker, .finding > .prose, .command { break-after: avoid; }
  .step, .glance, figure, tr, dl > div, .command, .worst li { break-inside: avoid; }
  .step { grid-template-columns: 2.2rem 20rem minmax(0, 1fr); }
  .broad .step { grid-template-columns: 2.2rem minmax(0, 1fr); }
  .broad .chunk { max-width: 100%; }
  .target + .target { break-before: page; }
  .glance { border: 1px solid var(--line); }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
