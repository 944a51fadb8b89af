import { assertNever } from '../assert-never.ts';
import { encodeUtf8 } from '../bytes/text.ts';
import { messageFlags } from '../message/flags.ts';
import { isProblem } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import { baseName } from '../socket/events/call.ts';
import type { CallField, Filter, FilterContext, FilterRecord, FlagName, StringField } from './ast.ts';
import { type ByteTest, type ByteTools, maxMatchedBytes, patternOf, plainByteTools, sameBytes } from './compare.ts';
import { compareBy } from './exact-number.ts';
import { jsonTest, xmlTest } from './tree-test.ts';

/** Returns whether a record matches. */
type FilterPredicate = (record: FilterRecord, context: FilterContext) => boolean;

type FilterOf<Kind extends Filter['kind']> = Extract<Filter, { kind: Kind }>;

/** Returns `filter` as a function of a record: the definition of what filters mean. Evaluates the cheapest parts first. */
export function compileFilter(filter: Filter, tools: ByteTools = plainByteTools): FilterPredicate {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const parts = cheapestFirst(filter.parts).map((part) => compileFilter(part, tools));
      return (record, context) => parts.every((part) => part(record, context));
    }
    case 'or': {
      const parts = cheapestFirst(filter.parts).map((part) => compileFilter(part, tools));
      return (record, context) => parts.some((part) => part(record, context));
    }
    case 'not': {
      const part = compileFilter(filter.part, tools);
      return (record, context) => !part(record, context);
    }
    case 'flag': {
      const test = flagTests[filter.flag];
      return (record) => test(record);
    }
    case 'number':
      return numberPredicate(filter);
    case 'time': {
      const test = timeTest(filter);
      return (record, context) => test(record.at, context);
    }
    case 'call-duration':
      return durationPredicate(filter);
    case 'record-kind': {
      const { op, value } = filter;
      const wanted = op === '==';
      if (value === 'message') return (record) => isMessage(record) === wanted;
      return (record) => (record.kind === value) === wanted;
    }
    case 'checksum': {
      const { verdict } = filter;
      if (verdict === undefined) return (record) => record.checksum() !== undefined;
      return (record) => record.checksum() === verdict;
    }
    case 'string': {
      const test = stringTest(filter);
      const { field } = filter;
      return (record) => test(stringOf(record, field));
    }
    case 'text': {
      const test = textTest(filter, tools);
      return (record) => test(record.body());
    }
    case 'bytes': {
      const test = bytesTest(filter, tools);
      return (record) => isMessage(record) && test(record.bytes());
    }
    case 'tree': {
      const test = treeTest(filter, tools);
      return (record) => isMessage(record) && test(record.body());
    }
    default:
      return assertNever(filter);
  }
}

/** Returns the approximate cost of a part for one record. */
function filterCost(filter: Filter): number {
  if (filter.kind === 'and' || filter.kind === 'or') return Math.max(0, ...filter.parts.map(filterCost));
  if (filter.kind === 'not') return filterCost(filter.part);
  if (filter.kind === 'tree' || filter.kind === 'checksum' || filter.kind === 'call-duration') return 4;
  if (filter.kind === 'text' || filter.kind === 'bytes') return filter.op === 'matches' ? 3 : 2;
  if (filter.kind !== 'string') return 0;
  return isCallField(filter.field) ? 4 : 1;
}

function cheapestFirst(parts: readonly Filter[]): Filter[] {
  return parts.toSorted((left, right) => filterCost(left) - filterCost(right));
}

function isMessage({ kind }: FilterRecord): boolean {
  return kind === 'in' || kind === 'out';
}

const flagTests: Readonly<Record<FlagName, (record: FilterRecord) => boolean>> = {
  in: ({ kind }) => kind === 'in',
  out: ({ kind }) => kind === 'out',
  message: isMessage,
  bookmarked: ({ bookmarked }) => bookmarked,
  problem: ({ kind }) => isProblem(kind),
  call: ({ kind }) => kind === 'call',
  truncated: ({ flags }) => (flags & messageFlags.truncated) !== 0,
  part: ({ flags }) => (flags & messageFlags.part) !== 0,
  incomplete: ({ flags }) => (flags & messageFlags.incomplete) !== 0,
  malformed: ({ flags }) => (flags & messageFlags.malformed) !== 0,
  filler: ({ flags }) => (flags & messageFlags.filler) !== 0,
};

function numberPredicate({ field, op, value }: FilterOf<'number'>): FilterPredicate {
  if (field === 'seq') return (record) => compareBy(op, record.seq, value);
  if (field === 'socket') return (record) => compareBy(op, record.socket, value);
  // An event has no length: the table's cell is empty.
  return (record) => isMessage(record) && compareBy(op, record.length, value);
}

/** Durations are compared to the microsecond, as they are recorded. */
function durationPredicate({ op, value }: FilterOf<'call-duration'>): FilterPredicate {
  const micros = Math.round(value * 1_000);
  return (record) => {
    const call = callOf(record);
    return call !== undefined && compareBy(op, Math.round(call.durationMs * 1_000), micros);
  };
}

/** Returns true for a field that only calls have, which is in the record itself. */
export function isCallField(field: StringField): field is CallField {
  return field === 'call.name' || field === 'call.errno' || field === 'source';
}

/** Returns the test of a record's time `at` (milliseconds since the Unix epoch). Times are compared to the microsecond. */
export function timeTest({ op, value, absolute }: FilterOf<'time'>): (at: number, context: FilterContext) => boolean {
  const micros = Math.round(value * 1_000_000) / 1_000;
  if (absolute) return (at) => compareBy(op, Math.round(at * 1_000), Math.round(value * 1_000));
  return (at, { startAt }) => compareBy(op, Math.round((at - startAt) * 1_000), micros);
}

function stringOf(record: FilterRecord, field: StringField): string {
  const { info, note } = record;
  switch (field) {
    case 'call.name':
      return callOf(record)?.name ?? '';
    case 'call.errno':
      return callOf(record)?.errno ?? '';
    case 'source':
      return sourceOf(callOf(record));
    case 'program':
      return info?.program ?? '';
    case 'note':
      return note;
    case 'peer':
      return info?.peer ?? '';
    case 'local':
      return info?.local ?? '';
    case 'transport':
      return info?.transport ?? '';
    case 'endpoint':
      return info?.name ?? '';
    case 'endpoint.id':
      return info?.endpoint ?? '';
  }
}

type Call = Extract<SocketEvent, { readonly kind: 'call' }>;

/** Returns the call that a record is; `undefined` for another record. */
function callOf({ kind, event }: FilterRecord): Call | undefined {
  return kind === 'call' && event?.kind === 'call' ? event : undefined;
}

function sourceOf(call: Call | undefined): string {
  return call?.file === undefined ? '' : `${baseName(call.file)}:${call.line ?? 0}`;
}

/** Returns the test of a string field; the empty string means that the field is unknown, and never matches. */
export function stringTest({ op, value }: FilterOf<'string'>): (text: string) => boolean {
  if (op === 'contains') return (text) => text !== '' && text.includes(value);
  if (op === '==' || op === '!=') return (text) => text !== '' && compareBy(op, text, value);
  const pattern = patternOf(value);
  return (text) => text !== '' && pattern.test(text);
}

/** Returns the test of a message's body. Regular expressions read it as UTF-8, with U+FFFD for each invalid byte. */
export function textTest({ op, value }: FilterOf<'text'>, tools: ByteTools = plainByteTools): ByteTest {
  if (op === 'matches') {
    const pattern = patternOf(value);
    return (bytes, from = 0, to = bytes.length) =>
      pattern.test(partOf(bytes, from, Math.min(to, from + maxMatchedBytes)));
  }
  return needleTest(op, encodeUtf8(value), tools);
}

/** Returns the test of a message's bytes with their framing. */
export function bytesTest({ op, value }: FilterOf<'bytes'>, tools: ByteTools = plainByteTools): ByteTest {
  return needleTest(op, value, tools);
}

function needleTest(op: '==' | '!=' | 'contains', needle: Uint8Array, tools: ByteTools): ByteTest {
  if (op === '==') return (bytes, from = 0, to = bytes.length) => sameBytes(bytes, from, to, needle);
  if (op === '!=') return (bytes, from = 0, to = bytes.length) => !sameBytes(bytes, from, to, needle);
  if (needle.length === 0) return () => true;
  return (bytes, from = 0, to = bytes.length) => tools.indexOf(partOf(bytes, from, to), needle) >= 0;
}

function partOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}

/** Returns the test of a place in a message's body. Must not be called for events, which never match. */
export function treeTest(filter: FilterOf<'tree'>, tools: ByteTools = plainByteTools): ByteTest {
  return filter.format === 'json' ? jsonTest(filter, tools) : xmlTest(filter, tools);
}

/**
 * Returns the bytes that a record contains exactly when it matches `text contains` (in its body) or `bytes contains` (in
 * its bytes); `undefined` for any other filter and for an empty needle.
 */
export function needleOf(filter: Filter): Uint8Array | undefined {
  if ((filter.kind !== 'text' && filter.kind !== 'bytes') || filter.op !== 'contains') return undefined;
  const needle = filter.kind === 'text' ? encodeUtf8(filter.value) : filter.value;
  return needle.length === 0 ? undefined : needle;
}
