// `npm start`: builds the app if the build is missing or stale, then runs the desktop app, or the browser host if Electron cannot run.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { onStopSignal } from '../src/main/hosts/terminal.ts';
import { buildIfStale } from './build.ts';
import { findElectron } from './electron.ts';

const help = `Usage: npm start [-- options]

Starts Wirebench: as a desktop app if Electron can run on this machine, otherwise in the browser.

  --browser    use the browser even if Electron can run
  --port N     port on 127.0.0.1 (default: a free port); implies --browser
  --no-open    print the address, do not open a browser; implies --browser
  --help       print this help`;

const root = fileURLToPath(new URL('..', import.meta.url));

interface Options {
  readonly browser: boolean;
  readonly port: string;
  readonly open: boolean;
}

/** Returns the options, `help`, or the error in the arguments. */
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
      return new Error(`Invalid port “${port}”: it must be 0–65535`);
    const browser = values.browser || values['no-open'] || values.port !== undefined;
    return { browser, port, open: !values['no-open'] };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Returns the Electron binary, or why the browser is used instead. */
function selectElectron(options: Options): ReturnType<typeof findElectron> {
  if (options.browser) return { reason: 'requested by an option' };
  const found = findElectron(root);
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return 'path' in found && isRoot ? { reason: 'Electron does not run as root' } : found;
}

/** Runs the desktop app until its window is closed. Returns its exit code. */
function runElectron(path: string): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(path, [root], { stdio: 'inherit', env });
  // A terminal sends Ctrl+C to both processes, and Electron ends without closing if the same signal arrives twice. So a
  // different signal is forwarded, once.
  onStopSignal(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`Could not start Electron: ${error.message}. Try: npm start -- --browser`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs the built browser host in this process. */
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
  console.error('Could not build Wirebench.');
  process.exitCode = 1;
} else {
  const electron = selectElectron(options);
  if ('path' in electron) {
    console.log(`Starting the desktop app on Electron ${electron.version}.`);
    process.exitCode = await runElectron(electron.path);
  } else {
    console.log(`Starting in the browser: ${electron.reason}.`);
    await runBrowser(options);
  }
}
