// Loaded into a worker before anything else (--import): the process dies the moment it asks a database for the table
// `poison`, as one whose row makes a driver crash, or the kernel take its memory, would.

import { Socket } from 'node:net';

const POISON = '`poison`';
const write = Socket.prototype.write;

Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
  if (Buffer.isBuffer(args[0]) && args[0].includes(POISON)) process.kill(process.pid, 'SIGKILL');
  return write.apply(this, args);
} as typeof write;
