import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const exported =
  /^export (?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type) (?<name>[A-Za-z_$][\w$]*)/gm;

test('no file of src exports a name that no other file uses', () => {
  const listed = execFileSync('git', ['ls-files', 'src', 'tests', 'tools', '*.config.ts'], { encoding: 'utf8' });
  const files = listed.split('\n').filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const users = new Map<string, Set<string>>();
  for (const [file, text] of texts) {
    for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) {
      const known = users.get(word) ?? new Set();
      users.set(word, known.add(file));
    }
  }
  const unused = [...texts]
    .filter(([file]) => file.startsWith('src/'))
    .flatMap(([file, text]) =>
      [...text.matchAll(exported)]
        .map(({ groups }) => groups?.name ?? '')
        .filter((name) => users.get(name)?.size === 1)
        .map((name) => `${file}: ${name}`),
    );
  expect(unused).toEqual([]);
});
