import { GripVertical, X } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo } from 'react';
import { useWorkspace } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/text.ts';
import type { StepValue } from './list-store.ts';
import styles from './lists.module.css';
import { strings } from './strings.ts';

const texts = strings.step;
const maxMs = 86_400_000;
const defaultTimeoutMs = 5_000;
/** The type of what is dragged: the place of a step. */
const dragType = 'application/x-wirebench-step';

/** Returns the number that a user typed, within its limits. */
export function numberOf(text: string, min: number, max: number): number {
  return Math.min(max, Math.max(min, Number(text.replaceAll(/\D/g, '').slice(0, 12))));
}

/** Returns `steps` with the one at `from` moved to `to`. */
function moved(steps: readonly StepValue[], from: number, to: number): StepValue[] {
  const rest = steps.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...steps.slice(from, from + 1));
}

interface StepTableProps {
  readonly steps: readonly StepValue[];
  /** The place of the step that is being sent. */
  readonly current: number | undefined;
  readonly onChange: (steps: StepValue[]) => void;
}

/** The steps of a list, one per row. They are moved by dragging, and with Alt and the arrow keys. */
export function StepTable({ steps, current, onChange }: StepTableProps) {
  const documents = useWorkspace((state) => state.documents);
  const names = useMemo(
    () =>
      [...documents.values()].flatMap(({ kind, path }) =>
        kind === 'payload' ? [path.replace(/^payloads\//, '')] : [],
      ),
    [documents],
  );
  const payloads = useId();
  const move = (from: number, to: number) => {
    if (from !== to && to >= 0 && to < steps.length) onChange(moved(steps, from, to));
  };
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {texts.columns.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed, and two have no name
            <th key={at} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {steps.map((step, at) => (
          <StepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a step has nothing else that identifies it
            key={at}
            step={step}
            at={at}
            isCurrent={at === current}
            payloads={payloads}
            onChange={(change) => onChange(steps.with(at, { ...step, ...change }))}
            onRemove={() => onChange(steps.toSpliced(at, 1))}
            onMove={move}
          />
        ))}
      </tbody>
      <datalist id={payloads}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </table>
  );
}

interface StepRowProps {
  readonly step: StepValue;
  readonly at: number;
  readonly isCurrent: boolean;
  /** The id of the list of payloads to select from. */
  readonly payloads: string;
  readonly onChange: (change: Partial<StepValue>) => void;
  readonly onRemove: () => void;
  readonly onMove: (from: number, to: number) => void;
}

function StepRow({ step, at, isCurrent, payloads, onChange, onRemove, onMove }: StepRowProps) {
  const { payload, enabled, delayMs, count, expect, note = '' } = step;
  const number = at + 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (by === undefined) return;
    event.preventDefault();
    onMove(at, at + by);
  };
  const field = (label: string, value: string, set: (text: string) => void, more: object = {}) => (
    <input
      className={styles.field}
      aria-label={label}
      spellCheck={false}
      autoComplete="off"
      value={value}
      onChange={(event) => set(event.target.value)}
      {...more}
    />
  );
  return (
    <tr
      className={classes(isCurrent && styles.current, !enabled && styles.disabled)}
      aria-current={isCurrent ? 'step' : undefined}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
      }}
      onDrop={(event) => {
        const from = event.dataTransfer.getData(dragType);
        if (from !== '') onMove(Number(from), at);
      }}
    >
      <td>
        <input
          type="checkbox"
          aria-label={texts.enabled(number)}
          checked={enabled}
          onChange={(event) => onChange({ enabled: event.target.checked })}
        />
      </td>
      <td className={styles.handle}>
        <button
          type="button"
          draggable
          aria-label={texts.handle(number)}
          title={texts.handle(number)}
          onDragStart={(event) => event.dataTransfer.setData(dragType, String(at))}
        >
          <GripVertical size={13} aria-hidden /> {number}
        </button>
      </td>
      <td>{field(texts.payload(number), payload, (text) => onChange({ payload: text }), { list: payloads })}</td>
      <td>{field(texts.delay(number), String(delayMs), (text) => onChange({ delayMs: numberOf(text, 0, maxMs) }))}</td>
      <td>{field(texts.count(number), String(count), (text) => onChange({ count: numberOf(text, 1, 1e9) }))}</td>
      <td>
        <input
          type="checkbox"
          aria-label={texts.reply(number)}
          checked={expect !== undefined}
          onChange={(event) =>
            onChange({ expect: event.target.checked ? { filter: '', timeoutMs: defaultTimeoutMs } : undefined })
          }
        />
      </td>
      <td>
        {expect
          ? field(texts.filter(number), expect.filter, (filter) => onChange({ expect: { ...expect, filter } }), {
              placeholder: texts.anyMessage,
            })
          : null}
      </td>
      <td>
        {expect
          ? field(texts.timeout(number), String(expect.timeoutMs), (text) =>
              onChange({ expect: { ...expect, timeoutMs: numberOf(text, 1, maxMs) } }),
            )
          : null}
      </td>
      <td>{field(texts.note(number), note, (text) => onChange({ note: text === '' ? undefined : text }))}</td>
      <td>
        <IconButton small label={texts.remove(number)} onClick={onRemove}>
          <X size={13} aria-hidden />
        </IconButton>
      </td>
    </tr>
  );
}
