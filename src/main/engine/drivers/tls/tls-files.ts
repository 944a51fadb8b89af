import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { notRegularCode, readRegularFile } from '#files/regular-file.ts';
import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';

/** Why our own certificate, its key or the authorities cannot be used: a code, and which file and what is wrong with it. */
interface FileTrouble {
  readonly errno: string;
  readonly text: string;
}

/** What the PEM files of an endpoint hold. */
export interface TlsFiles {
  /** Our certificate, with what it was signed with. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** The authorities of the CA file. */
  readonly ca?: string[] | undefined;
}

/** More than any file of certificates has; a wrong path must not be read into memory. */
const maxFileBytes = 4 * 1_048_576;

export function isFileTrouble(value: object): value is FileTrouble {
  return 'errno' in value;
}

/** Reads and checks the PEM files that an endpoint names; those it does not name are left out. */
export async function readTlsFiles(options: TlsOptions): Promise<TlsFiles | FileTrouble> {
  const own = options.certificate === '' ? {} : await readOwn(options);
  if (isFileTrouble(own) || options.ca === '') return own;
  const text = await readText(options.ca, 'the CA file');
  if (typeof text !== 'string') return text;
  const ca = certificatesIn(text, options.ca, 'the CA file');
  return Array.isArray(ca) ? { ...own, ca } : ca;
}

async function readOwn({ certificate, key, passphrase }: TlsOptions): Promise<TlsFiles | FileTrouble> {
  const cert = await readText(certificate, 'the certificate');
  if (typeof cert !== 'string') return cert;
  const found = certificatesIn(cert, certificate, 'the certificate');
  if (!Array.isArray(found)) return found;
  const keyText = await readText(key, 'the key');
  if (typeof keyText !== 'string') return keyText;
  const parsed = parseKey(keyText, key, passphrase);
  if (isFileTrouble(parsed)) return parsed;
  if (!new X509Certificate(found[0] as string).checkPrivateKey(parsed)) {
    const text = `the key ${key} does not belong to the certificate ${certificate}`;
    return { errno: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', text };
  }
  return { cert, key: keyText, ...(passphrase === '' ? {} : { passphrase }) };
}

async function readText(path: string, what: string): Promise<string | FileTrouble> {
  try {
    return (await readRegularFile(path, maxFileBytes)).toString();
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return { errno: 'EISDIR', text: `${what} ${path} is a folder` };
    if (code === notRegularCode) return { errno: 'EINVAL', text: `${what} ${path} is not a file` };
    if (code === 'EFBIG') {
      return { errno: 'EFBIG', text: `${what} ${path} is longer than ${maxFileBytes} bytes, it holds no certificates` };
    }
    return { errno: code, text: `${what} ${path} could not be read: ${lookUpErrno(code).text}` };
  }
}

/** The certificates of a PEM file (RFC 7468), each checked that it can be read. */
function certificatesIn(text: string, path: string, what: string): string[] | FileTrouble {
  const found = text.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END [A-Z0-9 ]+-----/g) ?? [];
  if (found.length === 0) {
    const hint = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? 'it holds a private key' : 'it is not PEM';
    return { errno: 'ERR_OSSL_PEM_NO_START_LINE', text: `${what} ${path} holds no certificate: ${hint}` };
  }
  for (const [index, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      const which = found.length === 1 ? 'the certificate in it' : `certificate ${index + 1} of ${found.length} in it`;
      return { errno: codeOf(error), text: `${what} ${path} cannot be used: ${which} is damaged` };
    }
  }
  return found;
}

function parseKey(text: string, path: string, passphrase: string): KeyObject | FileTrouble {
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) {
    const hint = text.includes('-----BEGIN CERTIFICATE-----') ? 'it holds a certificate' : 'it is not PEM';
    return { errno: 'ERR_OSSL_PEM_NO_START_LINE', text: `the key ${path} holds no private key: ${hint}` };
  }
  try {
    return createPrivateKey({ key: text, passphrase });
  } catch (error) {
    const locked = /ENCRYPTED/.test(text);
    const why = !locked ? 'it is damaged' : passphrase === '' ? 'it needs a passphrase' : 'the passphrase is wrong';
    return { errno: codeOf(error), text: `the key ${path} cannot be read: ${why}` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'ERR_OSSL_UNSUPPORTED';
}
