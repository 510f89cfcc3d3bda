/** The results as tables of Markdown. */
import { median } from '../shared/timing.ts';
import type { Found } from './detect.ts';
import { isMissing } from './peer.ts';
import type { DetectionResult, NamedPeer, PeersResult } from './peersResult.ts';

/** Seconds of the first tool, and of each other one how many times as long it took. */
export function timingTable({ timings, peers }: PeersResult): string {
  const [own, ...others] = namesOf(peers);
  const head = ['equal tables', 'rows', `${own}, s`, ...others];
  const notes: string[] = [];
  const lines = timings.map(({ table, rows, timings: all }) => {
    const timingOf = (name: string) => all.find((one) => one.name === name);
    const base = median(timingOf(own ?? '')?.seconds ?? []);
    const cells = others.map((name) => {
      const one = timingOf(name);
      if (one?.failure) notes.push(`${name}, ${table}: ${one.failure}`);
      return one && !one.failure ? `${(median(one.seconds) / base).toFixed(1)}×` : 'failed';
    });
    return [table, rows.toLocaleString('en'), base.toFixed(2), ...cells];
  });
  return [...markdown([head, ...lines]), ...missingNotes(peers), ...notes.map((note) => `- ${note}`)].join(
    '\n',
  );
}

export function detectionTable({ detections, peers }: DetectionResult): string {
  const names = namesOf(peers);
  const lines = detections.map(({ plant, planted, found }) => [
    plant,
    String(planted),
    ...names.map((name) => foundText(found[name], planted)),
  ]);
  const sums = names.map((name) => {
    const all = detections.map(({ found, planted }) => ({ planted, ...(found[name] as Found) }));
    const whole = all.filter((one) => one.found === one.planted && one.made === 0 && !one.failure).length;
    return `${whole} of ${all.length}`;
  });
  return [
    ...markdown([['planted', 'rows', ...names], ...lines, ['right in all', '', ...sums]]),
    ...missingNotes(peers),
  ].join('\n');
}

function foundText(found: Found | undefined, planted: number): string {
  if (!found) return '-';
  const text = found.found === planted ? `${found.found}` : `**${found.found}**`;
  const made = found.made > 0 ? ` + **${found.made} false**` : '';
  return `${text}${made}${found.failure ? ' (failed)' : ''}`;
}

function namesOf(peers: readonly NamedPeer[]): readonly string[] {
  return peers.filter((peer) => !isMissing(peer)).map(({ name }) => name);
}

function missingNotes(peers: readonly NamedPeer[]): readonly string[] {
  return [
    '',
    ...peers.filter(isMissing).map(({ name, missing }) => `- ${name} was not measured: ${missing}.`),
  ];
}

function markdown([head = [], ...lines]: readonly (readonly string[])[]): string[] {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
