/** The user that owns nothing. */
const nobody = 65_534;

/** Runs `act` without root's rights, also where root runs the tests. */
export async function withoutRights<T>(act: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
