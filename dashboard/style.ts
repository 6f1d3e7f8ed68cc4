import { style } from '#report';

/** What the dashboard has beyond the page of a check, which it shares all else with. */
const own = `
:root{--card:#fff}@media (prefers-color-scheme:dark){:root{--card:#191c20}}
a{color:var(--candidate);text-underline-offset:2px}a:hover{text-decoration-thickness:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--card);padding:6px 12px;z-index:1}
.top{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 26px;max-width:1060px;margin:0 auto;padding:18px 24px 12px;border-bottom:1px solid var(--line)}
.brand{font-weight:660;color:var(--ink);text-decoration:none}.top ul,.links{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:0}
.top a{font-size:14px;display:inline-block;padding:2px 0}.top a[aria-current=page]{color:var(--ink);font-weight:600;text-decoration:none;box-shadow:0 2px 0 var(--candidate)}
.links{margin:10px 0;font-size:14px}.links b{font-weight:640}
main{padding-top:30px}main:focus{outline:none}h1{display:block;font-size:38px;color:var(--ink);margin:0 0 8px}h1.pass,h1.fail,h1.inconclusive{color:var(--tone);font-size:46px}h1.small{font-size:27px}
.lead{font-size:18px;line-height:1.45;max-width:48em;text-wrap:pretty}section{margin-top:38px}h2 small{font-size:14px;margin-left:6px}h3{font-size:16px;margin:16px 0 4px}
.card h3{margin:0 0 4px}.cards{margin-top:12px;grid-template-columns:repeat(auto-fill,minmax(min(230px,100%),1fr))}
.scroll{overflow-x:auto}.scroll:focus-visible{outline-offset:0}.scroll th,.scroll td{white-space:nowrap}.scroll td small,.scroll th small{display:block;white-space:normal;min-width:12em}
.plot-figure{margin:10px 0}.plot-figure figcaption{font-size:14px;color:var(--muted);margin:0 0 6px}.plot-figure svg{display:block;max-width:100%;height:auto;overflow:visible}
.plot-figure svg text,.plot-figure svg tspan{white-space:pre;font-size:11px}.plot-figure a:hover circle,.plot-figure a:hover path{stroke:var(--ink);stroke-width:2px}
.life{list-style:none;padding:0 0 0 18px;border-left:2px solid var(--line);margin:8px 0 0 5px}.life li{position:relative;padding:4px 0}.life small{margin-left:4px}
.life .dot{position:absolute;left:-24px;top:10px;width:10px;height:10px;border-radius:50%;background:var(--tone)}.life .fail .dot{border-radius:1px}.life .inconclusive .dot{transform:rotate(45deg);border-radius:0}
.life b{font-weight:560}.caution{border-left:3px solid var(--fail);padding-left:12px}.exhibit{color:inherit;text-decoration:none;display:block}.exhibit:hover figcaption{text-decoration:underline}
.large figure img{max-width:960px;image-rendering:auto}.foot{max-width:1060px;margin:0 auto;padding:14px 24px 40px}
.forest.few th:nth-child(1){width:26%}.forest.few th:nth-child(3){width:220px;text-align:right}.forest.few th:nth-child(4){width:112px}
.frames{list-style:none;padding:0;margin:14px 0}.frames li{margin-bottom:18px}.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:14px}
.stage{position:relative}.stage img{display:block;width:100%;height:auto;object-fit:contain;border-radius:6px}.stage svg{position:absolute;inset:0;width:100%;height:100%}
.stage rect{fill:none;stroke-width:2;stroke:#4da3ff}.stage rect.truth{stroke:#fff;stroke-dasharray:5 4}.stage rect.reference{stroke:#ffb454}.stage text{fill:#fff;font-size:12px;paint-order:stroke;stroke:#000;stroke-width:3px}
.player{display:flex;align-items:center;gap:12px;margin:12px 0}.player button{font:inherit;padding:5px 16px;border:1px solid var(--muted);border-radius:7px;background:var(--card);color:var(--ink);cursor:pointer}.player input{flex:1;accent-color:var(--candidate);min-width:120px}
.player output{min-width:5em;text-align:right}.frames.played li{display:none;margin:0}.frames.played li.now{display:block}@media print{.player{display:none}.frames.played li{display:block}}
@media (max-width:700px){.top{padding:14px 18px 10px}h1{font-size:30px}.lead{font-size:16px}}
@media print{.top nav,.skip,details:not([open]){display:none}.scroll{overflow:visible}.scroll th,.scroll td{white-space:normal}a{color:inherit}}
`;

export const dashboardStyle = `${style}${own.replaceAll('\n', '')}`;
