import { resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Returns the folder of the app's data (sessions, settings): `WIREBENCH_HOME` if set, otherwise the platform's default.
 * An absolute path; the folder may not exist yet.
 */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.WIREBENCH_HOME;
  return chosen ? resolve(chosen) : envPaths('Wirebench', { suffix: '' }).data;
}
