/*
 * What the records and their figures need of a browser and happy-dom does not have, beside the top layer: a first report
 * of each size, editing commands, a canvas.
 */

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

Object.assign(HTMLCanvasElement.prototype, { getContext });
Object.assign(document, { execCommand });
Object.assign(globalThis, { ResizeObserver: ResizeObserverStandIn, Path2D: PathStandIn });
