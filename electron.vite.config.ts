import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { build, type InlineConfig, type Plugin } from 'vite';

// Everything is bundled, so that what runs is `out/` alone. `electron` is the host's; the two native helpers
// of `ws` are optional and not installed.
const external = ['electron', 'bufferutil', 'utf-8-validate'];

// electron-vite declares `__dirname` in each chunk that mentions it, and `open` declares one of its own.
const renameDirname: Plugin = {
  name: 'wirebench:rename-dirname',
  transform: (code, id) => (/node_modules[\\/]open[\\/]/.test(id) ? code.replaceAll('__dirname', 'openFolder') : null),
};

// commander loads `child_process`, with all that it needs, for subcommands that are programs. Wirebench has none.
const omitChildProcess: Plugin = {
  name: 'wirebench:omit-child-process',
  transform: (code, id) =>
    /node_modules[\\/]commander[\\/]/.test(id)
      ? code.replace("import childProcess from 'node:child_process';", 'const childProcess = undefined;')
      : null,
};

// An import statement of one of Node's modules becomes the call that it stands for. What a bundler makes of it for CommonJS
// goes through all that the module exports first; and a script cannot import.
const plainBuiltins: Plugin = {
  name: 'wirebench:plain-builtins',
  transform: (code) =>
    code
      .replaceAll(/^import\s+([^'";]+?)\s+from\s+(['"]node:[^'"]+['"]);?$/gm, (_, names: string, module: string) => {
        const [, whole, some] = /^(?:\* as )?([\w$]+)?(?:\s*,\s*)?(?:\{([^}]+)\})?$/.exec(names) ?? [];
        const from = `globalThis.process.getBuiltinModule(${module})`;
        return [
          ...(whole ? [`const ${whole} = ${from};`] : []),
          ...(some ? [`const {${some.replaceAll(' as ', ': ')}} = ${from};`] : []),
        ].join(' ');
      })
      .replaceAll(/\bimport\((['"]node:[^'"]+['"])\)/g, 'Promise.resolve(globalThis.process.getBuiltinModule($1))'),
};

// Without a character above ASCII a file is read at once, and takes half of the memory. An escape means the same in every
// place but behind a backslash.
const asciiOnly: Plugin = {
  name: 'wirebench:ascii-only',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      const found = /\\[^\0-\x7f]/.exec(file.code);
      if (found) this.error(`${file.fileName}: a backslash before “${found[0].slice(1)}”`);
      file.code = file.code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

// The file that is run as the command line; the others of its build are CommonJS, and the package is not. An older Node
// understands this file and no other one.
const commandLineEntry: Plugin = {
  name: 'wirebench:command-line-entry',
  generateBundle() {
    const source = [
      "const [major, minor] = process.versions.node.split('.').map(Number);",
      'if (major > 22 || (major === 22 && minor >= 18)) {',
      "  process.getBuiltinModule('node:module').createRequire(import.meta.url)('./cli-launch.cjs');",
      '} else {',
      "  console.error('wirebench needs Node 22.18 or newer, preferably 24; this is Node ' + process.versions.node + '.');",
      '  process.exitCode = 1;',
      '}',
      '',
    ].join('\n');
    this.emitFile({ type: 'asset', fileName: 'cli.js', source });
  },
};

// The command line is built apart from the app: what `listen` and `send` need is one file, `cli-command.cjs`, because each
// further file costs time at every start, and it is CommonJS, which can be run with the code compiled before
// (hosts/cli/compile-cache.ts). The workers beside it are the app's.
const commandLine: InlineConfig = {
  configFile: false,
  plugins: [renameDirname, omitChildProcess, plainBuiltins, asciiOnly, commandLineEntry],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'out/main',
    emptyOutDir: false,
    target: 'node24',
    rolldownOptions: {
      external,
      input: { launch: 'src/main/hosts/cli/launch.ts', command: 'src/main/hosts/cli/command.ts' },
      output: {
        format: 'cjs',
        entryFileNames: 'cli-[name].cjs',
        chunkFileNames: 'cli-[name]-[hash].cjs',
        comments: false,
        // Less to read at every start; names stay, for the stacks of errors.
        minify: { compress: false, mangle: false, codegen: true },
        codeSplitting: { groups: [{ name: 'command', test: /hosts[\\/]cli[\\/]command\.ts$|rolldown.runtime/ }] },
      },
    },
  },
};

// The thread of schema checks is one file: a chunk that it shared with the launcher would be loaded at every start.
const schemaWorker: InlineConfig = {
  ...commandLine,
  plugins: [renameDirname, plainBuiltins, asciiOnly],
  build: {
    ...commandLine.build,
    rolldownOptions: {
      external,
      input: { 'schema-worker': 'src/main/hosts/cli/schema-worker.ts' },
      output: { format: 'cjs', entryFileNames: 'cli-[name].cjs', comments: false, codeSplitting: false },
    },
  },
};

const buildCommandLine: Plugin = {
  name: 'wirebench:command-line',
  async closeBundle() {
    if (this.meta.watchMode) return;
    await build(commandLine);
    await build(schemaWorker);
  },
};

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

let firstScreen: Set<string> | undefined;

/** Whether the page imports the module `id` when it starts, not later. */
function isOfFirstScreen(id: string, modules: Modules): boolean {
  if (!firstScreen) {
    firstScreen = new Set();
    const waiting = [fileURLToPath(new URL('src/renderer/main.tsx', import.meta.url))];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (firstScreen.has(next)) continue;
      firstScreen.add(next);
      waiting.push(...(modules.getModuleInfo(next)?.importedIds ?? []));
    }
  }
  return firstScreen.has(id);
}

export default defineConfig({
  main: {
    plugins: [renameDirname, buildCommandLine],
    build: {
      externalizeDeps: false,
      target: 'node24',
      rolldownOptions: {
        external,
        input: {
          index: 'src/main/index.ts',
          'log-writer': 'src/main/session/record/log-writer.ts',
          'log-reader': 'src/main/session/query/log-reader.ts',
          'log-importer': 'src/main/session/convert/import/log-importer.ts',
        },
        // Flat, so that a worker lies beside every chunk that may start it.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: { index: 'src/preload/index.ts' },
        // A sandboxed window refuses ES modules in its preload.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    build: {
      minify: 'oxc',
      target: 'chrome140',
      rolldownOptions: {
        output: {
          // Parsed side by side. @msgpack/msgpack throws and catches while it loads, and an exception has the engine
          // parse its whole chunk again: it has one of its own.
          codeSplitting: {
            groups: [
              { name: 'wire', test: /node_modules[\\/]@msgpack/ },
              { name: 'schemas', test: /node_modules[\\/]zod/ },
              { name: 'transport', test: /renderer[\\/]bridge[\\/](jitless|page-transport|transport)/ },
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
              // What the first screen is made of, in one file: a page of many small ones waits for each.
              { name: (id, modules) => (isOfFirstScreen(id, modules) ? 'start' : null) },
            ],
          },
        },
      },
    },
    plugins: [react()],
  },
});
