/** The options by which every command that reads two databases is told where they are and how to log in. */
import { Option } from 'commander';

export const PLACES = ['source', 'destination'] as const;
export type Place = (typeof PLACES)[number];

export interface ConnectionFlags {
  readonly sourceDefaultsFile?: string;
  readonly sourceDefaultsGroup?: string;
  readonly destinationDefaultsFile?: string;
  readonly destinationDefaultsGroup?: string;
  readonly askPassword?: boolean;
}

export function connectionOptions(): Option[] {
  return [
    ...PLACES.flatMap((place) => [
      new Option(
        `--${place}-defaults-file <file>`,
        `option file of MySQL (my.cnf) with the connection to the ${place}; what a URL argument says wins over it`,
      ),
      new Option(
        `--${place}-defaults-group <group>`,
        'group of that file that is read on top of [client], such as mysql_old',
      ),
    ]),
    new Option(
      '--ask-password',
      'ask at the terminal for each password that neither a URL nor a file gives; it is not shown',
    ),
  ];
}

export function defaultsOf(
  place: Place,
  flags: ConnectionFlags,
): { readonly file: string | undefined; readonly group: string | undefined } {
  return place === 'source'
    ? { file: flags.sourceDefaultsFile, group: flags.sourceDefaultsGroup }
    : { file: flags.destinationDefaultsFile, group: flags.destinationDefaultsGroup };
}

export const CONNECTIONS_HELP = `Connections, of each side the first of these that is given:
  a URL       mysql://user:password@host:3306/shop?tls=verify&tlsCa=ca.pem
  a file      --source-defaults-file ~/.my.cnf: its groups [client] and
              --source-defaults-group, with host, port, socket, user, password,
              database, ssl-mode, ssl-ca, ssl-cert, ssl-key, compress and
              compression-algorithms
  both        mysql:///shop with --source-defaults-file: the URL wins
  a variable  ROWPARITY_CONNECTION_SOURCE, ROWPARITY_CONNECTION_DESTINATION; with
              _FILE behind the name, a file that holds the URL
Files, variables and --ask-password keep passwords out of the list of processes.
Options of a URL:
  ?tls=off|verify|unverified     off when left out
  &tlsCa=FILE                    authorities to trust instead of the system's
  &socket=/run/mysqld/mysqld.sock  a unix socket, with localhost as the host
  &allowPublicKeyRetrieval=true  without TLS: take any key of the server for the
                                 password
  &compress=auto|true|false|zstd|zlib  auto when left out: rows are compressed
                                 where the measured link is slow
In a user or password write @ : / ? # % as %40 %3A %2F %3F %23 %25.`;
