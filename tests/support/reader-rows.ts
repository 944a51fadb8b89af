import { Query } from '#session/query/filter/query.ts';
import { windowOf } from '#session/query/questions/matches.ts';
import { payloadOf } from '#session/query/questions/record.ts';
import type { Reader } from '#session/query/reader.ts';

/** Rows of every record of the first `upTo` bytes of the file, as a window shows them. */
export function windowAt(reader: Reader, upTo: number, first: number, count: number): ReturnType<typeof windowOf> {
  reader.index.walk(upTo);
  const query = new Query('', { kind: 'all' }, reader.queryReads);
  query.ask();
  return windowOf(query, { first, count }, reader.queryReads);
}

export function payloadAt(
  reader: Reader,
  upTo: number,
  ...[seq, from, length]: readonly [number, number, number]
): ReturnType<typeof payloadOf> {
  reader.index.walk(upTo);
  return payloadOf({ seq, from, length }, reader.queryReads);
}
