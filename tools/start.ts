// `npm start`: builds what is missing or stale, then runs the desktop app where it can run, else the browser host.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { onStopSignal } from '../src/main/hosts/stop-signal.ts';
import { buildIfStale } from './build.ts';
import { findElectron } from './electron.ts';

const help = `Usage: npm start [-- options]

Starts Wirebench: as a desktop app where Electron can run here, else in the browser.

  --browser    use the browser even where Electron can run
  --port N     port of the browser host on 127.0.0.1 (default: a free one); implies --browser
  --no-open    do not open a browser, only print the address; implies --browser
  --help       print this`;

const root = fileURLToPath(new URL('..', import.meta.url));

interface Options {
  readonly browser: boolean;
  readonly port: string;
  readonly open: boolean;
}

/** The options, or `help`, or what is wrong with them. */
function readOptions(args: readonly string[]): Options | 'help' | Error {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        browser: { type: 'boolean', default: false },
        port: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const port = values.port ?? '0';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return new Error(`“${port}” is no port: a port is 0 to 65535`);
    const browser = values.browser || values['no-open'] || values.port !== undefined;
    return { browser, port, open: !values['no-open'] };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Electron where it can run here, else why the browser is used. */
function chooseElectron(options: Options): ReturnType<typeof findElectron> {
  if (options.browser) return { reason: 'as asked' };
  const found = findElectron(root);
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return 'path' in found && isRoot ? { reason: 'Electron does not run as root' } : found;
}

/** Runs the desktop app until its window is closed; gives its exit code. */
function runElectron(path: string): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(path, [root], { stdio: 'inherit', env });
  // A terminal gives Ctrl+C to both of us, and Electron ends without closing when one signal comes twice. So what we
  // hand on is another one, once.
  onStopSignal(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`Electron could not be started: ${error.message}. Try: npm start -- --browser`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs the browser host in this process, from the build. */
async function runBrowser(options: Options): Promise<void> {
  const cli = join(root, 'out', 'main', 'cli.js');
  process.argv = [process.execPath, cli, 'app', '--port', options.port, ...(options.open ? [] : ['--no-open'])];
  await import(pathToFileURL(cli).href);
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') {
  console.log(help);
} else if (options instanceof Error) {
  console.error(`${options.message}\n\n${help}`);
  process.exitCode = 2;
} else if (!buildIfStale(root, (line) => console.error(line))) {
  console.error('Wirebench could not be built.');
  process.exitCode = 1;
} else {
  const electron = chooseElectron(options);
  if ('path' in electron) {
    console.log(`Starting the desktop app on Electron ${electron.version}.`);
    process.exitCode = await runElectron(electron.path);
  } else {
    console.log(`Starting in the browser: ${electron.reason}.`);
    await runBrowser(options);
  }
}
