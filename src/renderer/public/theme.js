// Runs before the first paint, so it is neither a module nor bundled. The engine's settings are the truth; this is a
// copy that is there without asking. `state/settings.ts` takes over from here.
let theme = 'system';
try {
  theme = localStorage.getItem('wirebench.theme') ?? 'system';
} catch {
  // No storage: the system's theme it is.
}
if (theme !== 'dark' && theme !== 'light') {
  theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
document.documentElement.dataset.theme = theme;
