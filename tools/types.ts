// Type checks every layer with its own tsconfig, which does not declare what the layer may not use (Node in the page,
// the DOM in the engine).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const layers = ['src/shared', 'src/main', 'src/preload', 'src/renderer', 'tests', 'tools'];
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

let failed = false;
for (const layer of layers) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', layer], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`types: ${layer} does not check`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
