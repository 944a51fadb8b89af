import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Sample } from '#shared/contract/models.ts';

const formats: Readonly<Record<string, Sample['format']>> = { '.json': 'json', '.xml': 'xml', '.txt': 'text' };

/** How a reply file that ships with Wirebench is named: `sample:data.json`. */
export const samplePrefix = 'sample:';

function folderOf(resources: string): string {
  return join(resources, 'samples');
}

/** The documents that ship with Wirebench, by name, the course's `data.json` first. */
export async function listSamples(resources: string): Promise<Sample[]> {
  const folder = folderOf(resources);
  const names = (await readdir(folder)).filter((name) => extname(name) in formats).sort();
  names.sort((a, b) => Number(b.startsWith('data.')) - Number(a.startsWith('data.')));
  return Promise.all(
    names.map(async (name) => ({
      name,
      format: formats[extname(name)] as Sample['format'],
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}

/** The path that a reply file's name stands for; `undefined` for a sample that does not exist. */
export async function replyFilePath(resources: string, path: string): Promise<string | undefined> {
  if (!path.startsWith(samplePrefix)) return path;
  const name = path.slice(samplePrefix.length);
  const names = await readdir(folderOf(resources));
  return names.includes(name) ? join(folderOf(resources), name) : undefined;
}
