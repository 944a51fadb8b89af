// Prints the lines of code and docs whose wording is not plain technical English: node tools/plain-english.ts [path…]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

interface Rule {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** What is checked when no path is given. */
const checkedPaths = ['src', 'tools', 'docs', 'README.md', 'CONTRIBUTING.md'];

/** Wording to avoid, and what to write instead. Words of other meanings than the glossary's are at the end. */
const rules: readonly Rule[] = [
  { pattern: /\banew\b|\bonce more\b/i, instead: 'again; for a framing: re-frame' },
  {
    pattern: /\b(do|does|did|cut|cuts|framed?) otherwise\b|\botherwise (with|from here|than)\b/i,
    instead: 'differently',
  },
  { pattern: /\bto be had\b/i, instead: 'available' },
  { pattern: /(?<!\bthere )\b(is|are|was|were|be) none\b/i, instead: 'there is no …, is not a …' },
  {
    pattern: /(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more\b|less\b|one\b)[a-z]/i,
    instead: 'is not a …, there is no …',
  },
  { pattern: /\bso many\b|\bso much\b|\bso long\b(?! as\b)/i, instead: 'a number, an amount, a maximum of' },
  { pattern: /\bby (itself|themselves)\b/i, instead: 'automatically, alone' },
  { pattern: /\b(told|tells?|telling)\b(?!.{0,40}\bapart\b)/i, instead: 'report, say, show, notify; determine' },
  { pattern: /\bwhom\b|\bwhoever\b|\bwhatever\b/i, instead: 'the peer that …, anyone who …, any' },
  {
    pattern: /\bwho (comes|came|connects|reads|wants|asks|takes|keeps)\b/i,
    instead: 'a client that …, a reader that …',
  },
  { pattern: /\bwhat (comes|came)\b/i, instead: 'the bytes received, the next message' },
  { pattern: /\bof (its|their|his|one[’']s|our) own\b/i, instead: 'separate, its' },
  { pattern: /\bfor ever\b/i, instead: 'forever, indefinitely' },
  { pattern: /\b(go|goes|going|went|gone) on\b/i, instead: 'continue' },
  { pattern: /\bbeliev|\bvouch/i, instead: 'trust; signed by' },
  { pattern: /\b(lies|lie|lay)\b(?! about)/i, instead: 'is' },
  { pattern: /\bstands?\b(?!-| for\b| in for\b)/i, instead: 'is' },
  { pattern: /\b(is|are) to be\b/i, instead: 'must be, will be' },
  { pattern: /(?<!\b(?:is|are) )\bbehind\b/i, instead: 'after' },
  { pattern: /\bmade up\b/i, instead: 'synthetic' },
  {
    pattern: /\bnothing is called\b|\bin vain\b|\bby now\b|\bat once\b/i,
    instead: 'no …; without success; immediately; at the same time',
  },
  { pattern: /\blanes?\b/i, instead: 'UDP peer; flow in statistics' },
  { pattern: /(?<!')\bcuts?\b(?!')|\bcutting\b/i, instead: 'boundary, split into messages, frame; truncated' },
  { pattern: /\bheld\b/i, instead: 'carry-over, kept' },
];

/** Files that list the words to avoid. */
const wordLists = new Set(['tools/plain-english.ts', 'docs/glossary.md']);

interface Finding {
  readonly place: string;
  readonly line: string;
  readonly instead: string;
}

/** Returns the lines of the tracked files under `paths` that a rule matches, in the order of the files. */
export function findWording(paths: readonly string[] = checkedPaths): Finding[] {
  const listed = execFileSync('git', ['ls-files', '--', ...paths], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const files = listed.filter((file) => /\.(tsx?|md)$/.test(file) && !wordLists.has(file));
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        rules
          // In a page, names of formats and options are between backticks.
          .filter(({ pattern }) => pattern.test(file.endsWith('.md') ? line.replaceAll(/`[^`]*`/g, '`') : line))
          .map(({ instead }) => ({ place: `${file}:${index + 1}`, line: line.trim(), instead })),
      ),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const paths = process.argv.slice(2);
  const findings = findWording(paths.length > 0 ? paths : checkedPaths);
  for (const { place, line, instead } of findings) console.log(`${place}  ${line}\n    instead: ${instead}`);
  console.log(`${findings.length} findings`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
