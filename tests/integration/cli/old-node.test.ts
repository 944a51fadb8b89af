import { expect, test } from 'vitest';
import { runCli } from '#support/cli.ts';

const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";

test('on an older Node the command says in one sentence which version it needs', async () => {
  const node = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
  const { code, stdout, stderr } = await runCli(['--version'], undefined, { node });
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'wirebench needs Node 22.18 or newer, preferably 24; this is Node 20.20.2.\n',
  });
});
