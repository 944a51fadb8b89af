// `npm run fuzz`: the laws of every framing over many generated streams, then all other properties of the unit and
// integration tests with many more cases than `npm test` tries. `--cases N` streams in all, `--seed N` to repeat their run,
// `--effort N` times as many cases of the other properties (0: none of them).
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { root } from '#support/build-setup.ts';
import { effortVariable } from '#support/cases.ts';
import { framingCases } from '#support/framing-cases.ts';
import { framingLaws } from '#support/framing-laws.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '150000' },
    seed: { type: 'string' },
    effort: { type: 'string', default: '10' },
  },
});
const cases = numberOf('cases', values.cases, 1);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : numberOf('seed', values.seed, -(2 ** 31));
const effort = numberOf('effort', values.effort, 0);

const lawsHold = await fuzzLaws();
const propertiesHold = effort === 0 || fuzzProperties();
process.exitCode = lawsHold && propertiesHold ? 0 : 1;

/** Tries each law with each framing; false where one is broken. */
async function fuzzLaws(): Promise<boolean> {
  const runs = framingLaws.flatMap((law) =>
    framingCases.flatMap((framing) => {
      const property = law.property(framing);
      return property ? [{ law: law.name, framing: framing.name, property }] : [];
    }),
  );
  const numRuns = Math.ceil(cases / runs.length);
  console.log(`seed ${seed}, ${numRuns} cases for each of ${runs.length} pairs of a law and a framing`);

  let law = '';
  let total = 0;
  let failed = 0;
  for (const run of runs) {
    if (run.law !== law) console.log(`\n${run.law}`);
    law = run.law;
    const startedAt = performance.now();
    const result = await fc.check(run.property, { numRuns, seed });
    total += result.numRuns;
    const time = `${Math.round(performance.now() - startedAt)} ms`;
    console.log(`  ${run.framing.padEnd(22)} ${String(result.numRuns).padStart(7)} cases ${time.padStart(9)}`);
    if (!result.failed) continue;
    failed += 1;
    console.error(fc.defaultReportMessage(result));
  }
  console.log(`\n${total} cases, seed ${seed}, ${failed === 0 ? 'no law broken' : `${failed} BROKEN`}`);
  return failed === 0;
}

/** Runs the test files that have properties; false where a test fails. A failure says its seed. */
function fuzzProperties(): boolean {
  const files = globSync('tests/{unit,integration}/**/*.test.{ts,tsx}', { cwd: root }).filter((file) =>
    readFileSync(join(root, file), 'utf8').includes('fc.assert('),
  );
  console.log(`\n${files.length} test files with properties, ${effort} times as many cases as in npm test`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...files], {
    cwd: root,
    env: { ...process.env, [effortVariable]: String(effort) },
    stdio: 'inherit',
  });
  return status === 0;
}

function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${name} wants a whole number from ${least} on, not “${text}”`);
  process.exit(2);
}
