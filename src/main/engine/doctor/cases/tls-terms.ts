import { type EndpointConfig, optionOf } from '#shared/endpoint/endpoint-config.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf, quoted } from '../words.ts';

type Term = { readonly errno: RegExp; readonly explain: (examination: Examination) => Finding };

/** The reasons why two sides of a TLS handshake cannot agree, and the setting to change. The first match counts. */
const terms: readonly Term[] = [
  {
    errno: /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_(LOW|HIGH)|NO_PROTOCOLS_AVAILABLE|WRONG_SSL_VERSION/,
    explain: ({ config }) => {
      const minVersion = optionOf(config, 'tls.minVersion');
      const maxVersion = optionOf(config, 'tls.maxVersion');
      const old =
        minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
          ? ' Versions before TLSv1.2 may be disabled on this system.'
          : '';
      return {
        code: 'wrong-protocol',
        hint: `The other side does not support ${versions(minVersion, maxVersion)}: change the minimum or maximum TLS version.${old}`,
      };
    },
  },
  {
    errno: /NO_APPLICATION_PROTOCOL/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint: `The other side supports none of the ALPN protocols (${alpnOf(config)}): use one that it supports, or none.`,
    }),
  },
  {
    errno: /UNRECOGNIZED_NAME/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint: `The server does not know the name ${quoted(optionOf(config, 'tls.serverName') || config.host)}: set a server name (SNI) that it knows.`,
    }),
  },
  {
    errno: /CERTIFICATE_REQUIRED|DID_NOT_RETURN_A_CERTIFICATE/,
    explain: ({ trouble }) => ({
      code: 'certificate',
      hint:
        trouble.role === 'client'
          ? 'The server requires a client certificate: set the files of your certificate and its key.'
          : 'The client sent no certificate: set one in the client, or do not require client certificates.',
    }),
  },
  {
    errno: /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)|ALERT_NO_CERTIFICATE/,
    explain: ({ config, trouble }) => {
      if (trouble.role === 'server')
        return {
          code: 'certificate',
          hint: 'The client does not trust this server’s certificate: trust it in the client, or set another one.',
        };
      const hint =
        optionOf(config, 'tls.certificate') === ''
          ? 'The server accepts only clients with a certificate that it trusts: set the files of your certificate and its key.'
          : 'The server does not trust the client certificate: use one from a CA that it trusts.';
      return { code: 'certificate', hint };
    },
  },
  {
    errno: /NO_SHARED_CIPHER|INSUFFICIENT_SECURITY|NO_CIPHERS/,
    explain: () => ({
      code: 'wrong-protocol',
      hint: 'The two sides have no cipher in common: allow TLSv1.3, or change the minimum and maximum TLS version.',
    }),
  },
  {
    errno: /ALERT_HANDSHAKE_FAILURE/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint:
        optionOf(config, 'tls.certificate') === ''
          ? 'The other side ended the handshake. It may require a client certificate: set one, or check the TLS versions and the server name.'
          : 'The other side ended the handshake: check the TLS versions, the client certificate and the server name.',
    }),
  },
  {
    errno: /KEY_VALUES_MISMATCH$/,
    explain: () => ({
      code: 'certificate',
      hint: 'The key does not belong to the certificate: use the two files that were created together.',
    }),
  },
  {
    errno: /^ERR_OSSL_(BAD_DECRYPT|.*PASSWORD)/,
    explain: ({ config }) => ({
      code: 'certificate',
      hint:
        optionOf(config, 'tls.passphrase') === ''
          ? 'The key is encrypted: enter its passphrase.'
          : 'The passphrase does not decrypt the key: enter the correct one.',
    }),
  },
  {
    errno: /^ERR_OSSL_/,
    explain: () => ({
      code: 'certificate',
      hint: 'The certificate, its key or the CA file is not usable: use PEM files, which begin with “-----BEGIN”.',
    }),
  },
];

/** Explains disagreements on TLS versions, ALPN, names, ciphers and client certificates, and certificate files that are not usable. */
export const tlsTermsCase: Case = {
  name: 'TLS terms',
  fits: ({ errno, transport }) => usesTls(transport) && /^ERR_(SSL|OSSL)_/.test(errno) && termOf(errno) !== undefined,
  async examine(examination) {
    const { config, errno } = examination;
    if (!errno.startsWith('ERR_OSSL_')) {
      const alpn = optionOf(config, 'tls.alpn').length > 0 ? `, ALPN ${alpnOf(config)}` : '';
      const own = optionOf(config, 'tls.certificate') === '' ? 'no client certificate' : 'a client certificate';
      const range = versions(optionOf(config, 'tls.minVersion'), optionOf(config, 'tls.maxVersion'));
      examination.note(`Wirebench offered ${range}${alpn}, with ${own}.`);
    }
    return termOf(errno)?.explain(examination);
  },
};

function alpnOf(config: EndpointConfig): string {
  return listOf(optionOf(config, 'tls.alpn').map((name) => quoted(name)));
}

function termOf(errno: string): Term | undefined {
  return terms.find((term) => term.errno.test(errno));
}

function versions(least: string, highest: string): string {
  return least === highest ? least : `${least} to ${highest}`;
}
