import { fail, type Result } from '#shared/contract/failure.ts';
import type { Pairing } from '#shared/record/statistics.ts';
import type { Batch } from './statistics-batches.ts';

/** What stands at the path of a record: what pairs a reply with its request. */
export type RecordKey = (batch: Batch, record: number, isRequest: boolean) => string | undefined;

/** Reads the keys that `pairing` names. Fails as `bad-input` where one of its paths is none. */
export function recordKeyOf({ request }: Extract<Pairing, { kind: 'path' }>): Result<RecordKey> {
  return fail('bad-input', `“${request}” is no path`);
}
