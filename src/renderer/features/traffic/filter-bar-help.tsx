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
import { strings } from './strings.ts';

interface FilterHelpProps {
  /** Called with the example that the user selects. */
  readonly onTry: (example: string) => void;
}

const texts = strings.filterHelp;
const fields: readonly FieldHelp[] = filterFields;
const operators: readonly Pick<OperatorHelp, 'name' | 'also' | 'help'>[] = filterOperators;
const syntax = [...operators, ...filterConnectives].map(({ name, also, help }) => ({
  name: [name, ...also].join(' '),
  help,
}));

/** A button that opens the reference of the filter language. */
export function FilterHelp({ onTry }: FilterHelpProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton ref={anchor} small label={texts.label} aria-expanded={open} onClick={() => setOpen(!open)}>
        <CircleQuestionMark size={14} aria-hidden />
      </IconButton>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={texts.label}>
        <div className={styles.help}>
          <p>{texts.introduction}</p>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.meaning}</th>
                <th scope="col">{texts.example}</th>
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
            {syntax.map(({ name, help }) => (
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
