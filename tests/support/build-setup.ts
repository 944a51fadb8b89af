import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../tools/build.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest's global setup of the end-to-end tests, which run what is in `out/`: builds it where it is stale. */
export default function setup(): void {
  if (!buildIfStale(root, (line) => console.log(line))) throw new Error('Wirebench could not be built.');
}
