import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { languageOf } from '#shared/code/catalogue.ts';
import { type LanguageName, languageNames } from '#shared/code/program.ts';
import { cases } from '#support/cases.ts';
import { anyBytes, awkwardBytes } from '#support/literal-samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirebench-literals-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Reader = (literals: readonly string[]) => string[];
const hexLines = (output: Buffer) => output.toString('latin1').split('\n').slice(0, -1);

/** Writes a program into a file and returns what the command prints. */
function run(name: string, text: string, command: readonly string[]): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  const [program = '', ...args] = command;
  return hexLines(execFileSync(program, [...args, file], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** What each language itself reads in its literals, as hex. */
const readers: Partial<Record<LanguageName, Reader>> = {
  python: (literals) => run('x.py', literals.map((it) => `print((${it}).hex())\n`).join(''), ['python3']),
  node: (literals) =>
    literals.map((it) => String(runInNewContext(`"use strict"; (${it}).toString("hex")`, { Buffer }))),
  bash: (literals) =>
    run('x.sh', literals.map((it) => `{ ${it}; } | od -An -v -tx1 | tr -d ' \\n'; echo\n`).join(''), ['bash']),
};

const bytesOf = (values: readonly Uint8Array[]) => values.map((bytes) => Buffer.from(bytes).toString('hex'));

describe.each(Object.entries(readers))('the literals of %s', (name, read) => {
  const literal = (bytes: Uint8Array) => languageOf(name as LanguageName).literal(bytes);

  test('have the value of the awkward samples', () => {
    expect(read(awkwardBytes.map(literal))).toEqual(bytesOf(awkwardBytes));
  });

  test('have the value of any bytes', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { minLength: 20, maxLength: 40 }), (values) => {
        expect(read(values.map(literal))).toEqual(bytesOf(values));
      }),
      cases(5),
    );
  });
});

test.each(languageNames)('the literals of %s have one line and no hidden characters', (name) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(languageOf(name).literal(bytes)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});
