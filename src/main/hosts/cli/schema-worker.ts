import { parentPort } from 'node:worker_threads';
import { checkAgainstSchema, type SchemaSource } from '#shared/payload/schema.ts';

// The thread that checks documents against schemas. A schema is compiled to code and can take any time and memory, so the
// command line can end this thread.

/** One document to check; the answer is what `checkAgainstSchema` returns. */
export interface SchemaQuestion {
  readonly text: string;
  readonly schemas: readonly [SchemaSource, ...SchemaSource[]];
  readonly isFull: boolean;
}

parentPort?.on('message', ({ text, schemas, isFull }: SchemaQuestion) => {
  parentPort?.postMessage(checkAgainstSchema(text, schemas, { isFull }));
});
