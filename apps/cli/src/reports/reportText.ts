/** A report in the form that the suffix of its file asks for: Markdown, HTML, or JSON for programs. */
import type { RunReport } from '@rowparity/contracts';
import { htmlReport } from './htmlReport.ts';
import { markdownReport } from './markdownReport.ts';
import { reportDocument } from './reportSections.ts';

export function reportText(report: RunReport, path = ''): string {
  if (/\.(md|markdown)$/i.test(path)) return markdownReport(reportDocument(report));
  if (/\.html?$/i.test(path)) return htmlReport(reportDocument(report));
  return reportJson(report);
}

export function reportJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
