/** Spoils the bytes of a result set, as a broken server, proxy or network would. */
import type { SeededRandom } from '@rowparity/testkit';

type Mutation = (bytes: Buffer, random: SeededRandom) => Buffer;

const flip: Mutation = (bytes, random) => {
  const copy = Buffer.from(bytes);
  const position = random.int(0, copy.length - 1);
  copy[position] = (copy[position] as number) ^ (1 << random.int(0, 7));
  return copy;
};
const insert: Mutation = (bytes, random) => {
  const position = random.int(0, bytes.length);
  const extra = Buffer.from(random.hex(random.int(1, 6)), 'hex');
  return Buffer.concat([bytes.subarray(0, position), extra, bytes.subarray(position)]);
};
const remove: Mutation = (bytes, random) => {
  const position = random.int(0, bytes.length - 1);
  return Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + random.int(1, 6))]);
};
const repeat: Mutation = (bytes, random) => {
  const position = random.int(0, bytes.length - 1);
  const end = Math.min(bytes.length, position + random.int(1, 40));
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(position)]);
};
const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.int(1, bytes.length));

type Packets = readonly Buffer[];
/** Of whole packets; the numbers are put right, so that only what they hold can show it. */
const onPackets =
  (change: (packets: Packets, random: SeededRandom) => Packets): Mutation =>
  (bytes, random) => {
    const contents = contentsOf(bytes);
    return contents.length === 0 ? bytes : numbered(change(contents, random));
  };

const swapPackets = onPackets((packets, random) => {
  const [i, j] = [random.int(0, packets.length - 1), random.int(0, packets.length - 1)];
  return packets.with(i, packets[j] as Buffer).with(j, packets[i] as Buffer);
});
const dropPacket = onPackets((packets, random) => packets.toSpliced(random.int(0, packets.length - 1), 1));
const repeatPacket = onPackets((packets, random) => {
  const i = random.int(0, packets.length - 1);
  return packets.toSpliced(random.int(0, packets.length), 0, packets[i] as Buffer);
});
const spoilPacket = onPackets((packets, random) => {
  const i = random.int(0, packets.length - 1);
  const spoil = random.pick([flip, insert, remove, repeat, truncate]);
  return packets.with(i, spoil(packets[i] as Buffer, random));
});
const emptyPacket = onPackets((packets, random) =>
  packets.toSpliced(random.int(0, packets.length), random.int(0, 1), Buffer.alloc(0)),
);
const longPacket = onPackets((packets, random) => {
  const i = random.int(0, packets.length - 1);
  return packets.with(i, Buffer.concat([packets[i] as Buffer, Buffer.alloc(random.pick([251, 70_000]))]));
});

const MUTATIONS: readonly Mutation[] = [
  flip,
  insert,
  remove,
  repeat,
  truncate,
  swapPackets,
  dropPacket,
  repeatPacket,
  spoilPacket,
  spoilPacket,
  longPacket,
  emptyPacket,
];

export function mutated(bytes: Buffer, random: SeededRandom): Buffer {
  let spoiled = bytes;
  for (let i = random.int(1, 3); i > 0 && spoiled.length > 0; i -= 1)
    spoiled = random.pick(MUTATIONS)(spoiled, random);
  return spoiled;
}

/** Of what can still be cut into packets. */
function contentsOf(bytes: Buffer): Packets {
  const contents: Buffer[] = [];
  for (let position = 0; position + 4 <= bytes.length; ) {
    const end = position + 4 + bytes.readUIntLE(position, 3);
    contents.push(bytes.subarray(position + 4, end));
    position = end;
  }
  return contents.filter(({ length }) => length > 0);
}

function numbered(contents: Packets): Buffer {
  return Buffer.concat(
    contents.flatMap((content, i) => {
      const header = Buffer.alloc(4);
      header.writeUIntLE(content.length, 0, 3);
      header[3] = (i + 1) & 0xff;
      return [header, content];
    }),
  );
}
