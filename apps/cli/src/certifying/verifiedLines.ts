/** The output of `certificate verify`: the problems, or what the certificate proves and does not prove. */
import { confirmedOf, many, printable } from '@rowparity/contracts';
import { notProven, positionNotes, SIDES, type VerifiedCertificate } from '@rowparity/core';

/** A certificate comes from elsewhere: none of its characters may move the cursor. */
export function verifiedLines(certificate: VerifiedCertificate): string[] {
  return linesOf(certificate).map((line) => printable(line));
}

function linesOf(certificate: VerifiedCertificate): string[] {
  const { problems, header, head } = certificate;
  if (problems.length > 0 || !header) return ['INVALID', ...problems.map((problem) => `  ${problem}`)];
  return [
    `VALID  run ${header.runId}  ${header.direction}  ${certificate.footer?.verdict}`,
    `head   ${head}`,
    ...serverLines(certificate),
    `fence  ${fenceOf(header)}`,
    ...inheritedLines(certificate),
    `        ${proved(certificate)}`,
    'It does not prove:',
    ...notProven(certificate).map((line) => `  - ${line}`),
  ];
}

function proved({ tables, shards, counts }: VerifiedCertificate): string {
  const rows = many(counts.rowsBase + counts.rowsTarget, 'row', 'rows');
  return `${many(tables.length, 'table pair', 'table pairs')} in ${many(shards, 'shard', 'shards')} without gap or overlap, ${rows} read, ${many(confirmedOf(counts), 'inconsistency', 'inconsistencies')}; self-test: ${counts.caught} of ${counts.planted} planted differences found; all sums agree`;
}

function inheritedLines({ header, tables, shards }: VerifiedCertificate): string[] {
  const all = tables.flatMap(({ inherited }) => (inherited ? [inherited] : []));
  if (!header?.spec.basedOn || all.length === 0) return [];
  const count = all.reduce((sum, table) => sum + table.shards, 0);
  const times = [Math.min(...all.map(({ from }) => from)), Math.max(...all.map(({ to }) => to))];
  const [begin, end] = times.map((time) => new Date(time).toISOString());
  return [
    `inherited  ${count} of ${shards} shards by way of run ${header.spec.basedOn.runId}, compared from ${begin} to ${end}`,
  ];
}

const FENCED: ReadonlySet<string> = new Set(['REPLICATES', 'FENCED_BY_VALUE']);

/** What a difference had to wait for. */
function fenceOf({ servers, direction, spec }: NonNullable<VerifiedCertificate['header']>): string {
  const notes = servers ? positionNotes({ servers, direction, spec }) : [];
  const fence = notes.find(({ code }) => FENCED.has(code));
  return fence?.message ?? 'none: a difference counts when it stands still (recheck.stillMs)';
}

function serverLines({ header }: VerifiedCertificate): string[] {
  const servers = header?.servers;
  if (!servers) return [];
  return SIDES.map((side) => {
    const { version, host, port, database, serverId, uuid, position } = servers[side];
    const place = 'missing' in position ? 'position unknown' : `${position.variable} ${position.value}`;
    return `${side.padEnd(6)} database ${database} on ${version} at ${host}:${port}, server id ${serverId}${uuid ? `, ${uuid}` : ''}, ${place}`;
  });
}
