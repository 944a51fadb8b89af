import 'reflect-metadata';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const dayMs = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** An authority that signs certificates. */
export interface Authority {
  readonly name: string;
  readonly keys: CryptoKeyPair;
  readonly pem: string;
  /** The PEM file of its certificate. */
  readonly file: string;
}

export interface LeafOptions {
  /** Absent: it signs itself. */
  readonly issuer?: Authority;
  readonly subject?: string;
  /** DNS names and addresses; default: localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  /** Days from now at which it begins and ends to be valid; default: from yesterday to tomorrow. */
  readonly fromDay?: number;
  readonly toDay?: number;
  readonly usage?: 'server' | 'client';
  /** What is sent along with it. */
  readonly chain?: readonly Authority[];
}

/** A certificate and its key as PEM files. */
export interface Leaf {
  readonly certificate: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** A folder of certificates that were made a moment ago, so that none can be out of date. `using` removes it. */
export class CertificateFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-certificates-'));

  file(name: string, text = ''): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  /** An authority; signed by `issuer` where there is one, else a root. */
  async authority(name: string, issuer?: Authority): Promise<Authority> {
    const keys = await makeKeys();
    const pem = await makeCertificate(keys, issuer, name, -1, 1, [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ]);
    return { name, keys, pem, file: this.file(`${randomBytes(4).toString('hex')}-ca.pem`, pem) };
  }

  async leaf(options: LeafOptions = {}): Promise<Leaf> {
    const { issuer, subject = 'leaf', names = ['localhost', '127.0.0.1', '::1'], usage = 'server' } = options;
    const keys = await makeKeys();
    const purpose = usage === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
    const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const);
    const pem = await makeCertificate(keys, issuer, subject, options.fromDay ?? -1, options.toDay ?? 1, [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([purpose]),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(alternatives)]),
    ]);
    const id = randomBytes(4).toString('hex');
    const chain = (options.chain ?? []).map((authority) => authority.pem);
    const secret = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      certificate: this.file(`${id}.pem`, [pem, ...chain].join('\n')),
      key: this.file(`${id}-key.pem`, x509.PemConverter.encode(secret, 'PRIVATE KEY')),
      fingerprint: new X509Certificate(pem).fingerprint256,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function makeCertificate(
  keys: CryptoKeyPair,
  issuer: Authority | undefined,
  name: string,
  fromDay: number,
  toDay: number,
  extensions: x509.Extension[],
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: `40${randomBytes(8).toString('hex')}`,
      subject: `CN=${name}`,
      issuer: `CN=${issuer?.name ?? name}`,
      notBefore: new Date(Date.now() + fromDay * dayMs),
      notAfter: new Date(Date.now() + toDay * dayMs),
      publicKey: keys.publicKey,
      signingKey: issuer?.keys.privateKey ?? keys.privateKey,
      signingAlgorithm: algorithm,
      extensions,
    },
    crypto,
  );
  return certificate.toString('pem');
}
