import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insightKinds } from '#shared/insights/catalogue.ts';
import { runCli } from '#support/cli.ts';

const programs = fileURLToPath(new URL('../../support/traced', import.meta.url));

let folder: string;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-insights-'));
});

afterAll(async () => await rm(folder, { recursive: true }));

/** Traces a program into a session and returns the ids of the insights in it. */
async function insightsOf(...program: string[]): Promise<string[]> {
  runs += 1;
  const file = join(folder, `${runs}.wirebench`);
  const calls = join(folder, `${runs}.txt`);
  await runCli(['trace', '--no-app', '--record', file, '-o', calls, '--', 'python3', ...program]);
  const { code, stdout } = await runCli(['log', 'insights', file, '--json']);
  expect(code).toBe(0);
  const { insights } = JSON.parse(stdout) as { insights: { id: string; evidence: number[] }[] };
  for (const { evidence } of insights) expect(evidence).toEqual([...evidence].sort((one, other) => one - other));
  return insights.map(({ id }) => id);
}

describe('insights of traced programs', () => {
  test.each(insightKinds.map(({ id }) => id))(
    'finds %s in a faulty program, and nothing in the corrected one',
    async (id) => {
      const program = join(programs, 'faulty', `${id.replaceAll('-', '_')}.py`);
      expect(await insightsOf(program)).toContain(id);
      expect(await insightsOf(program, 'correct')).toEqual([]);
    },
  );

  test.each([
    ...['asyncio_echo', 'blocking', 'forking', 'http_server', 'large', 'makefile', 'processes', 'select_loop'],
    ...['selectors_loop', 'socket_server', 'threads', 'udp'],
  ])('finds nothing in the correct program %s.py', async (name) => {
    expect(await insightsOf(join(programs, 'python', `${name}.py`))).toEqual([]);
  });
});
