const key = 'wirebench.token';

/**
 * The browser host's token: from the address it printed (`#token=…`), which is then taken out of the address bar and
 * the history, or what this tab kept of it. Empty where there is none.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.setItem(key, given);
  }
  return sessionStorage.getItem(key) ?? '';
}
