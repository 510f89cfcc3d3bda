/** Pictures as SVG text, readable on light and dark pages. */

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** For people who do not see the picture. */
  readonly title: string;
}

/** Okabe and Ito's colours, told apart by people who see few colours; each series has a shape of its own, too. */
export const SERIES = [
  { colour: '#0072b2', shape: 'circle' },
  { colour: '#e69f00', shape: 'square' },
  { colour: '#009e73', shape: 'triangle' },
  { colour: '#cc79a7', shape: 'diamond' },
  { colour: '#d55e00', shape: 'cross' },
] as const;

export type Series = (typeof SERIES)[number];

const STYLE =
  '<style>text{font:13px system-ui,sans-serif;fill:#1f2328}.faint{fill:#656d76}.grid{stroke:#d1d9e0}.mark{stroke:#656d76}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.faint{fill:#9198a1}.grid{stroke:#3d444d}.mark{stroke:#9198a1}}</style>';

export function svg({ width, height, title }: Canvas, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  return [head, `<title>${escaped(title)}</title>`, STYLE, ...parts, '</svg>', ''].join('\n');
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export function text(
  { x, y }: Place,
  content: string,
  {
    anchor = 'start',
    isFaint = false,
  }: { readonly anchor?: 'start' | 'middle' | 'end'; readonly isFaint?: boolean } = {},
): string {
  const style = isFaint ? ' class="faint"' : '';
  return `<text x="${digits(x)}" y="${digits(y)}" text-anchor="${anchor}"${style}>${escaped(content)}</text>`;
}

export function line(begin: Place, end: Place, style: 'grid' | 'mark' = 'grid'): string {
  const dashes = style === 'mark' ? ' stroke-dasharray="4 3"' : '';
  return `<line class="${style}" x1="${digits(begin.x)}" y1="${digits(begin.y)}" x2="${digits(end.x)}" y2="${digits(end.y)}"${dashes}/>`;
}

export function path(points: readonly Place[], { colour }: Series): string {
  const all = points.map(({ x, y }) => `${digits(x)},${digits(y)}`).join(' ');
  return `<polyline points="${all}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

export function dot({ x, y }: Place, { colour, shape }: Series): string {
  const point = (dx: number, dy: number) => `${digits(x + dx)},${digits(y + dy)}`;
  switch (shape) {
    case 'circle':
      return `<circle cx="${digits(x)}" cy="${digits(y)}" r="5" fill="${colour}"/>`;
    case 'square':
      return `<rect x="${digits(x - 4.5)}" y="${digits(y - 4.5)}" width="9" height="9" fill="${colour}"/>`;
    case 'triangle':
      return `<polygon points="${point(0, -6)} ${point(5.5, 4)} ${point(-5.5, 4)}" fill="${colour}"/>`;
    case 'diamond':
      return `<polygon points="${point(0, -6)} ${point(6, 0)} ${point(0, 6)} ${point(-6, 0)}" fill="${colour}"/>`;
    case 'cross':
      return `<path d="M${point(-4.5, -4.5)} L${point(4.5, 4.5)} M${point(-4.5, 4.5)} L${point(4.5, -4.5)}" stroke="${colour}" stroke-width="3"/>`;
  }
}

function digits(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
