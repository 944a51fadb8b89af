import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const hourMs = 3_600_000;
/** The maximum validity of server certificates on Apple's systems. */
const validForMs = 825 * 24 * hourMs;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Creates a private key on the curve P-256, in PEM. */
export function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** Parses a private key on P-256 in PEM; returns `undefined` for anything else. */
export function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Creates a self-signed certificate for this machine (RFC 5280), in PEM: for localhost, the loopback addresses and the
 * machine's name, valid from an hour ago, because clocks differ. `keyPem` is a key that `readKey` accepts.
 */
export async function makeCertificate(keyPem: string): Promise<string> {
  // Loaded here because it is large and most runs create no certificate. Its classes need `reflect-metadata` when they load.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const notBefore = new Date(Date.now() - hourMs);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: 'CN=localhost',
      notBefore,
      notAfter: new Date(notBefore.getTime() + validForMs),
      keys: await keysOf(createPrivateKey(keyPem)),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          ...machineNames().map((value) => ({ type: 'dns', value }) as const),
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
      ],
    },
    crypto,
  );
  return `${certificate.toString('pem')}\n`;
}

/** Returns the machine's name, where DNS allows it (RFC 1123). */
function machineNames(): readonly string[] {
  const name = hostname().toLowerCase();
  const isName = /^(?!.{254})[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name);
  return isName && name !== 'localhost' ? [name] : [];
}

/** Returns a random positive number of 16 bytes, in hex. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function keysOf(key: KeyObject) {
  const secret = key.export({ type: 'pkcs8', format: 'der' });
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const { subtle } = crypto;
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', secret, algorithm, true, ['sign']),
    subtle.importKey('spki', open, algorithm, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}
