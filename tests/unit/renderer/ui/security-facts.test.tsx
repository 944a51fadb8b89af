import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import { renderAlone } from '#support/render.tsx';
import { SecurityFacts } from '../../../../src/renderer/ui/security-facts.tsx';

type Secured = Extract<SocketEvent, { kind: 'secured' }>;
const day = 86_400_000;

function certificate(fingerprint: string, change: Partial<CertificateInfo> = {}): CertificateInfo {
  return {
    subject: 'CN=device.local',
    issuer: 'CN=Test CA',
    names: ['device.local', '10.0.0.7'],
    validFrom: Date.UTC(2020, 0, 1),
    validTo: Date.UTC(2021, 0, 1),
    fingerprint,
    ...change,
  };
}

function renderFacts(change: Partial<Secured>) {
  renderAlone(
    <SecurityFacts
      event={{
        kind: 'secured',
        protocol: 'TLSv1.3',
        cipher: 'TLS_AES_128_GCM_SHA256',
        alpn: '',
        serverName: '',
        trust: 'trusted',
        chain: [],
        elapsedMs: 3,
        ...change,
      }}
    />,
  );
}

/** A table as lines of `name: value`. */
const factsOf = (name: string) =>
  within(screen.getByRole('table', { name }))
    .getAllByRole('row')
    .map((row) => [...row.children].map(({ textContent }) => textContent).join(': '));

test('what TLS agreed on is a table, which names what was not agreed on', () => {
  renderFacts({});
  expect(factsOf('TLS')).toEqual([
    'Protocol: TLSv1.3',
    'Cipher: TLS_AES_128_GCM_SHA256',
    'ALPN: none negotiated',
    'Server name: none requested',
    'Trust: trusted',
  ]);
});

test('what was agreed on is said as it is', () => {
  renderFacts({ alpn: 'h2', serverName: 'device.local' });
  expect(factsOf('TLS')).toEqual(expect.arrayContaining(['ALPN: h2', 'Server name: device.local']));
});

test('a peer without a certificate is said to have shown none', () => {
  renderFacts({});
  expect(screen.getAllByRole('table')).toHaveLength(1);
  expect(screen.getByText('The peer sent no certificate.')).toBeTruthy();
});

test('a certificate shows whose it is, who signed it, and that it has expired', () => {
  renderFacts({ chain: [certificate('AA:BB')] });
  expect(factsOf('Peer certificate')).toEqual([
    'Subject: CN=device.local',
    'Issuer: CN=Test CA',
    'Names: device.local, 10.0.0.7',
    'Valid: 2020-01-01 to 2021-01-01: expired',
    'SHA-256: AA:BB',
  ]);
});

test('a certificate in date says for how many days, and one of the future that it is not valid yet', () => {
  const now = Date.now();
  renderFacts({
    chain: [
      certificate('A', { validFrom: now - day, validTo: now + 2.5 * day, names: [] }),
      certificate('B', { validFrom: now + day, validTo: now + 2 * day }),
    ],
  });
  expect(factsOf('Peer certificate').join()).toMatch(/Names: none,Valid: .*, 2 days left/);
  expect(factsOf('Issuer certificate 1').join()).toContain(': not valid yet');
});

test('a certificate that signs itself and comes twice is shown once', () => {
  renderFacts({ chain: [certificate('A'), certificate('A')] });
  expect(screen.getAllByRole('table')).toHaveLength(2);
});

test('what would turn the name in a certificate around is shown by its name', () => {
  renderFacts({ chain: [certificate('AA', { subject: 'CN=bank\u202emoc.live' })] });
  screen.getByText('CN=bank⟨U+202E⟩moc.live');
});
