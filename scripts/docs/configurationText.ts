// Makes docs/configuration.md from the option tables of the services: the same tables that read the variables and the
// flags and print `--help`, so the page cannot tell of an option that is not there.

import { flagOf, hostLimits, type Option, type OptionTable } from '@rowparity/runtime';
import { OPTIONS as COORDINATOR } from '../../apps/coordinator/src/options.ts';
import { OPTIONS as REPORTER } from '../../apps/reporter/src/options.ts';
import { OPTIONS as WORKER } from '../../apps/worker/src/options.ts';
import { markdownTable } from './markdownTable.ts';

interface Service {
  readonly name: string;
  readonly options: OptionTable;
  readonly hasConnections: boolean;
}

const SERVICES: readonly Service[] = [
  { name: 'coordinator', options: COORDINATOR, hasConnections: true },
  { name: 'worker', options: WORKER, hasConnections: true },
  { name: 'reporter', options: REPORTER, hasConnections: false },
];

const HEAD = `# Configuration

Made by \`npm run docs:configuration\` from the tables that the services read; a test compares the two. Every option is an
environment variable or a flag, and the flag wins. A secret is a variable, or a file that \`<VARIABLE>_FILE\` names, and never
a flag. Variables may also stand in a file of lines \`NAME=value\` that \`ROWPARITY_CONFIG_FILE\` names; the environment wins.
A service with a wrong or missing option, or with a \`ROWPARITY_*\` variable that no process reads, stops at its start with exit code 2
and names every problem, with the closest name; \`--help\` prints its
options, \`--print-config\` what it would use, secrets masked. The fields of a run are in the
[run spec](run-spec.md), the options of \`rowparity check\` in its \`--help\`.`;

const LIMITS = Object.keys(hostLimits)
  .map((name) => `\`${name}\``)
  .join(', ');

const CONNECTIONS = `## Connections

A run spec names databases by reference and never by address. \`ROWPARITY_CONNECTION_<NAME>\` gives the reference \`<name>\` its
URL, or \`ROWPARITY_CONNECTION_<NAME>_FILE\` a file that holds it: \`mysql://user:password@host:port/database\`, special characters percent-encoded, port 3306 when it is left out. The
coordinator and every worker need the same ones, at least one. The user needs SELECT on the tables and nothing else. Behind a
\`?\` may stand, joined by \`&\`:

${markdownTable([
  ['setting', 'what it does', 'default'],
  [
    '`tls`',
    '`verify`: the certificate must be trusted and name the host, or the IP address, of the URL; `unverified`: encrypted, with an unchecked certificate; `off`',
    '`off`',
  ],
  ['`tlsCa`', 'file with the authorities to trust', "the system's"],
  ['`tlsCert`, `tlsKey`', 'files with a client certificate and its key', 'none'],
  [
    '`allowPublicKeyRetrieval`',
    'without TLS, `true`: the password may be encrypted with any RSA key that the server names (caching_sha2_password, sha256_password); a machine in between can send its own key and read the password',
    '`false`',
  ],
  [
    '`compress`',
    'protocol compression. `auto`: the link is measured, once and then about every minute that a session is opened; rows are compressed where the link is much slower than compressing, by zstd where the server offers it (MySQL 8.0.18+), else by zlib, and never over a unix socket. `true`: always, `false`: never, `zstd`, `zlib`: always by that one, and a server that lacks it is refused',
    '`auto`',
  ],
  [
    '`statementMs`',
    'longest time of one statement, 1000 to 3600000; after half as long again without an answer the connection is given up',
    '`60000`',
  ],
  [
    LIMITS,
    'limits of the server that the connection leads to; they come before the options of the same names ([operating.md](operating.md#how-do-i-keep-the-load-on-a-server-low))',
    'the options of the worker',
  ],
])}

\`rowparity check\` takes the same URLs as arguments, or reads \`ROWPARITY_CONNECTION_SOURCE\` and \`ROWPARITY_CONNECTION_DESTINATION\`.`;

const TRACES = `## Traces

Coordinator and worker send [traces](metrics.md#traces) where the variables of OpenTelemetry say so. They are read from the environment alone.

${markdownTable([
  ['variable', 'what it is'],
  [
    '`OTEL_EXPORTER_OTLP_ENDPOINT`',
    'Address of the collector, such as http://collector:4318, without user and password. It switches traces on. `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is the same with its path.',
  ],
  ['`OTEL_SERVICE_NAME`', 'Default rowparity-coordinator and rowparity-worker.'],
  [
    '`OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`',
    'Which traces are sent: always_on, always_off, traceidratio with its part of 1, each also behind parentbased_. Default parentbased_always_on.',
  ],
  ['`OTEL_RESOURCE_ATTRIBUTES`', 'More attributes of the process, such as deployment.environment.name=test.'],
  [
    '`OTEL_EXPORTER_OTLP_HEADERS`, `…_TIMEOUT`, `…_COMPRESSION`, `…_CERTIFICATE`, `…_CLIENT_CERTIFICATE`, `…_CLIENT_KEY`',
    'How the collector is asked; the headers may hold its token.',
  ],
  ['`OTEL_SDK_DISABLED=true`, `OTEL_TRACES_EXPORTER=none`', 'Switches traces off.'],
])}`;

const COMMANDS = `## Commands

\`rowparity submit\`, \`pause\`, \`resume\`, \`rerun\`, \`recheck\`, \`watches\`, \`cancel\`, \`migrations\`, \`migration\` and \`stage\` find the coordinator by \`ROWPARITY_COORDINATOR\` (\`--coordinator\`, default
http://127.0.0.1:8080), \`watch\`, \`report\`, \`known\` and \`certificate\` the reporter by \`ROWPARITY_REPORTER\` (\`--reporter\`, default
http://127.0.0.1:8082). Where the services want a token, the commands take it from \`ROWPARITY_HTTP_TOKEN\`.`;

export function configurationText(): string {
  return `${[HEAD, ...SERVICES.map(sectionOf), CONNECTIONS, TRACES, COMMANDS].join('\n\n')}\n`;
}

function sectionOf({ name, options, hasConnections }: Service): string {
  const rows = [['variable', 'flag', 'what it is'], ...Object.values(options).map(cellsOf)];
  const connections = hasConnections ? '\n\nAnd its [connections](#connections).' : '';
  return `## ${name}\n\n${markdownTable(rows)}${connections}`;
}

function cellsOf(option: Option): string[] {
  const isNeeded = !option.schema.safeParse(undefined).success;
  const notes = [option.describe, isNeeded ? 'Needed.' : '', option.isSecret ? 'Secret.' : ''];
  const flag = flagOf(option);
  return [`\`${option.env}\``, flag ? `\`--${flag}\`` : '', notes.filter(Boolean).join(' ')];
}
