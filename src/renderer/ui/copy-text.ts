/**
 * Puts `text` on the clipboard; gives whether it is there. Where the page may not use the asynchronous clipboard (the
 * desktop app grants no permission, a page in the background has none), what the user's click allows is used instead: a
 * selection that is copied.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  // In the dialog where one is open: what is outside of it cannot have the focus.
  const place = focused?.closest('dialog') ?? document.body;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.setAttribute('aria-hidden', 'true');
  field.style.position = 'fixed';
  field.style.opacity = '0';
  place.append(field);
  // Not every browser's select() takes the focus, and only what has it is copied.
  field.focus();
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
