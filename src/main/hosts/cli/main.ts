import { Command, InvalidArgumentError } from 'commander';
import { homeFolder } from '#workbench/home.ts';
import { version } from '#workbench/version.ts';
import { runBrowserHost } from '../browser/run.ts';
import { buildPaths } from '../build.ts';

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is 0 to 65535.');
  return port;
}

const paths = buildPaths(import.meta.url);
const program = new Command('wirebench').version(version);

program
  .command('app')
  .description('serve the app to a browser on this machine')
  .option('--port <port>', 'port on 127.0.0.1; 0 for a free one', readPort, 0)
  .option('--no-open', 'do not open a browser')
  .action(async (options: { port: number; open: boolean }) => {
    process.exit(await runBrowserHost({ ...options, home: homeFolder(), paths }));
  });

await program.parseAsync();
