/**
 * mysql2 reads the answers of the catalog itself and trusts each length in them: a truncated row would take its missing
 * bytes from the next packet. So every packet is checked before mysql2 gets it. Source: MySQL's protocol
 * documentation, "Text Resultset".
 *
 * What is relied on in mysql2 3.x, pinned by brokenDriver.mysql.test.ts: `handlePacket(packet)` gets every packet, the
 * running command's `next` is the method that will read it, and `_handleFatalError` fails all commands.
 */
import type { Connection } from 'mysql2';
import { protocolBroken } from './brokenProtocol.ts';
import { encodedLength } from './encodedLength.ts';
import { eofFault } from './endPackets.ts';
import { wireColumn } from './wireColumn.ts';

interface Packet {
  readonly buffer: Buffer;
  /** Where the content begins. */
  readonly offset: number;
  readonly end: number;
}

interface Driver {
  handlePacket(packet?: Packet): void;
  _handleFatalError(error: Error): void;
  readonly _command?: {
    readonly next?: { readonly name: string } | null;
    readonly _fieldCount?: number;
  } | null;
  readonly stream: { destroy(): void };
}

const NULL_MARK = 0xfb;

/** From now on an invalid packet ends the connection with PROTOCOL_BROKEN. `of` names the server. */
export function checkDriverPackets(connection: Connection, server: string): void {
  const driver = connection as unknown as Driver;
  const usual = driver.handlePacket;
  driver.handlePacket = (packet) => {
    const found = packet && faultIn(packet, driver._command);
    if (!found) {
      usual.call(driver, packet);
      return;
    }
    driver._handleFatalError(protocolBroken(server, found));
    driver.stream.destroy();
  };
}

function faultIn({ buffer, offset, end }: Packet, command: Driver['_command']): string | undefined {
  if (end === offset) return 'a packet is empty';
  const first = buffer[offset];
  const reads = command?.next?.name;
  if (first === 0xff) return undefined;
  if (reads === 'row' && first === 0xfe && end - offset < 9) return eofFault(buffer, offset, end);
  if (reads === 'row' && !isTextRow(buffer, { at: offset, end, columns: command?._fieldCount ?? 0 })) {
    return 'the values of a row do not fill it';
  }
  const isDefinition = (reads === 'readField' || reads === 'readParameter') && first !== 0xfe;
  return isDefinition && !wireColumn(buffer, offset, end) ? 'the definition of a column is none' : undefined;
}

function isTextRow(
  bytes: Buffer,
  extent: { readonly at: number; readonly end: number; readonly columns: number },
): boolean {
  let position = extent.at;
  for (let i = 0; i < extent.columns; i += 1) {
    const next =
      position < extent.end && bytes[position] === NULL_MARK
        ? position + 1
        : encodedLength(bytes, position, extent.end)?.end;
    if (next === undefined) return false;
    position = next;
  }
  return position === extent.end;
}
