#!/usr/bin/env node
// The `wirebench` command, in JavaScript that an old Node can run: it finds a Node that can run the rest.
// It imports modules only when they are needed, because it is part of every start.
const [major, minor] = process.versions.node.split('.').map(Number);
// Node runs TypeScript, in which `npm start` is written, from this version on.
const isNewEnough = major > 22 || (major === 22 && minor >= 18);

/** Runs this file again with the Node from the lock file. */
async function runUnderLockedNode() {
  const [{ spawn }, { existsSync }, { fileURLToPath }] = await Promise.all([
    import('node:child_process'),
    import('node:fs'),
    import('node:url'),
  ]);
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folder = `node-${process.platform.replace('win32', 'win')}-${process.arch}`;
  const node = fileURLToPath(new URL(`../node_modules/${folder}/bin/${name}`, import.meta.url));
  if (!existsSync(node)) {
    console.error(`wirebench needs Node 22.18 or newer, preferably 24; this is Node ${process.versions.node}.`);
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === 'SIGINT' ? 2 : 15) : code;
  });
}

async function runCommandLine() {
  const cli = new URL('../out/main/cli.js', import.meta.url).href;
  try {
    await import(cli);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== cli) throw error;
    console.error('Wirebench is not built yet. Run: npm run build');
    process.exitCode = 1;
  }
}

if (!isNewEnough) await runUnderLockedNode();
else if (process.argv.length === 2) await import('./start.ts');
else await runCommandLine();
