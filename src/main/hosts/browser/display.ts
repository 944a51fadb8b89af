/** Returns why no window can be shown on this machine, or `undefined` if there is a display. */
export function noDisplay(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | undefined {
  if (platform === 'win32') return undefined;
  if (platform === 'darwin') return env.SSH_CONNECTION ? 'this is a remote session' : undefined;
  return env.DISPLAY || env.WAYLAND_DISPLAY ? undefined : 'there is no display';
}
