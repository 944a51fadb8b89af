import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureCodes } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

describe('an error name', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['EMSGSIZE', 'too-large'],
    ['ENODATA', 'name-not-found'],
    ['ENAMETOOLONG', 'bad-input'],
    ['ENOTSUP', 'unsupported'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong-protocol'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'wrong-protocol'],
    ['ERR_HTTP_STATUS', 'wrong-protocol'],
    ['EPROTO', 'wrong-protocol'],
  ])('%s is of the kind %s', (errno, code) => {
    expect(lookUpErrno(errno).code).toBe(code);
    expect(lookUpErrno(errno).text).not.toBe(errno);
  });

  test.each([
    ['ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR', 'wrong-protocol', 'tlsv1 alert decrypt error'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', 'certificate', 'sslv3 alert certificate revoked'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'wrong-protocol', 'sslv3 alert handshake failure'],
    ['ERR_OSSL_ASN1_WRONG_TAG', 'certificate', 'asn1 wrong tag'],
    ['UNABLE_TO_GET_CRL', 'certificate', 'unable to get crl'],
    ['ERROR_IN_CERT_NOT_BEFORE_FIELD', 'certificate', 'error in cert not before field'],
    ['WS_ERR_UNEXPECTED_RSV_1', 'wrong-protocol', 'unexpected rsv 1'],
    ['HPE_INVALID_CONSTANT', 'wrong-protocol', 'the answer is not HTTP: invalid constant'],
  ])('%s is not in the catalogue, and still known as %s', (errno, code, text) => {
    expect(lookUpErrno(errno)).toMatchObject({ code, text });
  });

  test('that nobody knows is told as it is, and never a name of the object behind the catalogue', () => {
    expect(systemAnswer('connect', 'EWHAT')).toBe('connect(): EWHAT');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString')), (errno) => {
        const { code, hint } = lookUpErrno(errno);
        expect(failureCodes).toContain(code);
        expect(hint).toMatch(/\.$/);
      }),
    );
  });
});
