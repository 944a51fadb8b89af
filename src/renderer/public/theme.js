// Runs before the first paint, so it is neither a module nor bundled. The engine's settings are the truth; this is a
// copy that is there without asking.
try {
  const theme = localStorage.getItem('wirebench.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's theme it is.
}
