import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { diagnose } from '#engine/doctor/diagnose.ts';
import type { DoctorSystem } from '#engine/doctor/system.ts';
import type { Address } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import { transports } from '#shared/socket/transports.ts';
import { clientTrouble, fakeCertificate, fakeSystem, serverTrouble, tableSocket } from '#support/fake-doctor-system.ts';
import { situations } from './doctor-situations.ts';

/** A machine whose every check that waits does `what` instead. */
function checksThat(what: () => Promise<never>): DoctorSystem {
  const real = fakeSystem();
  const entries = Object.keys(real).filter(
    (name) => !['platform', 'pid', 'now', 'isRoot', 'interfaces', 'ownServer'].includes(name),
  );
  return { ...real, ...Object.fromEntries(entries.map((name) => [name, what])) };
}

describe('the doctor', () => {
  test('answers within its time whatever hangs, with what the error alone tells', async () => {
    vi.useFakeTimers();
    try {
      const hanging = checksThat(() => new Promise(() => {}));
      const answers = Promise.all(situations.map(({ trouble }) => diagnose(trouble, hanging)));
      await vi.advanceTimersByTimeAsync(1_500);
      for (const { hint } of await answers) expect(hint).toMatch(/\.$/);
    } finally {
      vi.useRealTimers();
    }
  });

  test('never throws, whatever fails', async () => {
    const failing = checksThat(() => Promise.reject(new Error('no')));
    for (const { trouble } of situations) expect((await diagnose(trouble, failing)).hint).toMatch(/\.$/);
    const broken: DoctorSystem = {
      ...fakeSystem(),
      interfaces: () => {
        throw new Error('no');
      },
    };
    expect((await diagnose(clientTrouble('ENETUNREACH'), broken)).hint).toBe(lookUpErrno('ENETUNREACH').hint);
  });

  test('takes any host, path, code and text', async () => {
    const errno = fc.oneof(fc.string(), fc.constantFrom(...situations.map(({ trouble }) => trouble.failure.errno)));
    const names = { transport: fc.constantFrom(...transports), host: fc.string({ minLength: 1 }), path: fc.string() };
    await fc.assert(
      fc.asyncProperty(errno, fc.record(names), fc.string(), fc.boolean(), async (code, config, text, serves) => {
        const trouble = serves ? serverTrouble(code, config, { text }) : clientTrouble(code, config, { text });
        const { hint, checks } = await diagnose(trouble, fakeSystem());
        expect(hint).toMatch(/\.$/);
        expect([hint, ...checks].join('')).not.toMatch(/[\n\r\0]/);
      }),
    );
  });

  test('says what another program is called in one line, and not at length', async () => {
    const system = fakeSystem({
      tcp: [tableSocket({ port: 8_080 })],
      holders: { '7': { pid: 9, name: `evil\n\u202e${'x'.repeat(500)}` } },
    });
    const { hint } = await diagnose(serverTrouble('EADDRINUSE', { port: 8_080 }), system);
    expect(hint).toMatch(/^evil x+… \(process 9\) has port 8080 open\./);
    expect(hint.length).toBeLessThan(200);
  });

  test('gives the certificate with what is wrong with it', async () => {
    const trouble = clientTrouble('CERT_HAS_EXPIRED', { transport: 'tls' }, { certificate: fakeCertificate });
    const { subject, issuer, fingerprint } = fakeCertificate;
    expect(await diagnose(trouble, fakeSystem())).toMatchObject({
      code: 'certificate',
      certificate: { subject, issuer, fingerprint },
    });
  });

  test('looks only where it may: at the addresses of the host that was named, and at this machine', async () => {
    for (const { trouble, facts } of situations) {
      const usual = fakeSystem(facts);
      const allowed = [trouble.config.host, '::1', '127.0.0.1', ...(facts?.names?.[trouble.config.host] ?? [])];
      const asked: string[] = [];
      const watched = (address: Address) => {
        asked.push(address.host);
        return address;
      };
      await diagnose(trouble, {
        ...usual,
        probe: (address, ms) => usual.probe(watched(address), ms),
        greeting: (address, ms) => usual.greeting(watched(address), ms),
        speaksTls: (address, ms) => usual.speaksTls(watched(address), ms),
      });
      for (const host of asked) expect(allowed).toContain(host);
    }
  });
});
