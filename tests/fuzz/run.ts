// `npm run fuzz`: the laws of every framing over many generated streams. `--cases N` in all, `--seed N` to repeat a run.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { framingCases } from '#support/framing-cases.ts';
import { framingLaws } from '#support/framing-laws.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '150000' }, seed: { type: 'string' } },
});
const cases = numberOf('cases', values.cases, 1);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : numberOf('seed', values.seed, -(2 ** 31));

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
process.exitCode = failed === 0 ? 0 : 1;

function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${name} wants a whole number from ${least} on, not “${text}”`);
  process.exit(2);
}
