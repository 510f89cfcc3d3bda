/** A report as Markdown. Nothing in it is taken for markup: names and messages are of other people's making. */
import { printable } from '@rowparity/contracts';
import type { Block, ReportDocument } from './reportSections.ts';

export function markdownReport({ title, answer, sections }: ReportDocument): string {
  const parts = sections.flatMap(({ title: head, blocks }) => [
    `## ${escaped(head)}`,
    ...blocks.map(blockText),
  ]);
  return `${[`# ${escaped(title)}`, `**${escaped(answer)}**`, ...parts].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'code':
      // Indented: no line of the text can end it.
      return block.text
        .split('\n')
        .map((line) => `    ${printable(line)}`)
        .join('\n');
    case 'parts':
      return block.parts.map(({ label, value }) => `${value.toLocaleString('en-US')} ${label}`).join(' · ');
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows].map(rowText).join('\n');
  }
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '---' ? cell : escaped(cell))).join(' | ')} |`;
}

function escaped(text: string): string {
  return printable(text).replaceAll(/[\\`*_{}[\]<>|#~&]/g, '\\$&');
}
