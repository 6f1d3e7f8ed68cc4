/** Outcome colours are told apart under the common colour blindnesses, and never stand without a shape or a word. */
const colours = `
:root{color-scheme:light dark;--paper:#faf9f7;--card:#fff;--ink:#1d2126;--muted:#5d646e;--line:#e3e0da;--faint:#efede8;
--pass:#00705a;--fail:#b8390e;--inconclusive:#5b4bc4;--beyond:#b8390e12;--band:#1d212614;--candidate:#20639b;--baseline:#8b8f96}
@media (prefers-color-scheme:dark){:root{--paper:#121417;--card:#191c20;--ink:#e9e6e0;--muted:#9da3ad;--line:#2d3238;--faint:#22262b;
--pass:#45c3a0;--fail:#ff8d63;--inconclusive:#aea3ff;--beyond:#ff8d6314;--band:#e9e6e01c;--candidate:#79b5ea;--baseline:#7d838c}}
.pass{--tone:var(--pass)}.fail{--tone:var(--fail)}.inconclusive{--tone:var(--inconclusive)}.plain{--tone:var(--candidate)}.hollow{--tone:var(--muted)}`;

const type = `
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
main{max-width:1060px;margin:0 auto;padding:48px 24px 64px}
h1,h2,h3,h4,p,dl,ul,figure{margin:0}
h2,h3{font-size:20px;font-weight:620;letter-spacing:-.01em;line-height:1.25;margin-bottom:14px}
h4{font-size:15px;font-weight:620;margin:0 0 2px}
small{font-size:12.5px;font-weight:400;color:var(--muted);letter-spacing:0}
.muted{color:var(--muted)}code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
section,footer{margin-top:52px}.place{margin-top:22px}
summary{cursor:pointer;color:var(--muted);font-size:13.5px;padding:8px 0}summary:hover{color:var(--ink)}
:focus-visible{outline:2px solid var(--candidate);outline-offset:2px;border-radius:3px}
.word{color:var(--tone);font-weight:560;white-space:nowrap}.icon{vertical-align:-.16em;overflow:visible}
.chip{display:inline-block;padding:1px 8px;border-radius:99px;background:var(--faint);color:var(--muted);font-size:12px;line-height:1.5}
.chip.caution{background:none;color:var(--ink);box-shadow:inset 0 0 0 1.5px var(--ink);font-weight:560}
.notes{padding-left:18px;color:var(--muted)}.notes li{margin:3px 0}dl+.notes{margin-top:16px}
footer{border-top:1px solid var(--line);padding-top:16px;color:var(--muted);font-size:13px}`;

const verdict = `
.overline{color:var(--muted);font-size:13.5px}
h1{display:flex;align-items:center;gap:14px;font-size:60px;line-height:1.1;font-weight:680;letter-spacing:-.03em;color:var(--tone);margin:6px 0 12px}
h1 .icon{flex:none;margin-left:-7px}
.headline{font-size:21px;line-height:1.4;max-width:46em;letter-spacing:-.005em;text-wrap:pretty}
.meta{margin-top:8px;font-size:14px}.models{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:6px 22px;margin-top:14px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(290px,100%),1fr));gap:16px;margin-top:28px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px 16px;max-width:520px}
.card h2{font-size:15px;margin:0;min-height:2.5em}.card h2 small{display:block}
.big{font-size:32px;font-weight:640;letter-spacing:-.02em;color:var(--tone);line-height:1.3;margin-bottom:6px}
.cards+p{margin-top:10px;font-size:13.5px}.card .plot{height:40px}.sure{font-size:13.5px;margin-top:8px}`;

const plots = `
svg text{font-size:11.5px;fill:var(--muted)}
.plot{display:block;width:100%;height:34px}
.mark{fill:var(--tone)}.mark.open{fill:var(--card);stroke:var(--tone);stroke-width:2}
.icon .mark.open{fill:none;stroke-width:14%}
.interval,.end{stroke:var(--tone);stroke-width:2;fill:none}.end{stroke-width:1.5}
.zero{stroke:var(--muted);stroke-width:1;opacity:.75}.margin{stroke:var(--fail);stroke-width:1.25;stroke-dasharray:4 3}
.beyond{fill:var(--beyond)}.detectable{fill:var(--band)}.unknown{font-style:italic}svg text.limit{fill:var(--fail)}
.axis{display:block;width:100%;height:24px;overflow:visible}.axis line{stroke:var(--line)}
.latency{display:block;width:100%;margin-top:6px}.latency path.candidate{fill:var(--candidate);opacity:.75}.latency path.baseline{fill:var(--baseline);opacity:.6}
.latency line.candidate{stroke:var(--ink);stroke-width:1.25}.latency line.baseline{stroke:var(--ink);stroke-width:1.25;opacity:.8}.latency .p95{stroke-dasharray:3 3}
.latency text.candidate,.latency text.baseline{fill:var(--ink)}.tick{stroke:var(--line)}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:12.5px;margin:4px 0 10px}
.key .candidate::before,.key .baseline::before{content:"";display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px;background:var(--candidate)}
.key .baseline::before{background:var(--baseline)}.legend p{color:var(--muted);max-width:62em;font-size:13.5px}.sample{max-width:420px;margin:8px 0}.site{fill:var(--candidate);opacity:.55}`;

const tables = `
p+table{margin-top:14px}table{width:100%;border-collapse:collapse;font-size:14px}
th{font-weight:inherit;text-align:left}thead th,thead td{font-size:12.5px;color:var(--muted);padding:2px 10px 6px 0;vertical-align:bottom}
.number{text-align:right;white-space:nowrap}
.forest{table-layout:fixed}.forest thead th:nth-child(n+3):not(:last-child){text-align:right}
.forest th:first-child{width:23%}.forest th:nth-child(2){width:auto}.forest th:nth-child(3){width:214px}.forest th:nth-child(4),.forest th:nth-child(5){width:86px}.forest th:nth-child(6){width:104px}
.forest.ratios th:nth-child(3){width:25%;text-align:right}
.forest thead th{border-bottom:1px solid var(--line)}
.direction span:last-child{float:right}.forest td,.forest th{padding:0 10px 0 0;vertical-align:middle}.forest .picture{padding:0}.forest td.outcome,.forest thead th:last-child{padding-left:8px;padding-right:0}
.forest.ratios .number{padding-right:0}
.forest th[scope=row]{padding:5px 10px 5px 0;line-height:1.3}.forest th[scope=row] small,.outcome small{display:block}
.forest tr{height:34px}.forest tr.ticks,.forest tr.why,.forest thead tr{height:auto}.forest .picture{position:relative}.forest .plot{position:absolute;inset:0;height:100%}.forest .whole th[scope=row]{font-weight:560}.slice th[scope=row]{padding-left:18px!important}
.watched{color:var(--muted)}.watched .interval,.watched .mark,.watched .end{opacity:.5}.watched b{font-weight:400}
.why ul{list-style:none;padding:0 0 12px;max-width:70em}.why li{padding:3px 0 3px 20px;text-indent:-20px;font-size:13.5px;color:var(--muted);line-height:1.45}.why .icon{margin-right:2px}.why b{color:var(--ink);font-weight:560}
.ticks td{padding:0 0 10px}.forest b{font-weight:600}
.plain td,.plain th{padding:7px 16px 7px 0}.plain tbody tr{border-top:1px solid var(--line)}.bar{width:34%}.bar svg{display:block}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(240px,100%),1fr));gap:10px 28px;margin:6px 0}.facts.wide{grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr))}
dt{font-size:12.5px;color:var(--muted)}dd{margin:0}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(232px,100%),1fr));gap:18px;margin-bottom:26px}
figure img,.withheld{display:block;width:100%;height:auto;aspect-ratio:16/9;object-fit:cover;border-radius:7px;background:var(--faint)}
.withheld{display:grid;place-items:center;color:var(--muted);font-size:12.5px}
figcaption{font-size:13.5px;line-height:1.4;margin-top:7px}figcaption small{display:block}.chips{display:flex;flex-wrap:wrap;gap:4px;margin-top:5px}
`;

const small = `
@media (max-width:700px){main{padding:28px 18px 48px}h1{font-size:44px}.headline{font-size:18px}section,footer{margin-top:40px}
.forest,.forest tbody,.forest thead{display:block}.forest thead tr{display:block}.forest thead th{display:none}.forest thead th.direction{display:block;width:100%;padding-right:0}
.forest tr{display:grid;grid-template-columns:1fr auto;align-items:baseline}.forest tr.ticks{display:block}.forest tr.ticks td:not(:nth-child(2)){display:none}.forest tr.ticks td{display:block;padding:0 0 10px}
.forest th[scope=row]{grid-column:1;width:auto!important}.forest td.outcome{grid-column:2;grid-row:1}.forest .picture{grid-column:1/-1;grid-row:2;height:34px}.forest tr{height:auto}
.forest td.gain{grid-column:1/-1;grid-row:3;text-align:left;padding-top:2px}.forest td[data-name]{font-size:12.5px;color:var(--muted);text-align:left}
.forest td[data-name]::before{content:attr(data-name) " "}.forest tr:not(.why):not(.ticks){margin-top:10px}
.why td{grid-column:1/-1}.slice th[scope=row],.slice .number{padding-left:12px!important}.forest td.outcome{padding:0;text-align:right}.forest td[data-name=reference]{padding-right:0;text-align:right}.ratios td.gain{grid-row:3}
.bar{display:none}.plain td,.plain th{padding-right:10px}.card h2{min-height:0}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media print{body{background:#fff}.card,figure,tr{break-inside:avoid}}`;

export const style = [colours, type, verdict, plots, tables, small].join('').replaceAll('\n', '');

/** The page of a replay, beyond what it shares with the report of a check. */
export const replayStyle = `
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(470px,100%),1fr));gap:14px}.card.chart{max-width:none;padding:12px 14px 8px}
.nights{display:block;width:100%;height:auto;margin-top:6px}.nights .rule{stroke:var(--line);stroke-width:1}.nights .bound{stroke:var(--fail);stroke-width:1.25;stroke-dasharray:4 3}
.nights .course{fill:none;stroke:var(--candidate);stroke-width:1.4;opacity:.75}.nights .night{fill:var(--candidate)}.nights .night.fail{fill:var(--fail)}
.nights .usual{fill:var(--band)}.nights .alarmed{fill:var(--beyond)}.chart figcaption{margin:0}.alarm-line{font-size:13.5px;color:var(--muted);margin:4px 0}.alarm-line b{color:var(--ink)}
.nights-key{margin-top:28px}.nights-key span::before{content:"";display:inline-block;width:10px;height:10px;margin-right:6px;background:var(--band)}
.nights-key .disc::before{border-radius:50%;background:var(--candidate)}.nights-key .square::before{background:var(--fail)}.nights-key .dash::before{height:0;width:16px;vertical-align:3px;background:none;border-top:2px dashed var(--fail)}
`.replaceAll('\n', '');

/** The page of placements, beyond what it shares with the report of a check. */
export const placeStyle = `
.frontiers{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr));gap:14px;margin-bottom:12px}.card.chart{max-width:none;padding:12px 12px 6px}
.frontier{display:block;width:100%;height:auto}.frontier .rule{stroke:var(--line);stroke-width:1}.frontier .span{stroke:var(--candidate);stroke-width:1.5;opacity:.55}
.frontier .point{fill:var(--candidate);stroke:var(--card);stroke-width:1.5}.frontier .name{fill:var(--ink);font-weight:560}
.frontier .span.dominated{stroke:var(--baseline)}.frontier .point.dominated{fill:var(--card);stroke:var(--baseline);stroke-width:2}.frontier .name.dominated{fill:var(--muted);font-weight:400}
.placements small{display:block}.placements thead b{font-size:14px;color:var(--ink);font-weight:600}.placements thead .dominated b{color:var(--muted);font-weight:400}.placements thead .number{white-space:normal}h3{margin:26px 0 6px;font-size:16px}
`.replaceAll('\n', '');
