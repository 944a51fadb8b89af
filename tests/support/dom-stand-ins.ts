import { afterEach } from 'vitest';

/*
 * What a browser has and happy-dom lacks, as far as the page uses it: sizes, popovers, editing commands, a canvas. There
 * is no layout: every element is as large as the pane below, and where things are in it is left to the tests in a browser.
 */

export const paneWidth = 800;
export const paneHeight = 480;

/** Reports the size once, as a browser does after the first layout of an element. */
class ResizeObserverStandIn implements ResizeObserver {
  readonly #report: ResizeObserverCallback;
  #isEnded = false;

  constructor(report: ResizeObserverCallback) {
    this.#report = report;
  }

  observe(): void {
    if (!this.#isEnded) this.#report([], this);
  }

  unobserve(): void {}

  disconnect(): void {
    this.#isEnded = true;
  }
}

const openPopovers = new Map<HTMLElement, Element | null>();

function showPopover(this: HTMLElement): void {
  openPopovers.set(this, document.activeElement);
}

/** Hides it, returns the focus and reports it as the browser does. */
function hidePopover(this: HTMLElement): void {
  const before = openPopovers.get(this);
  openPopovers.delete(this);
  if (this.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
  this.dispatchEvent(Object.assign(new Event('toggle'), { newState: 'closed' }));
}

const matchesOfDom = Element.prototype.matches;

function matches(this: Element, selector: string): boolean {
  if (selector === ':popover-open') return this instanceof HTMLElement && openPopovers.has(this);
  return matchesOfDom.call(this, selector);
}

/** Writes over the selection of the field that has the focus, as typing does. Copying is refused. */
function execCommand(command: string, _ui?: boolean, text = ''): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement) || (command !== 'insertText' && command !== 'delete')) return false;
  const { value, selectionStart, selectionEnd } = field;
  const start = selectionStart ?? value.length;
  const next = value.slice(0, start) + text + value.slice(selectionEnd ?? value.length);
  // Through the prototype: the setter that React defines on the element would hide the change from React.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, next);
  field.setSelectionRange(start + text.length, start + text.length);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
}

/** A drawing context that draws nothing; a text is one pixel wide per letter. */
function getContext(this: HTMLCanvasElement): object {
  const kept: Record<string | symbol, unknown> = {
    canvas: this,
    measureText: (text: string) => ({ width: text.length }),
  };
  return new Proxy(kept, { get: (target, name) => (name in target ? target[name] : () => undefined) });
}

class PathStandIn {
  moveTo(): void {}
  lineTo(): void {}
  rect(): void {}
  closePath(): void {}
}

function getter(prototype: object, name: string, value: number): void {
  Object.defineProperty(prototype, name, { configurable: true, get: () => value });
}

getter(HTMLElement.prototype, 'clientWidth', paneWidth);
getter(HTMLElement.prototype, 'clientHeight', paneHeight);
Object.assign(HTMLElement.prototype, { showPopover, hidePopover });
Object.assign(Element.prototype, { matches });
Object.assign(HTMLCanvasElement.prototype, { getContext });
Object.assign(document, { execCommand });
Object.assign(globalThis, { ResizeObserver: ResizeObserverStandIn, Path2D: PathStandIn });

document.addEventListener('keydown', ({ key }) => {
  const last = [...openPopovers.keys()].findLast((element) => element.isConnected && element.popover === 'auto');
  if (key === 'Escape') last?.hidePopover();
});

afterEach(() => {
  openPopovers.clear();
  localStorage.clear();
  sessionStorage.clear();
});
