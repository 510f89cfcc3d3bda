/** A report as one HTML file that asks for nothing else: light and dark, on a telephone, and on paper. */
import { printable } from '@rowparity/contracts';
import type { Block, Part, ReportDocument } from './reportSections.ts';

const STYLE = `
:root{color-scheme:light dark;--good:#1a7f37;--bad:#cf222e;--unknown:#9a6700;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
.answer{font-size:1.25rem;font-weight:600;border-left:.4rem solid;padding:.5rem 1rem}
.good{color:var(--good)}.bad{color:var(--bad)}.unknown{color:var(--unknown)}
@media(prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#f85149;--unknown:#d29922}}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre{overflow-x:auto;border:1px solid var(--line);padding:.6rem;font-size:.85rem}
svg{width:100%;height:1.5rem}svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .unknown{fill:var(--unknown)}
@media print{body{margin:0;max-width:none}.wide,pre{overflow:visible}pre{white-space:pre-wrap}tr,h2{break-inside:avoid}}
`.trim();
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function htmlReport({ title, answer, mood, sections }: ReportDocument): string {
  const parts = sections.map(
    ({ title: head, blocks }) =>
      `<section><h2>${escaped(head)}</h2>${blocks.map(blockHtml).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="answer ${mood}">${escaped(answer)}</p>
${parts.join('\n')}
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'code':
      return `<pre>${escaped(block.text, { keepLines: true })}</pre>`;
    case 'parts':
      return partsHtml(block.parts);
    case 'table':
      return tableHtml(block);
  }
}

function tableHtml({ head, rows }: Extract<Block, { kind: 'table' }>): string {
  const hasHead = head.some((cell) => cell !== '');
  const heads = hasHead
    ? `<thead><tr>${head.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead>`
    : '';
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => cellHtml(cell, hasHead)).join('')}</tr>`);
  return `<div class="wide"><table>${heads}<tbody>${lines.join('')}</tbody></table></div>`;
}

/** Numbers below a head are a column. */
function cellHtml(cell: string, isColumn: boolean): string {
  const isNumber = isColumn && /^\d{1,3}(,\d{3})*$/.test(cell);
  return `<td${isNumber ? ' class="number"' : ''}>${escaped(cell)}</td>`;
}

/** A bar of the parts, and the parts in words: nothing is told by colour alone. */
function partsHtml(parts: readonly Part[]): string {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const words = parts.map(
    ({ label, value, mood }) =>
      `<span class="${mood}">${value.toLocaleString('en-US')} ${escaped(label)}</span>`,
  );
  let start = 0;
  const bars = parts.map(({ value, mood }) => {
    const width = total === 0 ? 0 : (100 * value) / total;
    const bar = `<rect class="${mood}" x="${start.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`;
    start += width;
    return bar;
  });
  return `<p>${words.join(' · ')}</p><svg role="img" aria-label="${escaped(parts.map(({ label, value }) => `${value} ${label}`).join(', '))}">${bars.join('')}</svg>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string, { keepLines = false } = {}): string {
  const lines = keepLines ? text.split('\n').map((line) => printable(line)) : [printable(text)];
  return lines.join('\n').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
