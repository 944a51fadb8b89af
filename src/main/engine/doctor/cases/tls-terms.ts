import { type EndpointConfig, optionOf } from '#shared/endpoint/endpoint-config.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf, quoted } from '../words.ts';

type Term = { readonly errno: RegExp; readonly explain: (examination: Examination) => Finding };

/** What the two sides of a TLS handshake could not agree on, and which setting it is. The first that fits is told. */
const terms: readonly Term[] = [
  {
    errno: /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_(LOW|HIGH)|NO_PROTOCOLS_AVAILABLE|WRONG_SSL_VERSION/,
    explain: ({ config }) => {
      const minVersion = optionOf(config, 'tls.minVersion');
      const maxVersion = optionOf(config, 'tls.maxVersion');
      const old =
        minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
          ? ' Versions before TLSv1.2 may be switched off in this system.'
          : '';
      return {
        code: 'wrong-protocol',
        hint: `The other side does not speak ${versions(minVersion, maxVersion)}: change the least or the highest TLS version.${old}`,
      };
    },
  },
  {
    errno: /NO_APPLICATION_PROTOCOL/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint: `The other side speaks none of the ALPN protocols (${alpnOf(config)}): name one that it speaks, or none.`,
    }),
  },
  {
    errno: /UNRECOGNIZED_NAME/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint: `The server does not know the name ${quoted(optionOf(config, 'tls.serverName') || config.host)}: set the server name (SNI) that it goes by.`,
    }),
  },
  {
    errno: /CERTIFICATE_REQUIRED|DID_NOT_RETURN_A_CERTIFICATE/,
    explain: ({ trouble }) => ({
      code: 'certificate',
      hint:
        trouble.role === 'client'
          ? 'The server wants a client certificate: set the files of your certificate and its key.'
          : 'The client has sent no certificate: give it one, or do not require client certificates.',
    }),
  },
  {
    errno: /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)|ALERT_NO_CERTIFICATE/,
    explain: ({ config, trouble }) => {
      if (trouble.role === 'server')
        return {
          code: 'certificate',
          hint: 'The client does not believe this server’s certificate: trust it there, or set another.',
        };
      const hint =
        optionOf(config, 'tls.certificate') === ''
          ? 'The server refuses the client without a certificate it knows: set the files of your certificate and its key.'
          : 'The server does not believe our client certificate: use one from an authority that it knows.';
      return { code: 'certificate', hint };
    },
  },
  {
    errno: /NO_SHARED_CIPHER|INSUFFICIENT_SECURITY|NO_CIPHERS/,
    explain: () => ({
      code: 'wrong-protocol',
      hint: 'The two sides have no cipher in common: let them use TLSv1.3, or change the least and the highest TLS version.',
    }),
  },
  {
    errno: /ALERT_HANDSHAKE_FAILURE/,
    explain: ({ config }) => ({
      code: 'wrong-protocol',
      hint:
        optionOf(config, 'tls.certificate') === ''
          ? 'The other side ended the handshake. It may want a client certificate: set one, or check the TLS versions and the server name.'
          : 'The other side ended the handshake: check the TLS versions, the client certificate and the server name.',
    }),
  },
  {
    errno: /KEY_VALUES_MISMATCH$/,
    explain: () => ({
      code: 'certificate',
      hint: 'The key does not belong to the certificate: name the two files that were made together.',
    }),
  },
  {
    errno: /^ERR_OSSL_(BAD_DECRYPT|.*PASSWORD)/,
    explain: ({ config }) => ({
      code: 'certificate',
      hint:
        optionOf(config, 'tls.passphrase') === ''
          ? 'The key is locked: enter its passphrase.'
          : 'The passphrase does not open the key: enter the right one.',
    }),
  },
  {
    errno: /^ERR_OSSL_/,
    explain: () => ({
      code: 'certificate',
      hint: 'The certificate, its key or the CA file cannot be used: name PEM files, which begin with “-----BEGIN”.',
    }),
  },
];

/** TLS versions, ALPN, names, ciphers and client certificates; own certificates that cannot be used. */
export const tlsTermsCase: Case = {
  name: 'TLS terms',
  fits: ({ errno, transport }) => usesTls(transport) && /^ERR_(SSL|OSSL)_/.test(errno) && termOf(errno) !== undefined,
  async examine(examination) {
    const { config, errno } = examination;
    if (!errno.startsWith('ERR_OSSL_')) {
      const alpn = optionOf(config, 'tls.alpn').length > 0 ? `, ALPN ${alpnOf(config)}` : '';
      const own = optionOf(config, 'tls.certificate') === '' ? 'no certificate of ours' : 'a certificate of ours';
      examination.note(
        `We offered ${versions(optionOf(config, 'tls.minVersion'), optionOf(config, 'tls.maxVersion'))}${alpn}, with ${own}.`,
      );
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
