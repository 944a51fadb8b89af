import { readdirSync, readFileSync } from 'node:fs';

/** The arguments and the environment of a process, as far as this user may read them. */
export interface SeenProcess {
  readonly pid: number;
  readonly text: string;
}

/** Reads the arguments and environments of all processes of the machine, as every user of it may try (Linux). */
export function seenProcesses(): SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), text: read(`/proc/${name}/cmdline`) + read(`/proc/${name}/environ`) }));
}

/** '' where the process has ended meanwhile, or belongs to somebody else. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
