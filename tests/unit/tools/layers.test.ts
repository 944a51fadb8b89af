import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The floors of src/shared: each imports only those before it. */
const floors = [
  ...['bytes', 'socket', 'message', 'framing', 'payload', 'template', 'record', 'filter', 'calls', 'rules', 'scenario'],
  ...['endpoint', 'document', 'pcap', 'export', 'statistics', 'contract'],
];
/** What imports shared/ and files/ only. */
const peers = ['engine', 'session', 'workspace', 'scripts', 'trace', 'jobs'];
const shared = floors.map((floor) => `shared/${floor}`);
const main = ['files', ...peers, 'workbench', 'hosts/electron', 'hosts/browser', 'hosts/cli'].map((it) => `main/${it}`);
const page = ['ui', 'client', 'bridge', 'state', 'features/traffic', 'features/composer', 'actions', 'app'].map(
  (it) => `renderer/${it}`,
);
const folders = [...shared, ...main, 'preload', ...page];

/** What files of each folder may import of the other folders. */
const allowed: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...shared.map((floor, at) => [floor, shared.slice(0, at)]),
  ['main/files', shared],
  ...peers.map((peer) => [`main/${peer}`, [...shared, 'main/files']]),
  ['main/workbench', [...shared, 'main/files', ...peers.map((peer) => `main/${peer}`)]],
  ['main/hosts/electron', [...shared, ...main]],
  ...['browser', 'cli'].map((host) => [
    `main/hosts/${host}`,
    [...shared, ...main.filter((folder) => folder !== 'main/hosts/electron')],
  ]),
  ['preload', ['shared/contract']],
  ['renderer/ui', shared],
  ...['client', 'bridge', 'state'].map((it) => [`renderer/${it}`, [...shared, ...page.slice(0, 4)]]),
  ...page.slice(4, 6).map((feature) => [feature, [...shared, ...page.slice(0, 4)]]),
  ['renderer/actions', [...shared, ...page.slice(0, 6)]],
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

it('each folder of src/shared is a floor', () => {
  const files = readdirSync('src/shared', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const folders = new Set(files.map((path) => dirname(path).split(/[/\\]/)[0]));
  expect([...folders].filter((name) => name !== '.' && !floors.includes(name ?? ''))).toEqual([]);
});
