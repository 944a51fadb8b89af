/** What a local socket's path is for the system, or why it cannot be one. */
type LocalName = { readonly path: string } | { readonly errno: string; readonly text: string };

/** How many bytes sockaddr_un has for a path, without the NUL that ends it (unix(7), macOS's sys/un.h). */
const longestPaths: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107, android: 107, darwin: 103 };
const longestElsewhere = 103;
/** How long a pipe's name may be, all of it (CreateNamedPipe). */
const longestPipe = 256;

/**
 * The name by which a platform's local sockets go, of what a person types: a path; `@name` on Linux for an abstract one
 * (unix(7): in no folder, gone with its server); on Windows a pipe, `\\.\pipe\name`. Too long a path is refused here, for
 * the system would cut it and listen somewhere else.
 */
export function localName(typed: string, platform: NodeJS.Platform = process.platform): LocalName {
  if (typed === '') return { errno: 'EINVAL', text: 'a path is needed' };
  if (typed.includes('\0'))
    return { errno: 'EINVAL', text: 'a path cannot have a NUL in it; an abstract one begins with @' };
  if (platform === 'win32') return pipeName(typed);
  const abstract = typed.startsWith('@') && (platform === 'linux' || platform === 'android');
  const longest = longestPaths[platform] ?? longestElsewhere;
  // The NUL that begins an abstract name takes the place of the one that ends a path.
  const length = Buffer.byteLength(abstract ? typed.slice(1) : typed);
  if (length > longest) {
    const text = `the path has ${length} bytes, and a local socket’s has at most ${longest} on this system`;
    return { errno: 'ENAMETOOLONG', text };
  }
  if (!abstract) return { path: typed };
  return length === 0 ? { errno: 'EINVAL', text: 'a name is needed after the @' } : { path: `\0${typed.slice(1)}` };
}

function pipeName(typed: string): LocalName {
  if (!/^\\\\[.?]\\pipe\\[^\\]/i.test(typed)) {
    const text = String.raw`Windows’ local sockets are named pipes: \\.\pipe\ and a name`;
    return { errno: 'EINVAL', text };
  }
  if (typed.length <= longestPipe) return { path: typed };
  const text = `the name has ${typed.length} characters, and a pipe’s has at most ${longestPipe}`;
  return { errno: 'ENAMETOOLONG', text };
}
