/**
 * Variables that look like ours and are read by no process. A mistyped ROWPARITY_HTTP_TOKEN would open a service to
 * every client, so such a variable stops the process.
 */
import { closestNames, printable } from '@rowparity/contracts';
import { CONNECTION_PREFIX, ENV_PREFIX, FILE_SUFFIX } from './option.ts';
import { PROCESS_VARIABLES, SECRET_VARIABLES, TEST_PREFIX, TOOL_VARIABLES } from './variableNames.ts';

const KNOWN: readonly string[] = [
  ...PROCESS_VARIABLES,
  ...SECRET_VARIABLES.map((name) => `${name}${FILE_SUFFIX}`),
];
const KNOWN_SET: ReadonlySet<string> = new Set([...KNOWN, ...TOOL_VARIABLES]);
const NAME_CHARACTERS_MAX = 100;
const PROBLEMS_MAX = 20;

/** A line for each; a variable that is set to nothing is not set. */
export function unknownVariables(variables: Iterable<readonly [string, string | undefined]>): string[] {
  const all = [...variables].filter(([, text]) => Boolean(text));
  const unknown = all.filter(
    ([name, text]) => !isKnown(name) && !isServiceLink(name, text, all) && isOurs(name),
  );
  const lines = unknown.slice(0, PROBLEMS_MAX).map(([name]) => problemOf(name));
  const more = unknown.length - lines.length;
  return more > 0 ? [...lines, `And ${more} more such variables.`] : lines;
}

function isKnown(name: string): boolean {
  if (KNOWN_SET.has(name) || name.startsWith(TEST_PREFIX)) return true;
  return name.startsWith(CONNECTION_PREFIX) && name.length > CONNECTION_PREFIX.length;
}

/** In any case, and with a slip in its first part. */
function isOurs(name: string): boolean {
  if (name.toUpperCase().startsWith(ENV_PREFIX)) return true;
  const upper = name.toUpperCase();
  return KNOWN.some((known) => isNear(upper, known));
}

/** One letter more, less, or other, or two that changed places. */
function isNear(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > 1) return false;
  let from = 0;
  while (from < name.length && name[from] === known[from]) from += 1;
  let [end, knownEnd] = [name.length, known.length];
  while (end > from && knownEnd > from && name[end - 1] === known[knownEnd - 1]) {
    end -= 1;
    knownEnd -= 1;
  }
  const [rest, knownRest] = [name.slice(from, end), known.slice(from, knownEnd)];
  const isSwapped = rest.length === 2 && rest[0] === knownRest[1] && rest[1] === knownRest[0];
  return Math.max(rest.length, knownRest.length) <= 1 || isSwapped;
}

/**
 * Kubernetes and Docker give every container the addresses of services: of a service "rowparity-coordinator"
 * ROWPARITY_COORDINATOR_PORT=tcp://10.0.0.1:8080, ROWPARITY_COORDINATOR_SERVICE_HOST and so on.
 */
function isServiceLink(
  name: string,
  text: string | undefined,
  all: readonly (readonly [string, string | undefined])[],
): boolean {
  if (/^(?:tcp|udp|sctp):\/\//.test(text ?? '')) return /_PORT(?:_\d+_[A-Z]+)?$/.test(name);
  if (/_PORT_\d+_(?:TCP|UDP|SCTP)_(?:PROTO|PORT|ADDR)$/.test(name)) return true;
  const [service] = /^.+(?=_SERVICE_(?:HOST|PORT)(?:_[A-Z0-9_]+)?$)/.exec(name) ?? [];
  return service !== undefined && all.some(([other]) => other === `${service}_SERVICE_HOST`);
}

function problemOf(name: string): string {
  const upper = name.toUpperCase();
  const asConnection = `${CONNECTION_PREFIX}${upper.slice(upper.lastIndexOf('_') + 1)}`;
  const option = upper.endsWith(FILE_SUFFIX) ? upper.slice(0, -FILE_SUFFIX.length) : '';
  const shown = printable(name, NAME_CHARACTERS_MAX);
  if (PROCESS_VARIABLES.includes(option)) {
    return `${shown}: ${option} is no secret, so no file is read for it. Set ${option} itself.`;
  }
  const [closest] = closestNames(upper, [...KNOWN, asConnection]);
  const near = closest === undefined ? '' : ` The closest: ${closest}.`;
  return `${shown}: there is no such variable.${near} Correct the name, or remove it from the environment.`;
}
