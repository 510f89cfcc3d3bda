/**
 * A session gets text as it is stored, so each column's definition has the column's own character set. mysql2 decodes
 * the names in a definition by that set and fails on unknown sets, such as MariaDB's own collations.
 * But names always come in UTF-8 (MySQL manual, "Connection Character Sets and Collations": metadata is in
 * character_set_system where character_set_results is NULL), and rows are never decoded by mysql2. So every set but
 * "binary" is UTF-8 for the driver.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The table's place in mysql2 3.24, as pinned in package.json; session.mysql.test.ts notices when it moves. */
const TABLE = 'lib/constants/charset_encodings.js';

export function readNamesAsUtf8(): void {
  const require = createRequire(import.meta.url);
  const encodings = require(join(dirname(require.resolve('mysql2/package.json')), TABLE)) as string[];
  for (let id = 0; id < encodings.length; id += 1) {
    if (encodings[id] !== 'binary') encodings[id] = 'utf8';
  }
}
