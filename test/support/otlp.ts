/** What an OTLP exporter sent, read from its bytes: as much of opentelemetry.proto as tests ask about. */

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where there is none. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'Internal' | 'Server' | 'Client' | 'Other';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly status: 'Unset' | 'Ok' | 'Error';
  readonly statusMessage: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly resource: Readonly<Record<string, string | number>>;
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

const NONE = Buffer.alloc(0);

/** The fields of a message, in order. */
function fieldsOf(message: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const taken = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = Number(varint());
    const [number, wire] = [key >> 3, key & 7];
    if (wire === 0) fields.push({ number, bytes: NONE, value: varint() });
    else if (wire === 2) fields.push({ number, bytes: taken(Number(varint())), value: 0n });
    else if (wire === 1 || wire === 5) {
      const bytes = taken(wire === 1 ? 8 : 4);
      fields.push({
        number,
        bytes,
        value: wire === 1 ? bytes.readBigUInt64LE() : BigInt(bytes.readUInt32LE()),
      });
    } else throw new Error(`wire type ${wire} is not read here`);
  }
  return fields;
}

const all = (fields: readonly Field[], number: number): readonly Buffer[] =>
  fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
const one = (fields: readonly Field[], number: number): Field =>
  fields.findLast((field) => field.number === number) ?? { number, bytes: NONE, value: 0n };
const text = (fields: readonly Field[], number: number): string => one(fields, number).bytes.toString('utf8');
const hex = (fields: readonly Field[], number: number): string => one(fields, number).bytes.toString('hex');

function anyValue(message: Buffer): string | number {
  const [field] = fieldsOf(message);
  if (field?.number === 1) return field.bytes.toString('utf8');
  if (field?.number === 3) return Number(field.value);
  throw new Error(`a value of kind ${field?.number} is not read here`);
}

const attributesOf = (fields: readonly Field[], number: number): ReceivedSpan['attributes'] =>
  Object.fromEntries(
    all(fields, number).map((pair) => {
      const parts = fieldsOf(pair);
      return [text(parts, 1), anyValue(one(parts, 2).bytes)];
    }),
  );

const KINDS: Readonly<Record<string, ReceivedSpan['kind']>> = { 1: 'Internal', 2: 'Server', 3: 'Client' };
const STATUSES = ['Unset', 'Ok', 'Error'] as const;

function spanOf(message: Buffer, resource: ReceivedSpan['resource']): ReceivedSpan {
  const fields = fieldsOf(message);
  const status = fieldsOf(one(fields, 15).bytes);
  return {
    traceId: hex(fields, 1),
    spanId: hex(fields, 2),
    parentSpanId: hex(fields, 4),
    name: text(fields, 5),
    kind: KINDS[String(one(fields, 6).value)] ?? 'Other',
    attributes: attributesOf(fields, 9),
    status: STATUSES[Number(one(status, 3).value)] ?? 'Unset',
    statusMessage: text(status, 2),
    start: one(fields, 7).value,
    end: one(fields, 8).value,
    resource,
  };
}

/** The spans of an ExportTraceServiceRequest. */
export const spansIn = (request: Buffer): readonly ReceivedSpan[] =>
  all(fieldsOf(request), 1).flatMap((resourceSpans) => {
    const fields = fieldsOf(resourceSpans);
    const resource = attributesOf(fieldsOf(one(fields, 1).bytes), 1);
    return all(fields, 2).flatMap((scope) => all(fieldsOf(scope), 2).map((span) => spanOf(span, resource)));
  });
