// `npm run conformance [-- NAME… --all]`: runs public test suites against Wirebench and prints a table; with --all also
// the cases that take too long for every run. Exits with 1 on a difference that has no reason in its suite, and on a
// reason that no longer applies.
import { type Case, judge, type Outcome } from './suite.ts';
import { suites } from './suites.ts';

const shownCases = 20;
const args = process.argv.slice(2);
const all = args.includes('--all');
const wanted = args.filter((arg) => arg !== '--all').map((name) => name.toLowerCase());
const selected = suites.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part)),
);

const header = ['suite', 'cases', 'equal', 'explained', 'different'];
const widths = [Math.max(...suites.map(({ name }) => name.length)), 7, 7, 9, 9];
const row = (cells: readonly string[]) =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');

console.log(row(header));
const outcomes: Outcome[] = [];
for (const suite of selected) {
  const cases = await suite.cases(all);
  if (cases === undefined) {
    console.log(`${row([suite.name])}  ${suite.needs ?? 'its data'} is not on this machine`);
    continue;
  }
  const outcome = judge(suite, cases);
  outcomes.push(outcome);
  const { total, equal, explained, unexplained } = outcome;
  console.log(
    `${row([suite.name, ...[total, equal, explained.length, unexplained.length].map(String)])}  ${suite.proves}`,
  );
}

for (const outcome of outcomes) printDetails(outcome);
if (outcomes.some(({ unexplained, stale }) => unexplained.length + stale.length > 0)) process.exitCode = 1;

function printDetails({ suite, explained, unexplained, stale }: Outcome): void {
  if (explained.length > 0) {
    console.log(`\n${suite.name}: explained differences`);
    for (const { name } of explained) console.log(`  ${name}: ${suite.differences?.[name]}`);
  }
  if (unexplained.length > 0) {
    console.error(`\n${suite.name}: ${unexplained.length} unexplained`);
    for (const one of unexplained.slice(0, shownCases)) console.error(`  ${one.name}: ${difference(one)}`);
  }
  for (const name of stale) console.error(`\n${suite.name}: “${name}” has a reason, but does not differ`);
}

function short(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function difference({ right, actual }: Case): string {
  return `${short(actual)}, but right is ${short(right)}`;
}
