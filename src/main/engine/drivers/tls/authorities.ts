import tls from 'node:tls';

/** The CAs that are trusted where no CA file is set, as certificates in PEM. */
interface DefaultAuthorities {
  /** Those of the operating system's store. */
  readonly system: readonly string[];
  /** Those of Node, and of `NODE_EXTRA_CA_CERTS`. */
  readonly node: readonly string[];
  /** Both, without duplicates. */
  readonly all: string[];
}

/** Reads the CAs that are trusted where no CA file is set. Takes tens of milliseconds the first time. */
export function defaultAuthorities(): DefaultAuthorities {
  // The folder and the bundle of a Linux system have the same certificates.
  const system = [...new Set(tls.getCACertificates('system'))];
  const node = tls.getCACertificates('default');
  return { system, node, all: [...new Set([...system, ...node])] };
}
