import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { languageOf } from '#shared/code/catalogue.ts';
import { outsideData } from '../conformance/suite.ts';
import { cases } from './cases.ts';
import { type Toolchain, testLanguage } from './generated-code.ts';
import { anyBytes, awkwardBytes } from './literal-samples.ts';

/** How the programs of a compiled language are tested. */
interface CompiledLanguage extends Toolchain {
  /** The command that prints the version of the compiler. */
  readonly version: readonly [command: string, flag: string];
  /** The name of the file that the compiler expects. */
  readonly fileName: string;
  /** Returns a program that prints the value of each literal in hex, one per line. */
  readonly printer: (literals: readonly string[]) => string;
}

/** Throws if the compiler is not installed: the suite proves nothing without it. */
function requireCompiler([command, flag]: CompiledLanguage['version'], label: string): void {
  const { error, status } = spawnSync(command, [flag], { stdio: 'ignore' });
  if (error || status !== 0) throw new Error(`install a compiler for ${label}: \`${command} ${flag}\` does not run`);
}

const naughtyFolder = outsideData('big-list-of-naughty-strings');

/** The strings in `folder` that have broken other programs. */
function naughtyStrings(folder = ''): Uint8Array[] {
  const texts = z.array(z.string()).parse(JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')));
  return texts.map((text) => Buffer.from(text));
}

/** Returns what the compiler reads in the literals, in hex. */
function compiledValues({ compile, run, fileName, printer }: CompiledLanguage, literals: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-literals-'));
  try {
    const file = join(folder, fileName);
    writeFileSync(file, printer(literals));
    const execute = ([program = '', ...args]: readonly string[]) =>
      String(execFileSync(program, args, { cwd: folder, maxBuffer: 64 * 1_048_576 }));
    if (compile) execute(compile(file, folder));
    return execute(run(file, folder)).split('\n').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tests the programs of a compiled language against Wirebench, and the values of its literals. Fails without the compiler. */
export function testCompiled(language: CompiledLanguage): void {
  const { label, literal } = languageOf(language.language);
  beforeAll(() => requireCompiler(language.version, label));
  testLanguage(language);

  const expectExact = (values: readonly Uint8Array[]) => {
    const expected = values.map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(compiledValues(language, values.map(literal))).toEqual(expected);
  };
  test('literals have the value of awkward text and of any bytes', () => {
    expectExact([...awkwardBytes, ...fc.sample(anyBytes, cases(300))]);
  });
  test.runIf(naughtyFolder)('literals have the value of naughty strings (needs their list)', () => {
    expectExact(naughtyStrings(naughtyFolder));
  });
}
