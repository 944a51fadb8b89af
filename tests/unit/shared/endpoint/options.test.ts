import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  configProblem,
  configWith,
  createConfig,
  nested,
  optionsOf,
  partsOf,
} from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import type { EndpointOption } from '#shared/endpoint/options/option.ts';
import { valueProblem } from '#shared/endpoint/options/value-schema.ts';
import { transports } from '#shared/socket/transports.ts';

const roles = ['server', 'client'] as const;
const members = roles.flatMap((role) => transports.map((transport) => [role, transport] as const));

/** A value that the option takes, beside its default. */
function otherValue({ schema, default: usual }: EndpointOption): unknown {
  switch (schema.type) {
    case 'flag':
      return !usual;
    case 'whole':
      return schema.max;
    case 'choice':
      return schema.choices.find(({ value }) => value !== usual)?.value;
    default:
      return usual;
  }
}

describe('the catalogue of options', () => {
  test('has each option once for a role and transport', () => {
    for (const [role, transport] of members) {
      const paths = partsOf(role, transport).map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
    }
  });

  test('has defaults that its own schemas take', () => {
    for (const { schema, label, default: usual } of optionCatalogue) {
      if (label !== 'Path') expect(valueProblem(schema, label, usual), label).toBeUndefined();
    }
  });
});

describe('a configuration', () => {
  test('has the blocks of its transport and no others', () => {
    const blocks = (role: 'server' | 'client', transport: (typeof transports)[number]) =>
      Object.keys(createConfig(role, transport)).filter((name) => ['tcp', 'tls', 'udp', 'ws', 'bind'].includes(name));
    expect(blocks('server', 'tcp').sort()).toEqual(['bind', 'tcp']);
    expect(blocks('client', 'tcp')).toEqual(['tcp']);
    expect(blocks('server', 'udp').sort()).toEqual(['bind', 'udp']);
    expect(blocks('client', 'wss').sort()).toEqual(['tcp', 'tls', 'ws']);
    expect(blocks('server', 'local')).toEqual([]);
  });

  test.each(['udp', 'tls', 'ws'])('of a TCP server is refused with the block %s', (block) => {
    const parsed = endpointConfigSchema.safeParse({ role: 'server', transport: 'tcp', [block]: {} });
    expect(parsed.error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: [block] }]);
  });

  test('needs only what differs from the defaults', () => {
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.infiniteStream(fc.boolean()), ([role, transport], picks) => {
        const values: Record<string, unknown> = transport === 'local' ? { path: '/tmp/a' } : {};
        for (const option of optionsOf(role, transport)) {
          if (picks.next().value && option.path !== 'tls.minVersion') values[option.path] ??= otherValue(option);
        }
        const config = configWith(role, transport, values);
        if (configProblem(config)) return;
        const sent = JSON.parse(JSON.stringify(nested({ role, transport }, values)));
        expect(endpointConfigSchema.parse(sent)).toEqual(config);
      }),
    );
  });
});
