import { Command } from 'commander';
import { expect, test } from 'vitest';
import { withPaths } from '#engine/drivers/file-driver.ts';
import { mayChangeWhileOpen } from '#engine/endpoints/endpoints.ts';
import { describeOptions, readSystemFacts } from '#engine/system-options.ts';
import { addEndpointOptions } from '#hosts/cli/endpoint-options.ts';
import { filesOf, transportsWithFiles } from '#shared/endpoint/configured-files.ts';
import { createConfig, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { createConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { endpointOption, overTcp, servers } from '#shared/endpoint/options/option.ts';
import { filePath, flag, whole } from '#shared/endpoint/options/value-schema.ts';
import { ok } from '#shared/failure.ts';
import { formOf } from '../../../src/renderer/state/endpoint-form.ts';
import { createFormOptions, shownOptions } from '../../../src/renderer/state/options.ts';

const userTimeout = endpointOption({
  path: 'tcp.userTimeoutMs',
  label: 'User timeout (ms)',
  schema: whole(0, 1_000, 'ms'),
  default: 7,
  transports: overTcp,
  roles: servers,
  row: { group: 'TCP', help: 'How long sent data may stay unacknowledged.', aliases: 'TCP_USER_TIMEOUT' },
  flags: [{ spelling: '--user-timeout <ms>', group: 'Sockets:', help: 'maximum time without an acknowledgement' }],
  onSystem: () => ({ value: 'off' }),
});

test('one descriptor puts an option into the schema, the flags with their help, the form, and what the system says', async () => {
  const catalogue = [...optionCatalogue, userTimeout];

  const schema = createConfigSchema(catalogue);
  const parse = (tcp: object, role = 'server') => schema.safeParse({ role, transport: 'tcp', tcp });
  expect(parse({})).toMatchObject({ success: true, data: { tcp: { userTimeoutMs: 7 } } });
  expect(parse({ userTimeoutMs: 1_001 }).error?.issues).toMatchObject([
    { path: ['tcp', 'userTimeoutMs'], message: 'User timeout (ms) must be 0–1000' },
  ]);
  expect(parse({ userTimeoutMs: 8 }, 'client').success).toBe(false);

  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addEndpointOptions(command, 'server', catalogue);
  expect(command.helpInformation()).toContain('maximum time without an acknowledgement');
  expect(command.parse(['--user-timeout', '9'], { from: 'user' }).opts()).toMatchObject({ userTimeout: 9 });
  expect(() => command.parse(['--user-timeout', '1001'], { from: 'user' })).toThrow('User timeout (ms) must be 0–1000');

  const [group] = shownOptions(formOf(defaultServer), 'TCP_USER_TIMEOUT', createFormOptions(catalogue));
  expect(group).toMatchObject({ group: 'TCP', options: [{ field: 'tcp.userTimeoutMs', kind: 'number' }] });

  const described = describeOptions(await readSystemFacts(), catalogue);
  expect(described.find(({ name }) => name === 'tcp.userTimeoutMs')?.value).toBe('off');
});

const keyLog = endpointOption({
  path: 'tcp.keyLog',
  label: 'Key log',
  schema: filePath,
  default: '',
  transports: overTcp,
  roles: servers,
  row: { group: 'TCP', help: 'A file to read.', control: 'file' },
});

test('a new option that names a file is found in a configuration, and has its path when it is used', () => {
  const catalogue = [...optionCatalogue, keyLog];
  const config = createConfig('server', 'tcp');
  const given = { ...config, tcp: { ...config.tcp, keyLog: 'file:1/a' } };
  expect(filesOf(given, catalogue)).toEqual([{ path: ['tcp', 'keyLog'], reference: 'file:1/a' }]);
  const found = withPaths(given, (reference) => ok(`/found/${reference}`), catalogue);
  expect(found).toEqual(ok({ ...config, tcp: { ...config.tcp, keyLog: '/found/file:1/a' } }));
  expect([...transportsWithFiles(catalogue)].sort()).toEqual(['tcp', 'tls', 'ws', 'wss']);
  expect([...transportsWithFiles()].sort()).toEqual(['tls', 'wss']);
});

test('an option that names a file is selected as a file, except the path of a local socket', () => {
  const named = optionCatalogue.filter(({ schema }) => schema.type === 'text' && schema.file === true);
  const typed = named.filter((option) => !('row' in option) || option.row?.control !== 'file');
  expect(typed.map(({ path }) => path)).toEqual(['path']);
});

test('a new option may change while an endpoint is open if its descriptor says so', () => {
  const option = endpointOption({ ...keyLog, path: 'tcp.quick', schema: flag, default: false, changeable: true });
  const config = createConfig('server', 'tcp');
  const before = { ...config, tcp: { ...config.tcp, quick: false } };
  const after = { ...config, tcp: { ...config.tcp, quick: true } };
  expect(mayChangeWhileOpen(before, after, [...optionCatalogue, option])).toBe(true);
  expect(mayChangeWhileOpen(before, after, [...optionCatalogue, { ...option, changeable: undefined as never }])).toBe(
    false,
  );
  expect(mayChangeWhileOpen(config, { ...config, backlog: 9 })).toBe(false);
  expect(mayChangeWhileOpen(config, { ...config, halfOpen: true, name: 'x' })).toBe(true);
  expect(mayChangeWhileOpen(config, createConfig('server', 'tls'))).toBe(false);
});
