import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { notRegularCode, readRegularFile } from '#files/regular-file.ts';
import type { ClientConfig, SecureTransport, ServerConfig, TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { CallFailure } from '../../failures.ts';
import { isCallFailure } from '../driver.ts';
import type { CertificateStore } from './certificates.ts';
import { defaultAuthorities } from './tls-trust.ts';

/*
 * OpenSSL's contexts, created from the configuration and its files. Creating one with all of a system's CAs takes tens of
 * milliseconds, so clients with the same settings and files share one. Servers never do: a session of a server that requests
 * no certificate could be resumed at one that requires it.
 */

/** The number of client contexts that are kept. */
const maxKept = 16;
const kept = new Map<string, tls.SecureContext>();
const prepared = new WeakMap<ServerConfig<SecureTransport>, tls.SecureContext>();

/** Returns the context of a client. Reads its files each time, so that a corrected file takes effect. */
export async function clientContext({
  tls: options,
}: ClientConfig<SecureTransport>): Promise<tls.SecureContext | CallFailure> {
  const files = await readTlsFiles(options);
  if (isFileTrouble(files)) return { call: 'open', ...files };
  const { minVersion, maxVersion } = options;
  const key = createHash('sha256')
    .update(JSON.stringify([files, minVersion, maxVersion]))
    .digest('hex');
  const known = kept.get(key);
  if (known) return known;
  const context = makeContext(options, files, { call: 'handshake', judges: true });
  if (isCallFailure(context)) return context;
  kept.set(key, context);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
  return context;
}

/** Reads and checks the files of a client. Call it before connecting, so that no connection is made with invalid files. */
export async function prepareClient(config: ClientConfig<SecureTransport>): Promise<CallFailure | undefined> {
  const context = await clientContext(config);
  return isCallFailure(context) ? context : undefined;
}

/**
 * Reads and checks the files of a server, and keeps them for `serverContext`. Call it before listening, so that invalid files
 * fail there (`listen`) instead of at the first client.
 */
export async function prepareServer(
  config: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<CallFailure | undefined> {
  const context = await readServerContext(config, store);
  if (isCallFailure(context)) return context;
  prepared.set(config, context);
  return undefined;
}

/** Returns the context of a server: the prepared one, else a new one. */
export async function serverContext(
  config: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<tls.SecureContext | CallFailure> {
  return prepared.get(config) ?? readServerContext(config, store);
}

async function readServerContext(
  { tls: options }: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<tls.SecureContext | CallFailure> {
  const files = await readTlsFiles(options);
  if (isFileTrouble(files)) return { call: 'open', ...files };
  const use = { call: 'listen', judges: options.clientCertificate !== 'none' } as const;
  if (files.cert !== undefined) return makeContext(options, files, use);
  const own = await store.own();
  if (own.ok) return makeContext(options, { ...files, cert: own.value.cert, key: own.value.key }, use);
  // A file failed, not the socket.
  const { errno } = own;
  const { text } = lookUpErrno(errno);
  return { call: 'open', errno, text: `${own.error.message}: ${text === errno ? own.error.system : text}` };
}

interface ContextUse {
  readonly call: 'listen' | 'handshake';
  /** It checks certificates, so it needs the CAs. */
  readonly judges: boolean;
}

function makeContext(
  { minVersion, maxVersion }: TlsOptions,
  { cert, key, passphrase, ca }: TlsFiles,
  { call, judges }: ContextUse,
): tls.SecureContext | CallFailure {
  try {
    return tls.createSecureContext({
      minVersion,
      maxVersion,
      cert,
      key,
      passphrase,
      ca: judges ? (ca ?? defaultAuthorities().all) : undefined,
      // Without an id, OpenSSL rejects a client that resumes a session in which it sent a certificate.
      sessionIdContext: 'wirebench',
      ...(isOld(minVersion) ? { ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0` } : {}),
    });
  } catch (error) {
    const { code = 'ERR_TLS', message } = error as NodeJS.ErrnoException;
    return { call, errno: code, text: `the certificate and its key are not usable: ${message}` };
  }
}

/** Returns true for TLS 1.0 and 1.1, which sign with SHA-1: OpenSSL allows that at its lowest security level only. */
function isOld(minVersion: TlsOptions['minVersion']): boolean {
  return minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
}

/** Why the certificate, its key or the CA file is not usable: a code, and a text with the file and the problem. */
interface FileTrouble {
  readonly errno: string;
  readonly text: string;
}

/** The content of the PEM files of an endpoint. */
interface TlsFiles {
  /** The certificate of this side, with its chain. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** The certificates of the CA file. */
  readonly ca?: string[] | undefined;
}

/** The maximum size of a file: a large file at a wrong path must not be read into memory. */
const maxFileBytes = 4 * 1_048_576;

function isFileTrouble(value: object): value is FileTrouble {
  return 'errno' in value;
}

/** Reads and checks the PEM files that an endpoint names; skips those that it does not name. */
async function readTlsFiles(options: TlsOptions): Promise<TlsFiles | FileTrouble> {
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
      return {
        errno: 'EFBIG',
        text: `${what} ${path} is longer than ${maxFileBytes} bytes, which is too long for certificates`,
      };
    }
    return { errno: code, text: `${what} ${path} could not be read: ${lookUpErrno(code).text}` };
  }
}

/** Returns the certificates of a PEM file (RFC 7468); fails where one cannot be parsed. */
function certificatesIn(text: string, path: string, what: string): string[] | FileTrouble {
  const found = text.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END [A-Z0-9 ]+-----/g) ?? [];
  if (found.length === 0) {
    const hint = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? 'it contains a private key' : 'it is not PEM';
    return { errno: 'ERR_OSSL_PEM_NO_START_LINE', text: `${what} ${path} contains no certificate: ${hint}` };
  }
  for (const [index, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      const which = found.length === 1 ? 'the certificate in it' : `certificate ${index + 1} of ${found.length} in it`;
      return { errno: codeOf(error), text: `${what} ${path} is not usable: ${which} is damaged` };
    }
  }
  return found;
}

function parseKey(text: string, path: string, passphrase: string): KeyObject | FileTrouble {
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) {
    const hint = text.includes('-----BEGIN CERTIFICATE-----') ? 'it contains a certificate' : 'it is not PEM';
    return { errno: 'ERR_OSSL_PEM_NO_START_LINE', text: `the key ${path} contains no private key: ${hint}` };
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
