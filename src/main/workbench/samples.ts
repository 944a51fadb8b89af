import fs from 'node:fs';
import { extname, join } from 'node:path';
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
export async function replyFilePath(resources: string, path: string): Promise<Result<string>> {
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
