import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The floors of src/shared: each imports only those before it. */
const floors = [
  ...['bytes', 'socket', 'message', 'framing', 'payload', 'template', 'record', 'filter', 'calls', 'insights'],
  ...['rules', 'scenario', 'endpoint', 'code', 'sequence', 'document', 'lesson', 'pcap', 'export', 'statistics'],
  ...['contract'],
];
/** What imports shared/ and files/ only; jobs/ only shared/. */
const peers = ['engine', 'session', 'workspace', 'scripts', 'trace', 'jobs'];
const shared = floors.map((floor) => `shared/${floor}`);
const main = ['files', ...peers, 'workbench', 'hosts/electron', 'hosts/browser', 'hosts/cli'].map((it) => `main/${it}`);
const page = ['ui', 'bridge', 'state', 'features/traffic', 'features/composer', 'actions', 'app'].map(
  (it) => `renderer/${it}`,
);
const folders = [...shared, ...main, 'preload', ...page];

/** What files of each folder may import of the other folders. */
const allowed: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...shared.map((floor, at) => [floor, shared.slice(0, at)]),
  ['main/files', shared],
  ...peers.map((peer) => [`main/${peer}`, peer === 'jobs' ? shared : [...shared, 'main/files']]),
  ['main/workbench', [...shared, 'main/files', ...peers.map((peer) => `main/${peer}`)]],
  ['main/hosts/electron', [...shared, ...main]],
  ...['browser', 'cli'].map((host) => [
    `main/hosts/${host}`,
    [...shared, ...main.filter((folder) => folder !== 'main/hosts/electron')],
  ]),
  ['preload', ['shared/contract']],
  ['renderer/ui', shared],
  ['renderer/bridge', [...shared, ...page.slice(0, 2)]],
  ['renderer/state', [...shared, ...page.slice(0, 3)]],
  ...page.slice(3, 5).map((feature) => [feature, [...shared, ...page.slice(0, 3)]]),
  ['renderer/actions', [...shared, ...page.slice(0, 5)]],
  ['renderer/app', [...shared, ...page]],
]);

/** Modules, and the folders whose files may import them. */
const modules: readonly [name: string, allowedIn: (folder: string) => boolean][] = [
  ['electron', (folder) => folder === 'main/hosts/electron' || folder === 'preload'],
  ['electron/main', (folder) => folder === 'main/hosts/electron' || folder === 'preload'],
  ['node:fs', (folder) => folder.startsWith('main/')],
  ['node:fs/promises', (folder) => folder.startsWith('main/')],
  ['ws', (folder) => folder.startsWith('main/')],
  ['react', (folder) => !folder.startsWith('shared/') && folder !== 'preload'],
  ['react-dom/client', (folder) => !folder.startsWith('shared/') && folder !== 'preload'],
  ['monaco-editor', (folder) => !folder.startsWith('shared/') && folder !== 'preload'],
  ['#support/app.ts', () => false],
];

interface Arrow {
  readonly from: string;
  readonly source: string;
  readonly isAllowed: boolean;
}

/** Imports of `to` as a file in `from` may write them: by a relative path, and where the layer has an alias, by that. */
function sourcesOf(from: string, to: string): string[] {
  const path = relative(`/src/${from}`, `/src/${to}/target.ts`);
  const hasAlias = !to.startsWith('renderer/') && to !== 'preload';
  const isWithinShared = from.startsWith('shared/') && to.startsWith('shared/');
  return hasAlias && !isWithinShared ? [path, `#${to.replace('main/', '')}/target.ts`] : [path];
}

const arrows: readonly Arrow[] = folders.flatMap((from) => [
  ...folders
    .filter((to) => to !== from)
    .flatMap((to) => {
      const isAllowed = (allowed[from] ?? []).includes(to);
      // Layers are imported by their alias: a path to them says nothing that is worth a rule.
      const sources = isAllowed ? sourcesOf(from, to).slice(-1) : sourcesOf(from, to);
      return sources.map((source) => ({ from, source, isAllowed }));
    }),
  ...modules.map(([source, allowedIn]) => ({ from, source, isAllowed: allowedIn(from) })),
]);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-layers-'));
  cpSync('biome.json', join(folder, 'biome.json'));
  cpSync('tools/layers.grit', join(folder, 'tools/layers.grit'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Lints the files, by their paths and texts; returns which have an import that is ruled out. */
function ruledOut(files: ReadonlyMap<string, string>): Set<string> {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = resolve('node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', ...files.keys()];
  const { stdout } = spawnSync(process.execPath, [biome, ...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly { category: string; location: { path: string | { file: string } } }[];
  };
  const found = diagnostics.filter(({ category }) => category === 'plugin');
  return new Set(found.map(({ location: { path } }) => (typeof path === 'string' ? path : path.file)));
}

describe('the linter', () => {
  it('refuses each import that the layers and the floors of shared/ rule out, and no other', () => {
    const files = new Map(arrows.map(({ from, source }, at) => [`src/${from}/file-${at}.ts`, `import '${source}';\n`]));
    const refused = ruledOut(files);
    const paths = [...files.keys()];
    const describeArrow = ({ from, source }: Arrow) => `${from} imports ${source}`;
    const wrong = arrows.filter(({ isAllowed }, at) => refused.has(paths[at] as string) === isAllowed);
    expect(arrows.filter(({ isAllowed }) => !isAllowed).length).toBeGreaterThan(700);
    expect(wrong.map(describeArrow)).toEqual([]);
  }, 60_000);

  it('refuses types, dynamic imports and exports as it refuses imports of values', () => {
    const texts = [
      "import type { Row } from '../record/record.ts';\n",
      "import { type Row } from '../record/record.ts';\n",
      "export * from '../record/record.ts';\n",
      "export const rows = await import('../record/record.ts');\n",
      "export type Row = import('../record/record.ts').Row;\n",
      "export type Row = typeof import('../record/record.ts');\n",
    ];
    const files = new Map(texts.map((text, at) => [`src/shared/bytes/kind-${at}.ts`, text]));
    expect([...ruledOut(files)].sort()).toEqual([...files.keys()]);
  }, 60_000);

  it('refuses an import of a later room of the session', () => {
    const rooms = ['format', 'record', 'query', 'convert'];
    const imports = rooms.flatMap((from, at) =>
      rooms.filter((to) => to !== from).map((to) => ({ from, to, isAllowed: rooms.indexOf(to) < at })),
    );
    const pathOf = ({ from, to }: { from: string; to: string }) => `src/main/session/${from}/imports-${to}.ts`;
    const files = new Map(imports.map((it) => [pathOf(it), `import '../${it.to}/target.ts';\n`]));
    expect([...ruledOut(files)].sort()).toEqual(
      imports
        .filter(({ isAllowed }) => !isAllowed)
        .map(pathOf)
        .sort(),
    );
  }, 60_000);

  it('knows the folders within floors and features', () => {
    const files = new Map([
      ['src/shared/framing/kinds/own.ts', "import '../framing.ts';\nimport '../../bytes/hex.ts';\n"],
      ['src/shared/framing/kinds/later.ts', "import '../../record/record.ts';\n"],
      ['src/shared/failure.ts', "import './socket/event.ts';\n"],
      ['src/main/index.ts', "import 'electron';\n"],
      ['src/renderer/features/traffic/rows/own.ts', "import '../row.ts';\nimport '../../../ui/row.ts';\n"],
      ['src/renderer/features/traffic/rows/other.ts', "import '../../composer/draft.ts';\n"],
      ['src/renderer/features/traffic/rows/app.ts', "import '../../../app/shell.ts';\n"],
    ]);
    const expected = ['later.ts', 'shared/failure.ts', 'other.ts', 'rows/app.ts'];
    const refused = ruledOut(files);
    expect([...refused].filter((path) => !expected.some((end) => path.endsWith(end)))).toEqual([]);
    expect(refused.size).toBe(expected.length);
  }, 60_000);
});

/** The folders in `folder` that contain code, and its files with code. */
function contentOf(folder: string): { folders: string[]; files: string[] } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  const parts = paths.map((path) => path.split(sep));
  const first = (inFolder: boolean) => parts.filter(({ length }) => length > 1 === inFolder).map(([name = '']) => name);
  return { folders: [...new Set(first(true))], files: first(false) };
}

/** Which folders and files of `folder` have no rule: those that are not in `known`. */
function withoutRule(folder: string, known: readonly string[]): string[] {
  const { folders: inside, files } = contentOf(folder);
  return [...inside, ...files].filter((name) => !known.includes(name));
}

describe('each folder and file has a rule', () => {
  it.each([
    ['src', ['main', 'preload', 'renderer', 'shared']],
    ['src/shared', [...floors, 'failure.ts', 'assert-never.ts', 'globals.d.ts']],
    ['src/main', ['files', ...peers, 'workbench', 'hosts', 'index.ts', 'vite-env.d.ts']],
    ['src/renderer', ['ui', 'bridge', 'state', 'features', 'actions', 'app', 'main.tsx']],
  ])('in %s', (folder, known) => {
    expect(withoutRule(folder, known)).toEqual([]);
  });

  it('and a new one without a rule is noticed', () => {
    mkdirSync(join(folder, 'grown/plugins/deep'), { recursive: true });
    writeFileSync(join(folder, 'grown/plugins/deep/one.ts'), '');
    writeFileSync(join(folder, 'grown/loose.tsx'), '');
    writeFileSync(join(folder, 'grown/style.css'), '');
    expect(withoutRule(join(folder, 'grown'), ['ui'])).toEqual(['plugins', 'loose.tsx']);
  });
});

it('no file switches the rule of the layers off', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  const silent = files.filter((path) =>
    /biome-ignore(?:-all|-start)?\s+lint(?:\/plugin|:)/.test(readFileSync(join('src', path), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(silent).toEqual([]);
});
