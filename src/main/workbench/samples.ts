import fs from 'node:fs';
import { extname, join } from 'node:path';
import { openFile, unreadableFile } from '#files/regular-file.ts';
import { fileFailure } from '#session/format/failures.ts';
import { referencePrefixes } from '#shared/contract/file-reference.ts';
import type { Sample } from '#shared/contract/models.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';

const formats: Readonly<Record<string, Sample['format']>> = { '.json': 'json', '.xml': 'xml', '.txt': 'text' };

function folderOf(resources: string): string {
  return join(resources, 'samples');
}

/** Returns the documents that ship with Wirebench, by name, the course's `data.json` first. */
export async function listSamples(resources: string): Promise<Result<Sample[]>> {
  const folder = folderOf(resources);
  try {
    const names = (await fs.promises.readdir(folder)).filter((name) => extname(name) in formats).sort();
    names.sort((a, b) => Number(b.startsWith('data.')) - Number(a.startsWith('data.')));
    const samples = names.map(async (name) => ({
      name,
      format: formats[extname(name)] as Sample['format'],
      text: await fs.promises.readFile(join(folder, name), 'utf8'),
    }));
    return ok(await Promise.all(samples));
  } catch (error) {
    return { ok: false, error: missingSamples(error) };
  }
}

/** Returns the path for a reply file's name. Fails with `not-found` for a sample that does not exist. */
async function replyFilePath(resources: string, path: string): Promise<Result<string>> {
  if (!path.startsWith(referencePrefixes.sample)) return ok(path);
  const name = path.slice(referencePrefixes.sample.length);
  try {
    const names = await fs.promises.readdir(folderOf(resources));
    if (names.includes(name)) return ok(join(folderOf(resources), name));
  } catch (error) {
    return { ok: false, error: missingSamples(error) };
  }
  return fail('not-found', `Could not read the reply file ${path}`, {
    hint: 'There is no such sample: select another one.',
  });
}

function missingSamples(error: unknown): Failure {
  const { code, message, system } = fileFailure('Could not read the samples that ship with Wirebench', error);
  return { code, message, system, hint: 'The installation is incomplete: install Wirebench again.' };
}

/** The maximum size of a file that is sent as one reply. */
const maxReplyFileBytes = 64 * 1_048_576;

/** Reads the file with which a server replies: a path, or `sample:NAME`. Only a regular file up to the maximum size. */
export async function readReplyFile(resources: string, name: string): Promise<Result<Uint8Array>> {
  const tried = `Could not read the reply file ${name}`;
  const path = await replyFilePath(resources, name);
  if (!path.ok) return path;
  try {
    const file = await openFile(path.value);
    try {
      const { size } = await file.stat();
      if (size > maxReplyFileBytes) {
        const system = `it has ${size} bytes, and the limit is ${maxReplyFileBytes}`;
        return fail('too-large', tried, { system, hint: 'Select a smaller file.' });
      }
      return ok(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, error: unreadableFile(tried, error) };
  }
}
