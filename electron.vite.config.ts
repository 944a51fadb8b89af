import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// Everything is bundled, so that what runs is `out/` alone. `electron` is the host's; the two native helpers
// of `ws` are optional and not installed.
const external = ['electron', 'bufferutil', 'utf-8-validate'];

// electron-vite declares `__dirname` in each chunk that mentions it, and `open` declares one of its own.
const renameDirname: Plugin = {
  name: 'wirebench:rename-dirname',
  transform: (code, id) => (/node_modules[\\/]open[\\/]/.test(id) ? code.replaceAll('__dirname', 'openFolder') : null),
};

export default defineConfig({
  main: {
    plugins: [renameDirname],
    build: {
      externalizeDeps: false,
      target: 'node24',
      rolldownOptions: {
        external,
        input: {
          index: 'src/main/index.ts',
          cli: 'src/main/hosts/cli/main.ts',
          'log-writer': 'src/main/session/log-writer.ts',
          'log-reader': 'src/main/session/log-reader.ts',
          'log-importer': 'src/main/session/log-importer.ts',
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
              { name: 'transport', test: /renderer[\\/]client[\\/](jitless|page-transport|transport)/ },
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            ],
          },
        },
      },
    },
    plugins: [react()],
  },
});
