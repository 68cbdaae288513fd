/** The style of the HTML report. It stands in the page and is allowed there by its hash. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --panel: #f5f7f9;
  --bad: #b3261e; --bad-paper: #fdeceb; --unsure: #7a5200; --unsure-paper: #fdf3dc; --good: #11662f; --good-paper: #e7f6ec; --link: #0a5cab;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e6e9ed; --soft: #a3acb6; --line: #353c45; --panel: #1c2127;
    --bad: #ff9d94; --bad-paper: #3b1a18; --unsure: #f2c464; --unsure-paper: #352a12; --good: #7fd99a; --good-paper: #14301e; --link: #82bdff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
.page { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: clamp(1.5rem, 1.1rem + 1.8vw, 2.1rem); line-height: 1.2; margin: 0.2rem 0 0.8rem; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.8rem 0 0.6rem; }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 0 0 0.6rem; }
h4 { font-size: 0.95rem; margin: 1.4rem 0 0.4rem; }
p { margin: 0 0 0.8rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.brand { margin: 0; color: var(--soft); font-size: 0.9rem; letter-spacing: 0.04em; }
.worst { font-size: 1.15rem; padding-left: 0.8rem; border-left: 4px solid var(--bad); }
.soft { color: var(--soft); }
.small { font-size: 0.9rem; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 0.88rem; }
pre { margin: 0.4rem 0 0; padding: 0.7rem 0.9rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
.verdict { display: inline-block; padding: 0.08rem 0.55rem; border-radius: 1rem; border: 1px solid currentColor; font-size: 0.8rem; font-weight: 650; white-space: nowrap; }
.bad { color: var(--bad); background: var(--bad-paper); }
.unsure { color: var(--unsure); background: var(--unsure-paper); }
.good { color: var(--good); background: var(--good-paper); }
table { width: 100%; border-collapse: collapse; font-size: 0.94rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.5rem; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: baseline; padding: 0.5rem 0.7rem 0.5rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 500; font-size: 0.85rem; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
th.number:last-child, td.number:last-child { padding-right: 0; }
.finding { margin: 1.2rem 0 0; padding: 1.2rem 1.3rem 1.3rem; border: 1px solid var(--line); border-left: 5px solid var(--bad); border-radius: 8px; }
.story { list-style: none; margin: 0.8rem 0 0; padding: 0; }
.story li { display: grid; grid-template-columns: 2.2rem 1fr; padding: 0.55rem 0.7rem 0.55rem 0; border-left: 3px solid transparent; }
.story li + li { border-top: 1px solid var(--line); }
.step { text-align: right; padding-right: 0.7rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.story .plant { border-left-color: var(--unsure); background: var(--unsure-paper); }
.story .leak { border-left-color: var(--bad); background: var(--bad-paper); }
.mark { display: block; font-weight: 650; font-size: 0.85rem; }
.plant .mark { color: var(--unsure); }
.leak .mark { color: var(--bad); }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: 0.45rem 1rem; margin: 1.2rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
dd ul, .plain { margin: 0; padding-left: 1.1rem; }
details { margin-top: 0.9rem; }
summary { cursor: pointer; color: var(--link); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.9rem; }
@media (max-width: 40rem) {
  .page { padding: 1.2rem 1rem 3rem; }
  .finding { padding: 1rem; }
  dl { grid-template-columns: 1fr; gap: 0.1rem; }
  dd { margin-bottom: 0.6rem; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards caption { display: block; }
  .cards tr { display: block; padding: 0.7rem 0; border-bottom: 1px solid var(--line); }
  .cards th, .cards td { display: flex; justify-content: space-between; gap: 1rem; padding: 0.1rem 0; border: 0; }
  .cards td::before { content: attr(data-label); color: var(--soft); }
  .cards th { font-size: 1.02rem; }
}
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --panel: #ffffff;
    --bad: #8c1d18; --bad-paper: #ffffff; --unsure: #5c3d00; --unsure-paper: #ffffff; --good: #0d4d23; --good-paper: #ffffff; --link: #000000;
  }
  body { font-size: 10.5pt; }
  .page { max-width: none; padding: 0; }
  h2, h3, h4, summary { break-after: avoid; }
  .finding, .story li, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
