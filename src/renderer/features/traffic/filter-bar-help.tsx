import { CircleQuestionMark } from 'lucide-react';
import { useRef, useState } from 'react';
import {
  type FieldHelp,
  filterConnectives,
  filterFields,
  filterOperators,
  type OperatorHelp,
} from '#shared/filter/fields.ts';
import { IconButton } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './filter-bar.module.css';

interface FilterHelpProps {
  /** An example was chosen, to be tried. */
  readonly onTry: (example: string) => void;
}

const fields: readonly FieldHelp[] = filterFields;
const operators: readonly Pick<OperatorHelp, 'name' | 'also' | 'help'>[] = filterOperators;
const words = [...operators, ...filterConnectives].map(({ name, also, help }) => ({
  name: [name, ...also].join(' '),
  help,
}));

/** A button that shows what filters are made of. */
export function FilterHelp({ onTry }: FilterHelpProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton ref={anchor} small label="Help on filters" aria-expanded={open} onClick={() => setOpen(!open)}>
        <CircleQuestionMark size={14} aria-hidden />
      </IconButton>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label="Help on filters">
        <div className={styles.help}>
          <p>
            A word, or a text in quotes, is searched for in the messages. More is asked for with fields; a comparison
            with what a record does not have is false.
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">What it is</th>
                <th scope="col">Try</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(({ name, help, example }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{help}</td>
                  <td>
                    <button
                      type="button"
                      onClick={() => {
                        setOpen(false);
                        onTry(example);
                      }}
                    >
                      {example}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <dl>
            {words.map(({ name, help }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{help}</dd>
              </div>
            ))}
          </dl>
        </div>
      </Popover>
    </>
  );
}
