import tls from 'node:tls';

/** The authorities that are trusted where no CA file is named, as certificates in PEM. */
interface DefaultAuthorities {
  /** Those of the operating system's store. */
  readonly system: readonly string[];
  /** Those that come with Node, and those of its `NODE_EXTRA_CA_CERTS`. */
  readonly node: readonly string[];
  /** Both, each once. */
  readonly all: string[];
}

/** Reads the authorities that are trusted where no CA file is named. Takes tens of milliseconds the first time. */
export function defaultAuthorities(): DefaultAuthorities {
  const system = tls.getCACertificates('system');
  const node = tls.getCACertificates('default');
  return { system, node, all: [...new Set([...system, ...node])] };
}
