/**
 * MD5() for the tools that need it: MySQL 9.7 has it only in a component, which is part of its distribution and which a
 * user of these tools installs. Rowparity needs none.
 */
import { connect, type SqlServer } from '@rowparity/testkit';

export async function enableMd5(servers: readonly SqlServer[], say: (line: string) => void): Promise<void> {
  for (const server of servers) {
    const connection = await connect(server);
    try {
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
