/**
 * The partition of a key, as Kafka's own client for Java and kafkajs choose it: a key stays on its partition when
 * another client sends it. The hash is murmur2 with Kafka's seed (Utils.java of Apache Kafka), in 32-bit arithmetic.
 */

const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;
const SHIFT = 24;
/** Kafka clears the sign before it divides. */
const POSITIVE = 0x7fffffff;

export function partitionOf(key: Buffer, partitions: number): number {
  return (murmur2(key) & POSITIVE) % partitions;
}

function murmur2(bytes: Buffer): number {
  const wholeEnd = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let offset = 0; offset < wholeEnd; offset += 4) {
    let word = Math.imul(bytes.readInt32LE(offset), MIX);
    word = Math.imul(word ^ (word >>> SHIFT), MIX);
    hash = Math.imul(hash, MIX) ^ word;
  }
  if (wholeEnd < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(wholeEnd, bytes.length - wholeEnd), MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}
