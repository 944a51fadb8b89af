/** The bytes that one segment brought of a stream. */
export interface Message {
  /** Milliseconds since the epoch; `undefined` where the capture has no time. */
  readonly at: number | undefined;
  readonly bytes: Buffer;
}

/** Messages by sender and receiver, `10.0.0.1:1 > 10.0.0.2:2`, in the order of their streams. */
export type FlowMessages = ReadonlyMap<string, readonly Message[]>;

/** Half a microsecond on each side of what a session holds. */
const toleranceMs = 0.001;

/** How `actual` differs from `right`, in words; empty where bytes, messages and times are the same. */
export function flowDifference(right: FlowMessages, actual: FlowMessages): string {
  const keys = new Set([...right.keys(), ...actual.keys()]);
  const differences = [...keys].sort().flatMap((key) => {
    const words = difference(right.get(key) ?? [], actual.get(key) ?? []);
    return words === '' ? [] : [`${key}: ${words}`];
  });
  return differences.length > 3
    ? `${differences.slice(0, 3).join('; ')} … ${differences.length}`
    : differences.join('; ');
}

function difference(right: readonly Message[], actual: readonly Message[]): string {
  const rightBytes = Buffer.concat(right.map(({ bytes }) => bytes));
  const bytes = Buffer.concat(actual.map((message) => message.bytes));
  if (Buffer.compare(rightBytes, bytes) !== 0) {
    const at = rightBytes.findIndex((byte, index) => bytes[index] !== byte);
    return `${bytes.length} bytes, not ${rightBytes.length}, other from byte ${at < 0 ? rightBytes.length : at} on`;
  }
  for (const [index, message] of actual.entries()) {
    const expected = right[index];
    if (message.bytes.length !== expected?.bytes.length) {
      return `message ${index} has ${message.bytes.length} bytes, not ${expected?.bytes.length}`;
    }
    const late = expected.at === undefined ? 0 : (message.at ?? 0) - expected.at;
    if (Math.abs(late) > toleranceMs) return `message ${index} is ${late} ms late`;
  }
  return '';
}
