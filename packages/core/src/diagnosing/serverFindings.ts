/** What the facts of one database server mean for a run. */
import type { Failure, FailureCode, Finding } from '@rowparity/contracts';
import type { ServerFacts } from './facts.ts';

/** Below these nothing was tried; above them, not every series was. */
const OLDEST = { mysql: [8, 0], mariaDb: [10, 6] } as const;
const TESTED = 'tested with MySQL 9.7 and MariaDB 10.11';

export interface ServerNeeds {
  /** Sessions that a run holds on this server; 0 where other processes hold them. */
  readonly sessions: number;
  /** Tables are found by a pattern, so a hidden one would be left out unnoticed. */
  readonly hasPattern: boolean;
  readonly database: string;
}

export function serverFindings(subject: string, facts: ServerFacts, needs: ServerNeeds): Finding[] {
  const judged = [
    { check: 'login' as const, level: 'ok' as const, message: `logged in as ${facts.account}` },
    { check: 'connection' as const, level: 'ok' as const, message: facts.link },
    tlsFinding(facts),
    versionFinding(facts),
    {
      check: 'session' as const,
      level: 'ok' as const,
      message: `${facts.settings} settings are as asked, and known bytes came back whole`,
    },
    connectionsFinding(facts, needs),
    privilegesFinding(facts, needs),
  ];
  return judged.map((one) => ({ subject, ...one }));
}

type Judged = Omit<Finding, 'subject'>;

/** Of a server that could not be asked: which check has failed. */
export function loginFinding(
  subject: string,
  { code, message }: Failure,
  { user, database }: { readonly user: string; readonly database: string },
): Finding {
  const check = CHECK_BY_CODE[code] ?? 'login';
  const grant = `Try the login with the mysql client. A new account: CREATE USER '${user}'@'%' IDENTIFIED BY '…'; GRANT SELECT ON \`${database}\`.* TO '${user}'@'%';`;
  const remedy = code === 'ACCESS_DENIED' ? grant : REMEDY_BY_CODE[code];
  return { subject, check, level: 'error', code, message, ...(remedy ? { remedy } : {}) };
}

const CHECK_BY_CODE: Partial<Record<FailureCode, Finding['check']>> = {
  SERVER_UNREACHABLE: 'connection',
  CONNECTION_LOST: 'connection',
  TLS_REFUSED: 'tls',
  TLS_NEEDED: 'tls',
  SESSION_NOT_AS_ASKED: 'session',
  TOO_MANY_CONNECTIONS: 'connections',
  TOO_MANY_STATEMENTS: 'connections',
  USER_LIMIT_REACHED: 'connections',
};

/** Where the message of the fault names the fault alone. */
const REMEDY_BY_CODE: Partial<Record<FailureCode, string>> = {
  TLS_REFUSED:
    "Name the authority of the server's certificate (tlsCa), and write the host as the certificate names it; tls=unverified encrypts without a check.",
  DATABASE_UNKNOWN:
    'Correct the name at the end of the URL; SHOW DATABASES lists those that the user may see.',
  SERVER_UNREACHABLE:
    'Correct the address, start the server, or open the way to it: see bind-address there, and firewalls.',
};

function tlsFinding({ tls, isLocal, isVerified }: ServerFacts): Judged {
  if (tls === null) {
    if (isLocal) return { check: 'tls', level: 'ok', message: 'no TLS; no network is in between' };
    return {
      check: 'tls',
      level: 'warning',
      message: 'no TLS: rows cross the network in plain text',
      remedy: 'Add ?tls=verify to the URL (&tlsCa=FILE for an authority of your own).',
    };
  }
  if (isLocal && !isVerified)
    return { check: 'tls', level: 'ok', message: `${tls}; no network is in between` };
  if (isVerified) return { check: 'tls', level: 'ok', message: `${tls}, and the certificate names the host` };
  return {
    check: 'tls',
    level: 'warning',
    message: `${tls}; the certificate was not checked, so a machine in between could read the rows`,
    remedy: 'Use tls=verify (&tlsCa=FILE for an authority of your own).',
  };
}

function versionFinding({ version, isMariaDb }: ServerFacts): Judged {
  const name = isMariaDb ? 'MariaDB' : 'MySQL';
  const oldest = OLDEST[isMariaDb ? 'mariaDb' : 'mysql'];
  const said = `${name} ${version}`.slice(0, 200);
  const [major = Number.NaN, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (Number.isNaN(major)) {
    return {
      check: 'version',
      level: 'warning',
      message: `${said}: this is no version that Rowparity knows; it is ${TESTED}`,
    };
  }
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (!isOld) return { check: 'version', level: 'ok', message: said };
  return {
    check: 'version',
    level: 'warning',
    message: `${said} is older than ${name} ${oldest.join('.')}; Rowparity is ${TESTED}`,
    remedy: 'Compare a copy of a few tables first; what this server cannot do ends a run as inconclusive.',
  };
}

function connectionsFinding(facts: ServerFacts, { sessions }: ServerNeeds): Judged {
  const { connectionsOfUser, connectionsOfAll, connected } = facts;
  const free = connectionsOfAll - connected;
  const ofAll = `${connected} of ${connectionsOfAll} connections are in use`;
  if (connectionsOfUser !== null && connectionsOfUser < sessions) {
    return {
      check: 'connections',
      level: 'warning',
      message: `this user may have ${connectionsOfUser} connections, and a run wants ${sessions}: it takes fewer, and longer`,
      remedy: `ALTER USER … WITH MAX_USER_CONNECTIONS ${sessions}, or a lower concurrency.`,
    };
  }
  if (free < sessions) {
    return {
      check: 'connections',
      level: 'warning',
      message: `${ofAll}, and a run wants ${sessions}: the application may be refused, or the run waits`,
      remedy: 'Raise max_connections, or work on fewer shards at once (concurrency).',
    };
  }
  return {
    check: 'connections',
    level: 'ok',
    message: `${ofAll}${sessions === 0 ? '' : `; a run wants up to ${sessions}`}`,
  };
}

function privilegesFinding({ isWhole }: ServerFacts, { hasPattern, database }: ServerNeeds): Judged {
  if (isWhole) return { check: 'privileges', level: 'ok', message: `SELECT on every table of ${database}` };
  if (!hasPattern) {
    return { check: 'privileges', level: 'ok', message: 'SELECT not on every table; see the tables below' };
  }
  return {
    check: 'privileges',
    level: 'warning',
    message: `the user may not see every table of ${database}: a pattern leaves out unnoticed what is hidden`,
    remedy: `GRANT SELECT ON \`${database}\`.* TO this user, or name the tables.`,
  };
}
