import { bodyRange } from '#shared/export/record-format.ts';
import { fail, type Result } from '#shared/failure.ts';
import { maxTreeBytes } from '#shared/filter/json-test.ts';
import { keyReader, parseTreePath } from '#shared/statistics/path-keys.ts';
import type { Pairing } from '#shared/statistics/statistics.ts';
import type { Batch } from './statistics-batches.ts';

/** Returns the value at the path in a record, which pairs a reply with its request. */
export type RecordKey = (batch: Batch, record: number, isRequest: boolean) => string | undefined;

/** Returns a function that reads the keys of `pairing`. Fails with `bad-input` for an invalid path. */
export function recordKeyOf({ request, reply }: Extract<Pairing, { kind: 'path' }>): Result<RecordKey> {
  const requestPath = parseTreePath(request);
  if (typeof requestPath === 'string') return noPath('request', request, requestPath);
  const replyPath = parseTreePath(reply);
  if (typeof replyPath === 'string') return noPath('reply', reply, replyPath);
  const ofRequest = keyReader(requestPath);
  const ofReply = keyReader(replyPath);
  const value: RecordKey = ({ block, columns }, record, isRequest) => {
    if (block === undefined) throw new Error('keys are read from blocks with their bytes');
    const { from, to } = bodyRange({
      length: columns.lengths[record] as number,
      head: columns.heads[record] as number,
      tail: columns.tails[record] as number,
    });
    const read = isRequest ? ofRequest : ofReply;
    return to - from > maxTreeBytes ? undefined : read(block.bytes(record, from, to));
  };
  return { ok: true, value };
}

function noPath(side: string, text: string, why: string): ReturnType<typeof fail> {
  const hint = 'Write a path as in a filter: json.id, json.items[0].id, xml.order.@id.';
  return fail('bad-input', `Could not pair by “${text}”, an invalid path for the ${side}`, { system: why, hint });
}
