/** A value of the binary protocol as a person reads it. */
import { isUtf8 } from 'node:buffer';
import type { ComparedColumn } from '@rowparity/contracts';
import { memberName, type TypedValue } from '@rowparity/core';
import { valueText } from '../wire/valueText.ts';
import { WIRE_TYPE, type WireColumn } from '../wire/wireColumn.ts';

const INTEGERS: ReadonlySet<number> = new Set([
  WIRE_TYPE.tiny,
  WIRE_TYPE.short,
  WIRE_TYPE.int24,
  WIRE_TYPE.long,
  WIRE_TYPE.longlong,
  WIRE_TYPE.year,
]);
const MOMENTS: ReadonlySet<number> = new Set([WIRE_TYPE.date, WIRE_TYPE.datetime, WIRE_TYPE.timestamp]);
const FLOATS: ReadonlySet<number> = new Set([WIRE_TYPE.float, WIRE_TYPE.double]);
/** Bytes that no text has in UTF-8; behind one comes what did not survive the way there (readExpression.ts). */
const MARKS: ReadonlySet<number> = new Set([0xfe, 0xff]);

/** Character sets under the names that Node's TextDecoder knows. Of others, bytes are shown. */
const ENCODINGS: Readonly<Record<string, string>> = {
  ...{ utf8mb3: 'utf-8', utf8mb4: 'utf-8', utf8: 'utf-8', ascii: 'utf-8', latin1: 'windows-1252' },
  ...{ ucs2: 'utf-16be', utf16: 'utf-16be', utf16le: 'utf-16le', sjis: 'shift_jis', cp932: 'shift_jis' },
  ...{ gbk: 'gbk', gb2312: 'gbk', gb18030: 'gb18030', big5: 'big5', euckr: 'euc-kr', ujis: 'euc-jp' },
  ...{ eucjpms: 'euc-jp', cp1250: 'windows-1250', cp1251: 'windows-1251', cp1256: 'windows-1256' },
  ...{ cp1257: 'windows-1257', greek: 'iso-8859-7', hebrew: 'iso-8859-8', latin2: 'iso-8859-2' },
  ...{ latin5: 'windows-1254', latin7: 'iso-8859-13', koi8r: 'koi8-r', koi8u: 'koi8-u', cp866: 'ibm866' },
  ...{ macroman: 'macintosh', tis620: 'windows-874' },
};

export interface ValueForm {
  readonly compared: ComparedColumn;
  /** The declared type on the value's side. */
  readonly type: string;
  readonly wire: WireColumn;
  /** The name of the column's character set; undefined for what is no text. */
  readonly charset: string | undefined;
}

export function typedValue(value: Buffer | null, form: ValueForm): TypedValue | null {
  if (value === null) return null;
  const { compared, wire, type } = form;
  const asText = (kind: 'integer' | 'double' | 'temporal' | 'time') =>
    valueText(value, wire, { kind, isMarked: false });
  if (compared.readAs.kind === 'number') return numbered(asText('integer'), type);
  if (wire.type === WIRE_TYPE.newDecimal) return { kind: 'number', text: value.toString('latin1') };
  if (INTEGERS.has(wire.type)) return { kind: 'number', text: asText('integer') };
  if (FLOATS.has(wire.type)) return { kind: 'float', text: asText('double') };
  if (MOMENTS.has(wire.type)) return { kind: 'moment', text: asText('temporal') };
  if (wire.type === WIRE_TYPE.time) return { kind: 'time', text: asText('time') };
  if (wire.type === WIRE_TYPE.bit)
    return { kind: 'number', text: BigInt(`0x0${value.toString('hex')}`).toString() };
  return textual(value, form);
}

/** The number of a BIT, or that behind an ENUM or a SET. */
function numbered(number: string, type: string): TypedValue {
  const name = memberName(type, BigInt(number));
  return name === undefined ? { kind: 'number', text: number } : { kind: 'text', text: name };
}

function textual(value: Buffer, { compared, wire, type, charset }: ValueForm): TypedValue {
  const isJson = wire.type === WIRE_TYPE.json || /^json\b/i.test(type) || compared.rules.includes('json');
  if (isJson) return { kind: 'json', text: value.toString('utf8') };
  const isUtf8 = compared.readAs.kind === 'text';
  if (isUtf8 && MARKS.has(value[0] ?? 0)) return { kind: 'bytes', text: value.toString('hex', 1) };
  const encoding = isUtf8 ? 'utf-8' : ENCODINGS[charset ?? ''];
  const text = encoding === undefined ? undefined : decoded(value, encoding);
  return text === undefined ? { kind: 'bytes', text: value.toString('hex') } : { kind: 'text', text };
}

/** Undefined for bytes that are none of the encoding. */
function decoded(value: Buffer, encoding: string): string | undefined {
  if (encoding === 'utf-8') return isUtf8(value) ? value.toString('utf8') : undefined;
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
