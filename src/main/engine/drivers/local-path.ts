/** A local socket's path for the system, or the reason why it is invalid. */
type LocalName = { readonly path: string } | { readonly errno: string; readonly text: string };

/** The maximum number of bytes of a path in sockaddr_un, without the terminating NUL (unix(7), macOS's sys/un.h). */
const longestPaths: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107, android: 107, darwin: 103 };
const longestElsewhere = 103;
/** The maximum length of a pipe's full name (CreateNamedPipe). */
const longestPipe = 256;

/**
 * Converts a typed name of a local socket to the platform's format: a path; `@name` on Linux for an abstract one (unix(7): in
 * no folder, and removed with its server); on Windows a pipe, `\\.\pipe\name`. Rejects a path that is too long, because the
 * system would truncate it and listen at another path.
 */
export function localName(typed: string, platform: NodeJS.Platform = process.platform): LocalName {
  if (typed === '') return { errno: 'EINVAL', text: 'the path is empty' };
  if (typed.includes('\0'))
    return { errno: 'EINVAL', text: 'a path cannot contain NUL; an abstract name begins with @' };
  if (platform === 'win32') return pipeName(typed);
  const abstract = typed.startsWith('@') && (platform === 'linux' || platform === 'android');
  const longest = longestPaths[platform] ?? longestElsewhere;
  // An abstract name begins with a NUL and has no terminating one.
  const length = Buffer.byteLength(abstract ? typed.slice(1) : typed);
  if (length > longest) {
    const text = `the path has ${length} bytes, and the maximum for a local socket on this system is ${longest}`;
    return { errno: 'ENAMETOOLONG', text };
  }
  if (!abstract) return { path: typed };
  return length === 0 ? { errno: 'EINVAL', text: 'the name after the @ is empty' } : { path: `\0${typed.slice(1)}` };
}

function pipeName(typed: string): LocalName {
  if (!/^\\\\[.?]\\pipe\\[^\\]/i.test(typed)) {
    const text = String.raw`on Windows, local sockets are named pipes: \\.\pipe\ and a name`;
    return { errno: 'EINVAL', text };
  }
  if (typed.length <= longestPipe) return { path: typed };
  const text = `the name has ${typed.length} characters, and the maximum for a pipe is ${longestPipe}`;
  return { errno: 'ENAMETOOLONG', text };
}
