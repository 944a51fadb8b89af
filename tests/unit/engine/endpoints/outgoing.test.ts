import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLoaded } from '#engine/connection/sends.ts';
import { outgoingFile } from '#engine/endpoints/outgoing.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, parseFraming } from '#shared/framing/spec.ts';

const body = new Uint8Array(Buffer.from('body'));
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wirebench-outgoing-'));
  file = path.join(folder, 'body');
  await writeFile(file, body);
});

afterAll(() => rm(folder, { recursive: true }));

test.each(['line', 'line:keep', 'fixed:6', 'start:aa55:fixed:6', 'start:24:delim:0d0a', 'len:2be:tail2', 'netstring'])(
  'a file under %s is recorded with the same framing bytes as a message from memory',
  async (spelling) => {
    const spec = parseFraming(spelling);
    const outgoing = await outgoingFile(file, true, false);
    if (!(spec && outgoing.ok)) throw new Error('the framing or the file is invalid');
    const encoded = encodeMessage(spec, body);
    const batches = outgoing.value.batches(spec);
    if (isUnframeable(encoded) || isUnframeable(batches)) throw new Error('the body cannot be framed');
    const batch = await (isLoaded(batches) ? batches.load() : batches.next());
    if (isLoaded(batches)) batches.close();
    if (!batch) throw new Error('the file has no batch');
    const { bytes, boundaries } = batch;
    expect({ bytes: new Uint8Array(bytes), head: boundaries.heads[0], tail: boundaries.tails[0] }).toEqual(encoded);
  },
);
