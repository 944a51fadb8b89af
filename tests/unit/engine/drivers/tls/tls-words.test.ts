import { expect, test } from 'vitest';
import { tlsFailure } from '#engine/drivers/tls/tls-handshake.ts';
import { doubtsOf, doubtWords, wantedName } from '#engine/drivers/tls/tls-trust.ts';
import type { CertificateInfo } from '#shared/socket/terms.ts';

const day = 86_400_000;
const at = Date.UTC(2026, 4, 17, 12, 30);

function certificate(subject: string, issuer: string, parts: Partial<CertificateInfo> = {}): CertificateInfo {
  return { subject, issuer, names: [], validFrom: at - day, validTo: at + day, fingerprint: 'AA', ...parts };
}

function wordsOf(chainError: string | undefined, chain: readonly CertificateInfo[], caFile = false): string {
  return doubtWords(doubtsOf({ chain, chainError, nameError: undefined, caFile }, at));
}

test('The name asked for is the server name where there is one, else the host, as DNS and TLS write it', () => {
  expect(wantedName('', 'localhost')).toBe('localhost');
  expect(wantedName('device.example', '10.0.0.1')).toBe('device.example');
  expect(wantedName('', 'bücher.example.')).toBe('xn--bcher-kva.example');
  expect(wantedName('', 'fe80::1%eth0')).toBe('fe80::1');
  expect(wantedName('', '::1')).toBe('::1');
});

test('A good certificate raises no doubt', () => {
  expect(wordsOf(undefined, [certificate('CN=a', 'CN=Root')])).toBe('');
});

test('Each verdict has its facts: who issued it, who is missing, when it ended', () => {
  const leaf = certificate('CN=a', 'CN=Middle');
  expect(wordsOf('SELF_SIGNED_CERT_IN_CHAIN', [leaf, certificate('CN=Root', 'CN=Root')])).toBe(
    'the certificate was issued by CN=Middle, and its root CN=Root is not in the system’s trust store',
  );
  expect(wordsOf('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', [leaf, certificate('CN=Middle', 'CN=Root')], true)).toBe(
    'the certificate was issued by CN=Middle; the certificate of CN=Root is not in the CA file, and the peer did not send it',
  );
  const root = certificate('CN=Root', 'CN=Root');
  expect(wordsOf('CERT_HAS_EXPIRED', [leaf, certificate('CN=Middle', 'CN=Root', { validTo: at - day }), root])).toBe(
    'the certificate of CN=Middle in its chain expired on 2026-05-16 12:30 UTC',
  );
  expect(wordsOf('CERT_REVOKED', [leaf])).toBe('the certificate has been revoked');
  expect(wordsOf('SOMETHING_NEW', [leaf])).toBe('the certificate is not valid (SOMETHING_NEW)');
});

test('What OpenSSL does not name beside its verdict is named too', () => {
  const old = { validTo: at - day };
  expect(wordsOf('DEPTH_ZERO_SELF_SIGNED_CERT', [certificate('CN=a', 'CN=a', old)])).toMatch(
    /self-signed.*; .*expired/,
  );
  expect(wordsOf('CERT_HAS_EXPIRED', [certificate('CN=a', 'CN=a', old)])).toMatch(/expired.*; it is self-signed/);
  expect(wordsOf('CERT_HAS_EXPIRED', [certificate('CN=a', 'CN=b', old)])).toMatch(/expired.*; .*CN=b is not in/);
});

test('An alert is told by its name, number and meaning', () => {
  const error = Object.assign(
    new Error(
      'C0:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:rec_layer_s3.c:1605:SSL alert number 48\n',
    ),
    { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', reason: 'tlsv1 alert unknown ca' },
  );
  expect(tlsFailure(error, 'handshake')).toEqual({
    call: 'handshake',
    errno: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    text: 'the peer answered with the alert unknown_ca (48): it does not trust the CA that issued our certificate',
  });
  const boring = Object.assign(new Error('SSLV3_ALERT_BAD_CERTIFICATE'), {
    code: 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  });
  expect(tlsFailure(boring, 'recv').text).toMatch(/^the peer answered with the alert bad_certificate \(42\): /);
});

test('An error of the system stays what it is, and one of OpenSSL keeps its code and reason', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  expect(tlsFailure(reset, 'handshake')).toEqual({ call: 'recv', errno: 'ECONNRESET' });
  const plain = Object.assign(new Error('wrong version number'), {
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    reason: 'wrong version number',
  });
  expect(tlsFailure(plain, 'handshake').text).toBe(
    'the peer sent bytes that are not TLS; it may speak plain TCP; OpenSSL: wrong version number',
  );
  const other = Object.assign(new Error('bad thing'), { code: 'ERR_SSL_BAD_THING', reason: 'bad thing' });
  expect(tlsFailure(other, 'recv')).toEqual({ call: 'recv', errno: 'ERR_SSL_BAD_THING', text: 'bad thing' });
});
