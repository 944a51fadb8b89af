import type { Lesson, StepCondition } from '../document/kinds/lesson.ts';
import type { Filter, FilterContext, FilterRecord } from '../filter/ast.ts';
import { compileFilter } from '../filter/compile.ts';
import { parseFilter } from '../filter/parse.ts';

/** How far a step is. `matches`: the records that count, of the `count` that are needed. */
export interface StepProgress {
  readonly done: boolean;
  readonly matches: number;
  /** The number of the first record that counts. */
  readonly first?: number | undefined;
}

/** The sockets that are remembered for each step: those that match first. */
const maxSockets = 10_000;

type Info = NonNullable<FilterRecord['info']>;
const noSockets: ReadonlyMap<number, Info> = new Map();

/** The matches of a step on one socket. */
interface SocketMatches {
  count: number;
  readonly first: number;
  readonly info: Info | undefined;
}

/** The matches of one step by socket. */
type Matches = Map<number, SocketMatches>;

/**
 * Follows how far the steps of a lesson are, one record after another, in their order. A step is judged by what is recorded only.
 */
export class LessonProgress {
  readonly #conditions: readonly StepCondition[];
  readonly #tests: readonly ((record: FilterRecord, context: FilterContext) => boolean)[];
  readonly #matches: readonly Matches[];
  readonly #context: FilterContext;

  /** `filters` are the parsed filters of the `conditions`. */
  constructor(conditions: readonly StepCondition[], filters: readonly Filter[], context: FilterContext) {
    this.#conditions = conditions;
    this.#tests = filters.map((filter) => compileFilter(filter));
    this.#matches = conditions.map(() => new Map());
    this.#context = context;
  }

  /** Adds the next record. */
  add(record: FilterRecord): void {
    // Before the record is counted: it is not later than itself.
    const open = this.#conditions.map((condition) => this.#isOpen(condition, record.socket));
    for (const [number, test] of this.#tests.entries()) {
      if (open[number] && test(record, this.#context)) this.#match(number, record);
    }
  }

  /** Returns true if a record of the socket counts now: the step before it was done on the same socket, if that is needed. */
  #isOpen({ after, on }: StepCondition, socket: number): boolean {
    const anchor = after === undefined || on !== 'same socket' ? undefined : this.#conditions[after];
    if (after === undefined || anchor === undefined) return true;
    const least = anchor.per === 'socket' ? anchor.count : 1;
    return (this.#matches[after]?.get(socket)?.count ?? 0) >= least;
  }

  #match(number: number, { socket, seq, info }: FilterRecord): void {
    const matches = this.#matches[number] as Matches;
    const found = matches.get(socket);
    if (found) found.count += 1;
    else if (matches.size < maxSockets) matches.set(socket, { count: 1, first: seq, info });
  }

  /** Returns how far each step is. `sockets` are the sockets as they are known now; without, as they were in their records. */
  steps(sockets: ReadonlyMap<number, Info> = noSockets): StepProgress[] {
    const qualified: Matches[] = [];
    return this.#conditions.map((condition, number) => {
      const { count, per } = condition;
      const related = relatedMatches(this.#matches[number] as Matches, condition, { qualified, sockets });
      const enough = per === 'socket' ? new Map([...related].filter(([, found]) => found.count >= count)) : related;
      qualified.push(enough);
      const counts = [...related.values()].map((found) => found.count);
      const matches = per === 'socket' ? Math.max(0, ...counts) : counts.reduce((sum, one) => sum + one, 0);
      if (matches < count) return { done: false, matches };
      return { done: true, matches, first: Math.min(...[...enough.values()].map(({ first }) => first)) };
    });
  }
}

interface Around {
  /** The matches of the earlier steps. */
  readonly qualified: readonly Matches[];
  readonly sockets: ReadonlyMap<number, Info>;
}

/** Returns the matches that belong to those of the step `after` as the condition says. */
function relatedMatches(own: Matches, { after, on }: StepCondition, { qualified, sockets }: Around): Matches {
  const anchors = after === undefined ? undefined : qualified[after];
  if (anchors === undefined) return own;
  if (on === 'same socket') return new Map([...own].filter(([socket]) => anchors.has(socket)));
  const infosOf = (matches: Matches) =>
    [...matches].map(([socket, { info }]) => [socket, sockets.get(socket) ?? info] as const);
  const keyOf = ({ program, endpoint, local, peer }: Info) =>
    on === 'same program' ? (program ?? endpoint) : `${local} ${peer}`;
  const wantedOf = (info: Info) => (on === 'same program' ? keyOf(info) : `${info.peer} ${info.local}`);
  const keys = new Set(infosOf(anchors).map(([, info]) => info && keyOf(info)));
  const related = infosOf(own).filter(([, info]) => info !== undefined && keys.has(wantedOf(info)));
  return new Map(related.map(([socket]) => [socket, own.get(socket) as SocketMatches]));
}

/** Returns the filters of conditions, which a document or a page has given: `undefined` if one of them is invalid. */
export function filtersOf(conditions: readonly StepCondition[]): Filter[] | undefined {
  const filters = conditions.flatMap(({ filter }) => {
    const parsed = parseFilter(filter);
    return parsed.ok ? [parsed.filter] : [];
  });
  return filters.length === conditions.length ? filters : undefined;
}

/** Returns how far the steps of `lesson` are after `records`, which are in their order. Throws if a filter is invalid. */
export function progressOf(lesson: Lesson, records: Iterable<FilterRecord>, startAt = 0): StepProgress[] {
  const conditions = lesson.steps.map(({ done }) => done);
  const filters = filtersOf(conditions);
  if (!filters) throw new Error('a lesson was not parsed');
  const progress = new LessonProgress(conditions, filters, { startAt });
  for (const record of records) progress.add(record);
  return progress.steps();
}
