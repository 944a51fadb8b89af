import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readRegularFile } from '#files/regular-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { type Checked, problemText } from '#shared/payload/problem.ts';
import type { SchemaProblem, SchemaSource, SchemaVerdict } from '#shared/payload/schema.ts';
import { draftNamed, schemaMember } from '#shared/payload/schema-draft.ts';
import { unreadable } from './input.ts';
import type { SchemaQuestion } from './schema-worker.ts';

/** How the schema of a document is chosen: a file, `true` for what `$schema` in the document names, `false` for none. */
export type SchemaChoice = string | boolean;

/** What the check of one document may take. */
interface CheckLimits {
  readonly timeMs: number;
  readonly memoryMb: number;
}

const usualLimits: CheckLimits = { timeMs: 10_000, memoryMb: 2_048 };

const limits = {
  documentLength: 16 * 1_048_576,
  schemaBytes: 8 * 1_048_576,
  schemas: 100,
} as const;

/** A larger document is checked up to its first mismatch. */
const maxFullLength = 1_048_576;

type Answer = Checked<SchemaVerdict> | { readonly stopped: 'time' | 'memory' };

/** Checks documents against JSON Schemas, in a thread that is ended at the limits of time and memory. Close it after use. */
export class SchemaChecker {
  readonly #choice: SchemaChoice;
  readonly #limits: CheckLimits;
  #worker: Worker | undefined;

  constructor(choice: SchemaChoice, checkLimits = usualLimits) {
    this.#choice = choice;
    this.#limits = checkLimits;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  /**
   * Returns where `text`, the valid JSON document at `path`, does not match its schema; nothing without a schema. Fails if the schema is
   * unreadable, invalid or not a file, or at a limit.
   */
  async check(path: string, text: string): Promise<Result<readonly SchemaProblem[]>> {
    const chosen = await this.#schemaOf(path, text);
    if (!chosen.ok) return chosen;
    if (chosen.value === undefined) return ok([]);
    const message = `Could not check ${path} against its schema`;
    if (text.length > limits.documentLength) {
      const system = `The document has ${text.length} characters; the maximum is ${limits.documentLength}`;
      return fail('too-large', message, { system, hint: 'Split the document, or add --no-schema.' });
    }
    const schemas: [SchemaSource, ...SchemaSource[]] = [chosen.value];
    for (;;) {
      const answer = await this.#ask({ text, schemas, isFull: text.length <= maxFullLength });
      if ('stopped' in answer) return stopped(message, answer.stopped, this.#limits);
      if (!answer.ok) return fail('bad-input', message, { system: problemText(answer.problem) });
      const { value } = answer;
      if (value.kind === 'checked') return ok(value.problems);
      if (value.kind === 'invalid-schema') return invalidSchema(message, value);
      const isKnown = schemas.some(({ uri }) => uri === value.uri);
      if (isKnown || schemas.length >= limits.schemas) return notFound(message, value.uri);
      const next = await readSchema(message, value.uri);
      if (!next.ok) return next;
      schemas.push(next.value);
    }
  }

  /** Returns the schema of a document, if it has one. */
  async #schemaOf(path: string, text: string): Promise<Result<SchemaSource | undefined>> {
    if (this.#choice === false) return ok(undefined);
    if (this.#choice !== true) {
      return await readSchema(`Could not read the schema ${this.#choice}`, pathToFileURL(this.#choice).href);
    }
    const named = schemaMember(text);
    if (named === undefined) return ok(undefined);
    // The document is a schema itself: it is checked against the schema of its draft, which Ajv contains.
    if (draftNamed(named) !== undefined) {
      return ok({ uri: 'wirebench:draft', text: JSON.stringify({ $schema: named, $ref: named }) });
    }
    const message = `Could not check ${path} against its $schema ${named}`;
    if (!/^(?![a-z][a-z\d+.-]*:|[\\/])/i.test(named)) return notFound(message, named);
    return await readSchema(message, new URL(named, pathToFileURL(path)).href);
  }

  async #ask(question: SchemaQuestion): Promise<Answer> {
    const worker = this.#worker ?? startWorker(this.#limits);
    this.#worker = worker;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => resolve({ stopped: 'time' }), this.#limits.timeMs);
      const settle = (found: Answer) => {
        clearTimeout(timer);
        resolve(found);
      };
      worker.once('message', settle);
      worker.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') settle({ stopped: 'memory' });
        else reject(error);
      });
      worker.postMessage(question);
    });
    worker.removeAllListeners('message');
    worker.removeAllListeners('error');
    if ('stopped' in answer) await this.close();
    return answer;
  }
}

function startWorker({ memoryMb }: CheckLimits): Worker {
  const here = fileURLToPath(import.meta.url);
  const file = extname(here) === '.ts' ? 'schema-worker.ts' : 'cli-schema-worker.cjs';
  return new Worker(join(dirname(here), file), {
    name: 'schema-worker',
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
}

/** Reads the schema at `uri`, which must be a file on this machine. */
async function readSchema(message: string, uri: string): Promise<Result<SchemaSource>> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'file:' || url.host !== '') return notFound(message, uri);
  url.hash = '';
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch {
    return notFound(message, uri);
  }
  try {
    const read = readDocument('json', await readRegularFile(path, limits.schemaBytes));
    if (read.ok) return ok({ uri: url.href, text: read.value });
    return fail('bad-input', message, { system: `${path}: ${problemText(read.problem)}`, hint: 'Correct the schema.' });
  } catch (error) {
    return unreadable(path, error);
  }
}

function notFound(message: string, uri: string): { readonly ok: false; readonly error: Failure } {
  return fail('unsupported', message, {
    system: `The schema ${uri} is not a relative file`,
    hint: 'Wirebench does not download schemas: save it to a file and add --schema FILE, or add --no-schema.',
  });
}

function stopped(
  message: string,
  limit: 'time' | 'memory',
  { timeMs, memoryMb }: CheckLimits,
): { readonly ok: false; readonly error: Failure } {
  const hint = 'Simplify the schema, for example patterns with nested repetitions, or add --no-schema.';
  if (limit === 'memory') {
    return fail('too-large', message, { system: `The check needs more than ${memoryMb} MiB of memory`, hint });
  }
  return fail('timed-out', message, { system: `The check did not end within ${timeMs / 1_000} seconds`, hint });
}

function invalidSchema(
  message: string,
  { uri, reason, problems: [first] }: SchemaVerdict & { readonly kind: 'invalid-schema' },
): { readonly ok: false; readonly error: Failure } {
  const path = uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  const place = first ? `${path}:${first.line}:${first.column}` : path;
  return fail('bad-input', message, { system: `Invalid schema ${place}: ${reason}`, hint: 'Correct the schema.' });
}
