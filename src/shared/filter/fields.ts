import { type ChecksumVerdict, kindCodes, type RecordKind } from '../record/record.ts';
import type { FlagName } from './ast.ts';
import type { Comparison } from './exact-number.ts';

/** The type of a field determines its operators and values. */
export type FieldType =
  | 'flag'
  | 'number'
  | 'time'
  | 'duration'
  | 'kind'
  | 'checksum'
  | 'string'
  | 'text'
  | 'bytes'
  | 'tree';

export interface FieldHelp {
  readonly name: string;
  readonly type: FieldType;
  /** A description in one line. */
  readonly help: string;
  readonly example: string;
}

/** Every field, in the order in which people look for them. */
export const filterFields = [
  { name: 'text', type: 'text', help: 'The message as UTF-8, without its framing', example: 'text contains "error"' },
  { name: 'in', type: 'flag', help: 'A message received', example: 'in' },
  { name: 'out', type: 'flag', help: 'A message sent', example: 'out' },
  { name: 'message', type: 'flag', help: 'A message, sent or received', example: '!message' },
  { name: 'json', type: 'tree', help: 'A place in the message as JSON', example: 'json.user.id == 42' },
  { name: 'xml', type: 'tree', help: 'A place in the message as XML', example: 'xml.order.total > 10' },
  { name: 'bytes', type: 'bytes', help: 'The message with its framing', example: 'bytes contains 0d:0a' },
  { name: 'len', type: 'number', help: 'Bytes of the message, framing included', example: 'len > 100' },
  { name: 'socket', type: 'number', help: 'Socket number', example: 'socket == 3' },
  { name: 'peer', type: 'string', help: 'Address and port of the peer', example: 'peer contains "51422"' },
  { name: 'local', type: 'string', help: 'Local address and port', example: 'local contains "12345"' },
  { name: 'transport', type: 'string', help: 'tcp, tls, udp, local, ws or wss', example: 'transport == "tls"' },
  { name: 'endpoint', type: 'string', help: 'Name of the server or client', example: 'endpoint == "echo"' },
  { name: 'endpoint.id', type: 'string', help: 'Id of the server or client', example: 'endpoint.id == "e1"' },
  { name: 'time', type: 'time', help: 'Time since the first record, or date and time', example: 'time < 5s' },
  { name: 'seq', type: 'number', help: 'Record number', example: 'seq >= 1000' },
  { name: 'kind', type: 'kind', help: 'Kind of record', example: 'kind == closed' },
  { name: 'bookmarked', type: 'flag', help: 'Records with a bookmark', example: 'bookmarked' },
  { name: 'note', type: 'string', help: 'Your note on the record', example: 'note contains "todo"' },
  { name: 'problem', type: 'flag', help: 'Errors and exceeded limits', example: 'problem' },
  { name: 'truncated', type: 'flag', help: 'Messages truncated by a framing limit', example: 'truncated' },
  { name: 'part', type: 'flag', help: 'Part of a message sent from a file', example: 'part' },
  {
    name: 'incomplete',
    type: 'flag',
    help: 'The stream ended inside the message, or bytes are missing',
    example: 'incomplete',
  },
  { name: 'malformed', type: 'flag', help: 'Messages that violate the framing', example: 'malformed' },
  { name: 'filler', type: 'flag', help: 'Bytes between messages (filler)', example: '!filler' },
  { name: 'checksum', type: 'checksum', help: 'Checksum of a received message', example: 'checksum == bad' },
  { name: 'call', type: 'flag', help: 'A socket call', example: 'call' },
  { name: 'call.name', type: 'string', help: 'Name of the call', example: 'call.name == "accept"' },
  { name: 'call.errno', type: 'string', help: 'Error of a call that failed', example: 'call.errno == "ECONNREFUSED"' },
  { name: 'call.duration', type: 'duration', help: 'How long the call took', example: 'call.duration > 100ms' },
  { name: 'program', type: 'string', help: 'Traced program', example: 'program contains "server.py"' },
  { name: 'source', type: 'string', help: 'Source line of a call', example: 'source == "server.py:12"' },
] as const satisfies readonly FieldHelp[];

const fieldsByName = new Map<string, FieldHelp>(filterFields.map((field) => [field.name, field]));

/** Returns the field with the exact name `name`, without a path. */
export function fieldOf(name: string): FieldHelp | undefined {
  return fieldsByName.get(name);
}

/** Returns true for the name of a field that is used without a comparison. */
export function isFlagName(name: string): name is FlagName {
  return fieldsByName.get(name)?.type === 'flag';
}

export type OperatorName = Comparison | 'contains' | 'matches' | 'in';

export interface OperatorHelp {
  readonly name: OperatorName;
  /** Alternative spellings. */
  readonly also: readonly string[];
  readonly help: string;
  readonly types: readonly FieldType[];
}

/** Every operator between a field and a value, with the types of fields it applies to. */
export const filterOperators = [
  {
    name: '==',
    also: ['eq'],
    help: 'is equal to',
    types: ['number', 'time', 'duration', 'kind', 'checksum', 'string', 'text', 'bytes', 'tree'],
  },
  {
    name: '!=',
    also: ['ne'],
    help: 'exists and is not equal to',
    types: ['number', 'time', 'duration', 'kind', 'checksum', 'string', 'text', 'bytes', 'tree'],
  },
  { name: '<', also: ['lt'], help: 'is less than', types: ['number', 'time', 'duration', 'tree'] },
  { name: '<=', also: ['le'], help: 'is at most', types: ['number', 'time', 'duration', 'tree'] },
  { name: '>', also: ['gt'], help: 'is greater than', types: ['number', 'time', 'duration', 'tree'] },
  { name: '>=', also: ['ge'], help: 'is at least', types: ['number', 'time', 'duration', 'tree'] },
  { name: 'contains', also: [], help: 'contains', types: ['string', 'text', 'bytes', 'tree'] },
  { name: 'matches', also: ['~'], help: 'matches the regular expression', types: ['string', 'text', 'tree'] },
  {
    name: 'in',
    also: [],
    help: 'is one of',
    types: ['number', 'time', 'duration', 'kind', 'checksum', 'string', 'text', 'bytes', 'tree'],
  },
] as const satisfies readonly OperatorHelp[];

/** Returns the operators for a field of `type`. */
export function operatorsOf(type: FieldType): readonly OperatorHelp[] {
  return (filterOperators as readonly OperatorHelp[]).filter(({ types }) => types.includes(type));
}

/** The operators that combine conditions. */
export const filterConnectives = [
  { name: '&&', also: ['and'], help: 'both conditions' },
  { name: '||', also: ['or'], help: 'at least one of the conditions' },
  { name: '!', also: ['not'], help: 'the condition is false' },
] as const;

/** The values of the field `kind`. */
export const filterKinds: readonly (RecordKind | 'message')[] = [
  'message',
  ...(Object.keys(kindCodes) as RecordKind[]),
];

/** The values of the field `checksum`. */
export const filterVerdicts: readonly { readonly value: ChecksumVerdict; readonly help: string }[] = [
  { value: 'ok', help: 'the checksum is that of the message' },
  { value: 'bad', help: 'another checksum, or none' },
];

/** Returns the name among `names` that `written` was most likely meant to be, if one is similar. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const word = written.toLowerCase().slice(0, 40);
  let best: string | undefined;
  let bestDistance = word.length <= 3 ? 2 : 3;
  for (const name of names) {
    const found = distance(word, name);
    if (found < bestDistance && found < name.length) {
      best = name;
      bestDistance = found;
    }
  }
  return (
    best ??
    (word.length >= 3
      ? names.find((name) => name.startsWith(word) || (name.length >= 3 && word.startsWith(name)))
      : undefined)
  );
}

/** Returns the number of letters to add, drop, change or swap with the next to turn `left` into `right` (optimal string alignment). */
function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      let least = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + changed,
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        least = Math.min(least, (beforeLast[column - 2] as number) + 1);
      }
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] as number;
}
