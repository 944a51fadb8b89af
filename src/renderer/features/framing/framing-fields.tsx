import { useState } from 'react';
import type { CallOutput } from '#shared/contract/contract.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import {
  type FramingField,
  type FramingForm,
  framingFormOf,
  framingItems,
  framingParameters,
  wordsOf,
} from '../../state/framing-form.ts';
import { type FormOption, formOptions } from '../../state/options.ts';
import { callScope, type ReframeScope } from '../../state/reframe.ts';
import { type Services, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import { SearchButton } from '../../ui/search-list.tsx';
import { countText } from '../../ui/text.ts';
import styles from './framing.module.css';
import { strings } from './strings.ts';

/** A framing that fits recorded streams, and its result. */
interface GuessedFraming {
  /** In the command line's spelling. */
  readonly framing: string;
  /** The names of the protocols that use it, or else of the framing. */
  readonly name: string;
  readonly messages: number;
  /** The directions of the flows that it fits: `in`, `out` or `in, out`. */
  readonly directions: string;
  readonly form: FramingForm;
}

type Flow = CallOutput<'sessions.guessFramings'>['flows'][number];

/** Guesses the framing of the recorded streams in `scope`. Returns the best first. */
async function guessFraming(
  { client }: Services,
  session: string,
  scope: ReframeScope,
): Promise<Result<readonly GuessedFraming[]>> {
  const answer = await client.call('sessions.guessFramings', {
    session,
    job: crypto.randomUUID(),
    ...callScope(scope),
  });
  return answer.ok ? ok(combined(answer.value.flows)) : answer;
}

/** A framing's results while flows are combined. */
interface Found {
  score: number;
  messages: number;
  readonly protocols: Set<string>;
  readonly directions: Set<'in' | 'out'>;
}

/** Returns the framings of all flows, each once; those that fit the most flows best are first. */
function combined(flows: readonly Flow[]): readonly GuessedFraming[] {
  const byFraming = new Map<string, Found>();
  for (const { guesses, direction } of flows) {
    guesses.forEach(({ framing, messages, protocols }, rank) => {
      const known = byFraming.get(framing) ?? {
        score: 0,
        messages: 0,
        protocols: new Set(protocols),
        directions: new Set(),
      };
      known.score += 1 / (rank + 1);
      known.messages += messages;
      known.directions.add(direction);
      for (const name of known.protocols) if (!protocols.includes(name)) known.protocols.delete(name);
      byFraming.set(framing, known);
    });
  }
  return [...byFraming]
    .sort(([, a], [, b]) => b.score - a.score)
    .slice(0, 5)
    .flatMap(([framing, { messages, protocols, directions }]) => {
      const spec = parseFraming(framing);
      if (!spec) return [];
      const form = framingFormOf(spec);
      const name = protocols.size === 0 ? wordsOf(form.framing).short : [...protocols].join(', ');
      return [{ framing, name, messages, directions: [...directions].sort().join(', '), form }];
    });
}

const { guess: words } = strings;

interface GuessFramingProps {
  readonly session: string;
  /** The recorded streams to guess from. */
  readonly scope: ReframeScope;
  readonly onSelect: (form: FramingForm) => void;
}

/** Guesses the framing of recorded data and lists the framings that match. */
function GuessFraming({ session, scope, onSelect }: GuessFramingProps) {
  const services = useServices();
  const [isGuessing, setGuessing] = useState(false);
  const [guesses, setGuesses] = useState<readonly GuessedFraming[]>();
  const [failure, setFailure] = useState<Failure>();
  const guess = async () => {
    setGuessing(true);
    setFailure(undefined);
    const guessed = await guessFraming(services, session, scope);
    setGuessing(false);
    if (guessed.ok) setGuesses(guessed.value);
    else setFailure(guessed.error);
  };
  return (
    <div className={styles.guess}>
      <Button disabled={isGuessing} onClick={() => void guess()}>
        {words.guess}
      </Button>
      {guesses?.length === 0 ? <p role="status">{words.none}</p> : null}
      {guesses && guesses.length > 0 ? <Guesses guesses={guesses} onSelect={onSelect} /> : null}
      {failure ? <FailureBox failure={failure} /> : null}
    </div>
  );
}

interface GuessesProps {
  readonly guesses: readonly GuessedFraming[];
  readonly onSelect: (form: FramingForm) => void;
}

function Guesses({ guesses, onSelect }: GuessesProps) {
  return (
    <table className={styles.guesses} aria-label={words.matches}>
      <thead>
        <tr>
          <th scope="col">{words.framing}</th>
          <th scope="col">{words.spelling}</th>
          <th scope="col">{words.messages}</th>
          <th scope="col">{words.direction}</th>
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        {guesses.map(({ framing, name, messages, directions, form }) => (
          <tr key={framing}>
            <td>{name}</td>
            <td>
              <code>{framing}</code>
            </td>
            <td>{countText(messages)}</td>
            <td>{directions}</td>
            <td>
              <Button small aria-label={words.selectOf(name, framing)} onClick={() => onSelect(form)}>
                {words.use}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface FramingFieldsProps {
  readonly form: FramingForm;
  readonly errors: Readonly<Partial<Record<FramingField, string>>>;
  readonly onChange: (change: Partial<FramingForm>) => void;
  /** The session and the streams that a framing can be guessed from. */
  readonly recorded?: { readonly session: string; readonly scope: ReframeScope } | undefined;
}

/** A framing with its parameters: the same options as in an endpoint's form. */
export function FramingFields({ form, errors, onChange, recorded }: FramingFieldsProps) {
  const wanted = ['framing', ...framingParameters[form.framing]];
  const options = formOptions.filter(({ field }) => wanted.includes(field));
  return (
    <div className={styles.fields}>
      <div className={styles.find}>
        {strings.fields.find}
        <SearchButton label={strings.fields.search} items={framingItems} onSelect={({ change }) => onChange(change)} />
      </div>
      {/* The key discards guesses for other streams. */}
      {recorded ? <GuessFraming key={recorded.scope.kind} {...recorded} onSelect={onChange} /> : null}
      {options.map((option) => (
        <FramingOption key={option.field} option={option} form={form} errors={errors} onChange={onChange} />
      ))}
    </div>
  );
}

function FramingOption({ option, form, errors, onChange }: FramingFieldsProps & { readonly option: FormOption }) {
  const { label, help, kind, choices } = option;
  const field = option.field as FramingField;
  if (kind === 'file' || kind === 'payload') return null;
  return (
    <OptionField
      label={label}
      help={field === 'framing' ? wordsOf(form.framing).help : help}
      kind={kind}
      choices={choices}
      value={form[field]}
      error={errors[field]}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
}
