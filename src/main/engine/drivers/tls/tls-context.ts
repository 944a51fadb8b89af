import { createHash } from 'node:crypto';
import tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig, TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { CallFailure } from '../call-failure.ts';
import { isCallFailure } from '../driver.ts';
import { defaultAuthorities } from './authorities.ts';
import type { CertificateStore } from './certificates.ts';
import { isFileTrouble, readTlsFiles, type TlsFiles } from './tls-files.ts';

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
