// A real browser for tests of the page: Chromium, which the machine has or has not. Nothing is installed for it.

import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { AxeResults } from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const NO_BROWSER =
  'there is no Chromium in PATH, and the tests install none. On Debian: apt-get install chromium';

/** Undefined: this machine has none; a test is skipped with `NO_BROWSER`. */
export async function openBrowser(): Promise<Browser | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const program = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (program === undefined) return undefined;
  // Chromium has no sandbox for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer.launch({ executablePath: program, args });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

export const DESKTOP: Look = { width: 1280, scheme: 'light' };
export const LOOKS: readonly Look[] = [
  DESKTOP,
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
];

export interface WatchedPage {
  readonly page: Page;
  /** Violations of the policy, errors of scripts, complaints of the console, and requests to other origins. */
  readonly complaints: readonly string[];
}

/** A page that tells of everything that it should not do. A reporter that is away is none of its faults. */
export async function watchedPage(browser: Browser, { width, scheme }: Look = DESKTOP): Promise<WatchedPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.exposeFunction('tellViolation', (text: string) => void complaints.push(`policy: ${text}`));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { tellViolation } = globalThis as unknown as { tellViolation(text: string): void };
      tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.on('pageerror', (error) => complaints.push(`script: ${String(error)}`));
  page.on('console', (line) => {
    const isOfNetwork = line.text().startsWith('Failed to load resource');
    if (['error', 'warn'].includes(line.type()) && !isOfNetwork) complaints.push(`console: ${line.text()}`);
  });
  let origin: string | undefined;
  page.on('request', (request) => {
    const url = new URL(request.url());
    origin ??= url.origin;
    if (url.origin !== origin && url.protocol !== 'blob:') complaints.push(`request: ${url.href}`);
  });
  return { page, complaints };
}

/** Violations of WCAG 2.2 A and AA, and of axe's best practices; with the place of the first of each. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Not as a script of the document: its policy takes none.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html ?? ''})`);
}

export async function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim());
}

export async function textsOf(page: Page, selector: string): Promise<readonly string[]> {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()),
  );
}

/** Pages of paper that the page takes. */
export async function printedPages(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  return (
    Buffer.from(pdf)
      .toString('latin1')
      .match(/\/Type\s*\/Page\b/g) ?? []
  ).length;
}
