/**
 * What other tools need of a server, as their users set it up. MySQL 9.7 has MD5() only in a component of its
 * distribution; and where the zones of two servers differ, tools that do not set one report every TIMESTAMP.
 * Rowparity needs neither.
 */
import { connect, type SqlServer } from '@rowparity/testkit';

export async function prepareServers(
  servers: readonly SqlServer[],
  say: (line: string) => void,
): Promise<void> {
  for (const server of servers) {
    const connection = await connect(server);
    try {
      await connection.query("SET GLOBAL time_zone = '+00:00'");
      if (await hasMd5(connection)) continue;
      await connection.query("INSTALL COMPONENT 'file://component_classic_hashing'");
      say(`${server.flavour} ${server.version}: installed its component for MD5()`);
    } catch (error) {
      say(
        `${server.flavour} ${server.version} has no MD5(): ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      await connection.end();
    }
  }
}

async function hasMd5(connection: Awaited<ReturnType<typeof connect>>): Promise<boolean> {
  return connection.query("SELECT MD5('')").then(
    () => true,
    () => false,
  );
}
