import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createConfig, defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { optionGroups } from '#shared/endpoint/options/option.ts';
import { transports } from '#shared/socket/transports.ts';
import { Reached } from '#support/cases.ts';
import { readHandle } from '#support/file-handles.ts';
import { formOf, readForm } from '../../../../src/renderer/state/endpoint-form.ts';
import type { EndpointForm } from '../../../../src/renderer/state/form-fields.ts';
import { framingChoices, framingParameters, framingWords } from '../../../../src/renderer/state/framing-form.ts';
import { appliesTo, elsewhere, formOptions, shownOptions } from '../../../../src/renderer/state/options.ts';

const server = (change: Partial<EndpointForm> = {}) => ({ ...formOf(defaultServer), ...change });
const client = (change: Partial<EndpointForm> = {}) => ({ ...formOf(defaultClient), ...change });
const found = (form: EndpointForm, search: string) =>
  shownOptions(form, search).flatMap(({ options }) => options.map(({ field }) => field));

describe('the options of an endpoint', () => {
  test('are all that the contract has beside its address, each once and with a line of help', () => {
    const fields = formOptions.map(({ field }) => field as string);
    for (const form of [server(), client(), server({ transport: 'udp' }), client({ transport: 'udp' })]) {
      const all = found(form, '');
      expect(new Set(all).size).toBe(all.length);
    }
    const elsewhereInTheForm = ['host', 'port', 'path'];
    for (const path of optionCatalogue.map((option) => option.path)) {
      const isShownWithAnother = formOptions.some(({ setField }) => setField === path);
      if (!elsewhereInTheForm.includes(path) && !isShownWithAnother) expect(fields).toContain(path);
    }
    for (const { help, group, label } of formOptions) {
      expect(help).toMatch(/^[A-Z0-9a-z].*[.]$/);
      expect(label).not.toBe('');
      expect(optionGroups).toContain(group);
    }
  });

  test('are shown where they apply', () => {
    expect(found(server(), '')).toEqual(expect.arrayContaining(['backlog', 'behaviour', 'tcp.noDelay', 'halfOpen']));
    expect(found(server(), '')).not.toContain('tls.verify');
    expect(found(client({ transport: 'tls' }), '')).toEqual(
      expect.arrayContaining(['tls.verify', 'tls.serverName', 'reconnect.kind']),
    );
    const udp = found(server({ transport: 'udp' }), '');
    expect(udp).toEqual(expect.arrayContaining(['udp.group', 'udp.receiveBuffer', 'bind.reuseAddress']));
    for (const field of ['backlog', 'framing', 'halfOpen', 'tcp.noDelay', 'udp.source'])
      expect(udp).not.toContain(field);
    expect(found(server({ transport: 'ws' }), '')).not.toContain('framing');
    // The size of a datagram limits its message: there is nothing to configure.
    for (const form of [server, client]) {
      expect(found(form(), '')).toContain('limits.maxMessage');
      expect(found(form({ transport: 'ws' }), '')).toContain('limits.maxMessage');
      expect(found(form({ transport: 'udp' }), '')).not.toContain('limits.maxMessage');
    }
    expect(found(client({ transport: 'local' }), '')).not.toContain('localPort');
  });

  test.each([
    ['SO_KEEPALIVE', ['tcp.keepAlive']],
    ['backlog', ['backlog']],
    ['nagle', ['tcp.noDelay']],
    ['V6ONLY', ['bind.ipv6Only']],
    ['first byte', ['limits.firstByteMs']],
    ['no such option', []],
  ])('are found by %j', (search, fields) => {
    expect(found(server(), search)).toEqual(fields);
  });

  test('that apply only elsewhere are named', () => {
    expect(found(server(), 'SNI')).toEqual([]);
    expect(elsewhere(server(), 'SNI')?.field).toBe('tls.serverName');
    expect(elsewhere(server(), '')).toBeUndefined();
  });

  test('are not checked and not part of the configuration where they do not apply', () => {
    const change = {
      'udp.ttl': 'many',
      path: '',
      port: '',
      'tls.certificate': readHandle('a.pem'),
      'tls.trusted': 'x',
    };
    expect(readForm(client({ ...change, transport: 'tcp', port: '80' }))).toEqual({
      ok: true,
      config: createConfig('client', 'tcp', { port: 80 }),
    });
    expect(readForm(client({ ...change, transport: 'local' }))).toEqual({
      ok: false,
      errors: { path: 'Enter a path' },
    });
    expect(readForm(client({ ...change, transport: 'tls', port: '443' }))).toEqual({
      ok: false,
      errors: {
        'tls.trusted': 'The fingerprint must be the SHA-256 of a certificate, 32 bytes in hex: AA:BB:…',
        'tls.key': 'A certificate needs its key',
      },
    });
  });

  test('say what is wrong in words, by field', () => {
    const read = (form: EndpointForm) => {
      const result = readForm(form);
      return result.ok ? {} : result.errors;
    };
    expect(read(server({ 'limits.maxMessage': '5', 'limits.idleMs': 'x', backlog: '' }))).toEqual({
      'limits.maxMessage': 'Maximum message size (bytes) must be 1024–536870912',
      'limits.idleMs': 'Idle timeout (ms) must be 0–86400000',
      backlog: 'Backlog must be 1–65535',
    });
    expect(read(server({ transport: 'ws', 'ws.path': 'chat', 'ws.protocols': 'a, b c' }))).toEqual({
      'ws.path': 'Request path must begin with /',
    });
  });

  test('read lists as they are typed', () => {
    const fingerprint = Array.from({ length: 32 }, () => 'ab').join(':');
    const form = client({ transport: 'wss', 'tls.alpn': 'h2, http/1.1', 'tls.trusted': ` ${fingerprint}` });
    expect(readForm(form)).toMatchObject({
      ok: true,
      config: { tls: { alpn: ['h2', 'http/1.1'], trusted: [fingerprint.toUpperCase()] } },
    });
  });

  test('that any form shows make a configuration that the contract takes, or an error at a field that is shown', () => {
    const text = fc.constantFrom('', '0', '7', '70000', 'x', '/tmp/a', '::1');
    const changes = fc.dictionary(fc.constantFrom(...formOptions.map(({ field }) => field)), text);
    const reached = new Reached<'a configuration' | 'errors'>();
    fc.assert(
      fc.property(fc.constantFrom(...transports), fc.boolean(), changes, (transport, isServer, typed) => {
        const blank = isServer ? server({ transport }) : client({ transport });
        const fits = Object.entries(typed).filter(
          ([field]) => typeof blank[field as keyof EndpointForm] === 'string' && !/^(framing|behaviour)$/.test(field),
        );
        const form = { ...blank, ...Object.fromEntries(fits) };
        const read = readForm(form);
        reached.note(read.ok ? 'a configuration' : 'errors');
        if (read.ok) expect(endpointConfigSchema.safeParse(read.config).success).toBe(true);
        else
          for (const field of Object.keys(read.errors)) expect(appliesTo(form, field as keyof EndpointForm)).toBe(true);
      }),
    );
    reached.expectEach(['a configuration', 'errors'], 10);
  });
});

describe('the framings of a form', () => {
  test('each have words, and their parameters are options', () => {
    expect(framingWords.map(({ choice }) => choice).sort()).toEqual([...framingChoices].sort());
    const fields = formOptions.map(({ field }) => field);
    for (const parameters of Object.values(framingParameters)) {
      for (const field of parameters) expect(fields).toContain(field);
    }
  });

  test('show only what the chosen one wants to know', () => {
    expect(found(server({ framing: 'length' }), '').filter((field) => field.startsWith('framing.'))).toEqual(
      framingParameters.length,
    );
    expect(found(server(), '').some((field) => field.startsWith('framing.'))).toBe(false);
  });
});
