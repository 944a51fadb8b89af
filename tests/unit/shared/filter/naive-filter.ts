import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8, decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { Filter, FilterContext, FilterRecord, PathStep, TreeTest } from '#shared/filter/ast.ts';
import { type Comparison, type ExactNumber, LongNumber } from '#shared/filter/exact-number.ts';

/** The meaning of JSON and scalar filters, told as plainly as can be, for comparison with the fast one. */
export function naiveMatch(filter: Filter, record: FilterRecord, context: FilterContext): boolean {
  const message = record.kind === 'in' || record.kind === 'out';
  switch (filter.kind) {
    case 'all':
      return true;
    case 'and':
      return filter.parts.every((part) => naiveMatch(part, record, context));
    case 'or':
      return filter.parts.some((part) => naiveMatch(part, record, context));
    case 'not':
      return !naiveMatch(filter.part, record, context);
    case 'flag': {
      const flags = { truncated: 1, part: 32, incomplete: 2, malformed: 4, filler: 8 };
      if (filter.flag === 'in' || filter.flag === 'out') return record.kind === filter.flag;
      if (filter.flag === 'message') return message;
      if (filter.flag === 'bookmarked') return record.bookmarked;
      if (filter.flag === 'call') return record.kind === 'call';
      if (filter.flag === 'problem') return ['failed', 'limited', 'problem', 'malformed'].includes(record.kind);
      return Math.floor(record.flags / flags[filter.flag]) % 2 === 1;
    }
    case 'number': {
      const values = { seq: record.seq, socket: record.socket, len: message ? record.length : undefined };
      const value = values[filter.field];
      return value !== undefined && holds(filter.op, value, filter.value);
    }
    case 'time':
      return holds(filter.op, filter.absolute ? record.at : record.at - context.startAt, filter.value);
    case 'call-duration':
      return record.event?.kind === 'call' && holds(filter.op, micros(record.event.durationMs), micros(filter.value));
    case 'record-kind':
      return (record.kind === filter.value || (filter.value === 'message' && message)) === (filter.op === '==');
    case 'checksum': {
      const verdict = record.checksum();
      return verdict !== undefined && (filter.verdict ?? verdict) === verdict;
    }
    case 'string': {
      const { info, event } = record;
      const call = event?.kind === 'call' ? event : undefined;
      const values = {
        peer: info?.peer,
        local: info?.local,
        transport: info?.transport,
        endpoint: info?.name,
        'endpoint.id': info?.endpoint,
        note: record.note,
        program: info?.program,
        'call.name': call?.name,
        'call.errno': call?.errno,
        source: call?.file && `${call.file.replace(/.*[/\\]/s, '')}:${call.line ?? 0}`,
      };
      const value = values[filter.field];
      return !!value && textHolds(filter, value);
    }
    case 'text':
      return textHolds(filter, decodeUtf8Lossy(record.body()));
    case 'bytes': {
      const [bytes, wanted] = [toHex(record.bytes(), ' '), toHex(filter.value, ' ')];
      if (!message) return false;
      return filter.op === 'contains' ? bytes.includes(wanted) : (bytes === wanted) === (filter.op === '==');
    }
    case 'tree': {
      if (!message || filter.format !== 'json') return false;
      try {
        const places = placesOf([JSON.parse(decodeUtf8(record.body()) ?? 'none')], filter.path);
        return places.some((value) => valueHolds(filter.test, value));
      } catch {
        return false;
      }
    }
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1_000);
}

function holds<T extends number | string>(op: Comparison, left: T, right: T): boolean {
  const order = left < right ? -1 : left > right ? 1 : 0;
  return { '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    op
  ];
}

function textHolds(
  { op, value: wanted }: { op: '==' | '!=' | 'contains' | 'matches'; value: string },
  value: string,
): boolean {
  if (op === 'contains') return value.includes(wanted);
  if (op === 'matches')
    return new RegExp(wanted.replace('(?i)', ''), wanted.startsWith('(?i)') ? 'iu' : 'u').test(value);
  return (value === wanted) === (op === '==');
}

function placesOf(values: readonly unknown[], path: readonly PathStep[]): readonly unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return values;
  const next = values.flatMap((value): unknown[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (step.kind === 'key')
      return Array.isArray(value)
        ? []
        : Object.entries(value).flatMap(([key, one]) => (key === step.name ? [one] : []));
    if (!Array.isArray(value)) return [];
    return step.kind === 'any' ? value : value.slice(step.index, step.index + 1);
  });
  return placesOf(next, rest);
}

function valueHolds(test: TreeTest, value: unknown): boolean {
  if (test.op === 'exists') return true;
  if (test.op === 'contains' || test.op === 'matches')
    return typeof value === 'string' && textHolds({ op: test.op, value: test.value }, value);
  if (test.op === 'range')
    return typeof value === 'number' && value >= doubleOf(test.low) && value <= doubleOf(test.high);
  const { op, value: wanted } = test;
  // Numbers come from doubles here, written with as many digits as tell them apart: so doubles decide.
  const number = wanted instanceof LongNumber ? doubleOf(wanted) : wanted;
  if (typeof number === 'number' && typeof value === 'number') return holds(op, value, number);
  if (typeof wanted === 'string' && typeof value === 'string') return holds(op, value, wanted);
  return op === '!=' ? value !== wanted : op === '==' && value === wanted;
}

function doubleOf(value: ExactNumber): number {
  return value instanceof LongNumber ? value.number : value;
}
