/** A plot by uPlot, in the colours of the page. Its caption says in words what it shows. */
import { Component, createRef, h } from 'preact';
import uPlot from 'uplot';

export interface PlotLine {
  readonly name: string;
  /** A variable of the style. */
  readonly color: string;
  readonly values: readonly number[];
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
}

export interface PlotInput {
  readonly title: string;
  readonly words: string;
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
}

const HEIGHT = 150;
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const AXIS_WIDTH = 56;
const TIME_HEIGHT = 30;
const DARK = '(prefers-color-scheme: dark)';

export class Plot extends Component<PlotInput> {
  readonly #box = createRef<HTMLDivElement>();
  readonly #resized = new ResizeObserver(() => this.#fit());
  readonly #scheme = matchMedia(DARK);
  readonly #onScheme = () => this.#draw();
  #plot: uPlot | undefined;

  override componentDidMount(): void {
    this.#draw();
    if (this.#box.current) this.#resized.observe(this.#box.current);
    this.#scheme.addEventListener('change', this.#onScheme);
  }

  override componentDidUpdate(): void {
    this.#plot?.setData(dataOf(this.props));
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect();
    this.#scheme.removeEventListener('change', this.#onScheme);
    this.#plot?.destroy();
  }

  override render({ title, words, lines }: PlotInput) {
    const names =
      lines.length < 2
        ? null
        : h(
            'ul',
            { class: 'legend' },
            lines.map(({ name, isDashed }) => h('li', { class: isDashed ? 'dashed' : 'plain' }, name)),
          );
    return h('figure', { class: 'plot' }, [
      h('figcaption', null, [h('h3', null, title), h('p', { class: 'quiet' }, words), names]),
      h('div', { class: 'canvas', ref: this.#box, 'aria-hidden': 'true' }),
    ]);
  }

  #fit(): void {
    const width = this.#box.current?.clientWidth ?? 0;
    if (width > 0) this.#plot?.setSize({ width, height: HEIGHT });
  }

  #draw(): void {
    const box = this.#box.current;
    if (!box) return;
    this.#plot?.destroy();
    const style = getComputedStyle(box);
    const colorOf = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colorOf('--quiet'),
      grid: { stroke: colorOf('--line'), width: 1 },
      ticks: { show: false },
    };
    const series = this.props.lines.map(({ name, color, isFilled, isDashed }) => ({
      ...{ label: name, stroke: colorOf(color), width: 2, points: { show: false } },
      ...(isFilled ? { fill: `${colorOf(color)}33` } : {}),
      ...(isDashed ? { dash: [6, 4] } : {}),
    }));
    this.#plot = new uPlot(
      {
        ...{ width: Math.max(100, box.clientWidth), height: HEIGHT },
        ...{ legend: { show: false }, cursor: { show: false } },
        scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          { ...axis, size: TIME_HEIGHT, values: (_, marks) => marks.map(clockTime) },
          { ...axis, size: AXIS_WIDTH, values: (_, marks) => marks.map(shortNumber) },
        ],
        series: [{}, ...series],
      },
      dataOf(this.props),
      box,
    );
  }
}

function dataOf({ times, lines }: PlotInput): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function clockTime(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', CLOCK).format(seconds * 1000);
}

/** `360k`, `1.2M` */
function shortNumber(number: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(number);
}
