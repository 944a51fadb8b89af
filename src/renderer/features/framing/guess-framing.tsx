import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import type { FramingForm } from '../../client/framing-form.ts';
import { type GuessedFraming, guessFraming } from '../../client/guess-framing-command.ts';
import type { ReframeScope } from '../../client/reframe-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countText } from '../../ui/figures.ts';
import styles from './framing.module.css';
import { strings } from './strings.ts';

const { guess: words } = strings;

interface GuessFramingProps {
  readonly session: string;
  /** The recorded streams to guess from. */
  readonly scope: ReframeScope;
  readonly onSelect: (form: FramingForm) => void;
}

/** Guesses the framing of recorded data and lists the framings that match. */
export function GuessFraming({ session, scope, onSelect }: GuessFramingProps) {
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
