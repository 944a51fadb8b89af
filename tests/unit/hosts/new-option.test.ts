import { Command } from 'commander';
import { expect, test } from 'vitest';
import { describeOptions, readSystemFacts } from '#engine/system-options.ts';
import { addEndpointOptions } from '#hosts/cli/endpoint-options.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { createConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { endpointOption, overTcp, servers } from '#shared/endpoint/options/option.ts';
import { whole } from '#shared/endpoint/options/value-schema.ts';
import { formOf } from '../../../src/renderer/client/endpoint-form.ts';
import { createFormOptions, shownOptions } from '../../../src/renderer/client/options/options.ts';

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
