import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, report } from './statistics.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const trace = [process.execPath, path('../../tools/wirebench.js'), 'trace', '-o', '/dev/null', '--'];
const trips = 20_000;

/** The time of round trips of an echo program whose calls are traced, against the same program untraced: four calls each. */
export async function benchTrace(rounds: number): Promise<void> {
  for (const [name, command] of [
    ['Python', ['python3', path('./subjects/traced-echo.py')]],
    ['Node.js', [process.execPath, path('./subjects/traced-echo.cjs')]],
  ] as const) {
    const wall: number[] = [];
    const used: number[] = [];
    const traced: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const plain = await run(command);
      const ours = await run([...trace, ...command]);
      wall.push(ours.wall / plain.wall);
      used.push(ours.used / plain.used);
      traced.push(ours.wall);
    }
    report(
      `traced ${name} program, round trip`,
      wall,
      `${((median(traced) / trips) * 1e6).toFixed(0)} µs (lower is better)`,
    );
    report(`traced ${name} program, its processor time`, used, '(lower is better)');
  }
}

/** Returns the seconds that the program says its round trips took. */
async function run([program = '', ...args]: readonly string[]): Promise<{ wall: number; used: number }> {
  const { stdout } = await promisify(execFile)(program, [...args, String(trips)]);
  const [wall = Number.NaN, used = Number.NaN] = stdout.split(' ').map(Number);
  return { wall, used };
}
