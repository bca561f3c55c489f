/** The style of every page. No value is in it, so that its hash is the same for all of them. */
export const pageStyle = `
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#1d2422;--soft:#59645f;--line:#e3e6e3;--accent:#0b6a62;--tint:#d5e9e6;--rest:#b9c2be;--fault:#a92f22;--blush:#fbe6e2}
@media (prefers-color-scheme:dark){:root{--paper:#121514;--card:#1a1f1d;--ink:#e7ecea;--soft:#a0aca7;--line:#2c3431;--accent:#62c9bc;--tint:#1d423d;--rest:#55605b;--fault:#ff9d90;--blush:#48231d}}
*{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.5rem}
main>section,article>section{margin:3.25rem 0}
article+article{border-top:1px solid var(--line);margin-top:4rem;padding-top:2rem}
h1,h2,h3{line-height:1.2;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:clamp(1.6rem,1.2rem + 1.8vw,2.4rem);font-weight:680;letter-spacing:-.022em;margin:.35rem 0 .5rem}
h2{font-size:1.25rem;font-weight:650;letter-spacing:-.01em;margin:0 0 .35rem}
h3{font-size:1rem;font-weight:650;margin:0}
p{margin:0 0 1rem;max-width:46rem}
p,li,dd,caption,figcaption{overflow-wrap:anywhere}
.brand,.lead,.note,figcaption,.soft{color:var(--soft)}
.brand{font-size:.875rem;margin:0}
.brand b{color:var(--accent);font-weight:680}
.lead{font-size:1.125rem}
.note{font-size:.875rem}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:focus-visible,input:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,.v{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em;overflow-wrap:anywhere}
.v{white-space:pre-wrap}
.none{color:var(--soft);font-family:system-ui,sans-serif}
.mark{color:var(--fault);font-weight:600}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:3}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--line);margin-top:1.5rem}
nav ul{display:flex;gap:1.5rem;list-style:none;max-width:72rem;margin:0 auto;padding:.75rem 1.5rem;overflow-x:auto;white-space:nowrap;font-size:.9rem}
nav a{color:var(--soft);text-decoration:none}
nav a:hover{color:var(--accent)}
.hero{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:2rem 4rem;align-items:center;margin-top:2rem}
.rows{margin:0}
.rows svg{display:block;width:100%;height:14px;border-radius:7px;background:var(--line)}
.legend{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr));gap:1rem 1.5rem;list-style:none;margin:1.25rem 0 0;padding:0}
.legend b{display:block;font-size:1.4rem;font-weight:620;letter-spacing:-.01em;line-height:1.2}
.legend span{color:var(--soft);font-size:.875rem}
.legend i{display:inline-block;width:.6rem;height:.6rem;border-radius:50%;margin-right:.45rem}
.a{fill:var(--accent)}.f{fill:var(--fault)}.r{fill:var(--rest)}.t{fill:var(--tint)}
i.a{background:var(--accent)}i.f{background:var(--fault)}i.r{background:var(--rest)}
.score{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:1rem 2rem;align-items:center}
.gauge{margin:0;text-align:center}
.gauge svg{width:100%;max-width:13rem;display:block;margin:0 auto}
.gauge path{fill:none;stroke-width:11;stroke-linecap:round}
.gauge .cover{stroke:var(--rest);stroke-width:3}.gauge .track{stroke:var(--line)}.gauge .level{stroke:var(--accent)}
.gauge text{fill:var(--ink);font-size:38px;font-weight:660;letter-spacing:-.02em;text-anchor:middle}
.gauge .of{fill:var(--soft);font-size:12px;font-weight:400;letter-spacing:0}
.gauge .chip{margin:.25rem 0}
.bad{color:var(--fault);font-weight:600}.says .bad{color:inherit;font-weight:400}
.gauge figcaption{font-size:.875rem;line-height:1.4}
.chip{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:.05rem .6rem;font-size:.8125rem;color:var(--soft);white-space:nowrap}
.chip.bad{color:var(--fault);border-color:currentColor}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .6rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
thead th{font-weight:500;color:var(--soft);font-size:.8125rem;white-space:nowrap}
tbody th{font-weight:500;overflow-wrap:anywhere}
.reading th{width:8rem}.reading td:nth-child(2){width:7rem}.reading td.n{width:4rem;color:var(--soft)}
td.n,th.n{text-align:right;white-space:nowrap}
tr:target th,tr:target td,tr:target{background:var(--tint)}
.scroll{position:relative;overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--card)}
.scroll table th:first-child,.scroll table td:first-child{padding-left:1rem}
.scroll table th:last-child,.scroll table td:last-child{padding-right:1rem}
.scroll tr:last-child>*{border-bottom:0}
.scroll table{min-width:46rem}.scroll tbody th{min-width:9rem}.scroll .rejects tbody th{min-width:0}
.tall{max-height:38rem;overflow:auto}
.scroll thead th{position:sticky;top:0;background:var(--card);border-bottom:0;box-shadow:inset 0 -1px var(--line)}
.bar{display:block;width:100%;min-width:4rem;height:8px;border-radius:4px;background:var(--line)}
.dims td{vertical-align:middle;border:0;padding:.3rem .75rem}.dims th{border:0;padding:.3rem .75rem .3rem 0;font-weight:400}
.dims td.n{width:1%}.dims th{white-space:nowrap;width:1%}.dims .bar{min-width:3rem}
.fixes{list-style:none;counter-reset:fix;margin:1rem 0 0;padding:0;border:1px solid var(--line);border-radius:10px;background:var(--card)}
.fixes li{counter-increment:fix;display:grid;grid-template-columns:1.75rem minmax(0,1fr) auto;gap:.25rem 1rem;padding:.9rem 1.1rem;border-bottom:1px solid var(--line)}
.fixes li:last-child{border:0}
.fixes li:before{content:counter(fix);color:var(--accent);font-weight:650}
.fixes p{margin:.15rem 0 0;font-size:.875rem;color:var(--soft)}
.fixes .gain{text-align:right;white-space:nowrap}
.fixes .gain b{display:block;font-weight:620}
.fixes .gain span{color:var(--soft);font-size:.8125rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.75rem 0 1rem}
input[type=search]{font:inherit;font-size:.9rem;color:inherit;background:var(--card);border:1px solid var(--rest);border-radius:8px;padding:.45rem .75rem;width:min(22rem,100%)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr));gap:1rem;list-style:none;margin:1rem 0 0;padding:0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem;display:flex;flex-direction:column;gap:.75rem;min-width:0}
.tile>.bar{height:4px}
.tile .head{display:flex;justify-content:space-between;gap:.75rem;align-items:baseline}
.tile .soft{font-size:.8125rem;margin:0}
.tile dl{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;margin:0}
.tile dt{color:var(--soft);font-size:.75rem}.tile dd{margin:0;font-weight:560}
.tile dl div{min-width:0}
.tile figure{margin:0}
.tile figure svg{display:block;width:100%;height:64px;overflow:visible}
.axis{display:flex;justify-content:space-between;gap:.5rem;color:var(--soft);font-size:.75rem;margin-top:.3rem}
.tile table{font-size:.8125rem;table-layout:fixed}
.tile td,.tile th{padding:.18rem .5rem;border:0;vertical-align:middle}
.tile th{font-weight:400;width:52%}
.tile tr>:first-child{padding-left:0}.tile tr>:last-child{padding-right:0;width:3.6rem}
.tile caption{padding-bottom:.2rem;font-size:.75rem}
.tile th .v{display:block;overflow:hidden;text-overflow:ellipsis;white-space:pre}
.says{list-style:none;margin:0;padding:0;font-size:.8125rem;display:grid;gap:.35rem}
.says li{padding-left:.8rem;border-left:2px solid var(--rest)}
.says li.bad{border-color:var(--fault)}
table+details{margin-top:.75rem}
details>summary{cursor:pointer;color:var(--accent);font-size:.875rem;padding:.15rem 0}
.tile details>summary{font-size:.8125rem}
.tile details>*+*{margin-top:.5rem}
.rejects{font-size:.8125rem}
.rejects td,.rejects th{white-space:nowrap;max-width:16rem}
.rejects tbody th{position:sticky;left:0;background:var(--card);white-space:nowrap}
.rejects .why{white-space:normal;min-width:19rem;max-width:28rem}
.rejects .why ul{margin:0;padding:0;list-style:none}
.rejects td:not(.why){font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.95em;white-space:pre}
td.fault{background:var(--blush);box-shadow:inset 0 0 0 1px var(--fault);color:var(--ink)}
.facts{display:grid;grid-template-columns:minmax(7rem,12rem) minmax(0,1fr);gap:.4rem 1.5rem;font-size:.9rem;margin:.75rem 0 0}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.was{text-decoration:line-through;text-decoration-color:var(--fault);text-decoration-thickness:1px}
.notices{margin:.75rem 0 0;padding:0;list-style:none;font-size:.9rem}
.notices li{padding:.5rem 0;border-bottom:1px solid var(--line)}
.trend td,.trend th{vertical-align:middle}time{white-space:nowrap}h2+.scroll{margin-top:.75rem}
.spark{display:block;width:9rem;height:28px;overflow:visible}
.spark polyline{fill:none;stroke:var(--accent);stroke-width:1.75;vector-effect:non-scaling-stroke;stroke-linejoin:round}
footer{color:var(--soft);font-size:.8125rem;padding-top:2rem;padding-bottom:3rem}
[hidden]{display:none!important}
@media (max-width:52rem){.hero{grid-template-columns:minmax(0,1fr);gap:2rem}}
@media (max-width:36rem){header,main,footer{padding-left:1rem;padding-right:1rem}nav ul{padding-left:1rem;padding-right:1rem}.score{grid-template-columns:minmax(0,1fr)}main>section,article>section{margin:2.5rem 0}.fixes li{grid-template-columns:1.25rem minmax(0,1fr)}.fixes .gain{grid-column:2;text-align:left}.fixes .gain b{display:inline;margin-right:.6rem}.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dd{margin-bottom:.6rem}.wide,.reading td.n{display:none}.reading th,.reading td:nth-child(2){width:auto}th,td{padding:.45rem .5rem}section>table :is(th,td),details>table :is(th,td){white-space:normal;overflow-wrap:anywhere}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--accent:#0b6a62;--tint:#d5e9e6;--rest:#b9c2be;--fault:#a92f22;--blush:#fbe6e2;color-scheme:light}body{font-size:11pt}nav,.tools,.skip{display:none}.tile,.fixes li,tr,.score{break-inside:avoid}h2,caption{break-after:avoid}.scroll{overflow:visible;max-height:none}.scroll table{min-width:0}.scroll thead th{position:static}.rejects td:not(.why),.rejects th{white-space:normal;min-width:0;max-width:none;overflow-wrap:anywhere}.rejects .why{min-width:0}details::details-content{content-visibility:visible;block-size:auto}svg,td.fault,i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
