import { useState } from 'react';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices, useStored } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './session-dialogs.module.css';
import { SessionEntry, usedText } from './session-entry.tsx';
import { strings } from './strings.ts';

const { stored: words } = strings;

const rowHeight = 36;

/** All sessions in the app's folder, with a search by name. */
export function StoredSessionsDialog() {
  const { dialogs } = useServices();
  const { sessions, folder, failure, loaded } = useStored();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = wanted === '' ? sessions : sessions.filter(({ name }) => name.toLowerCase().includes(wanted));
  const close = () => closeDialog(dialogs);
  return (
    <Dialog
      title={words.title}
      className={styles.storedDialog}
      onClose={close}
      actions={
        <>
          <Button onClick={() => dialogs.setState({ kind: 'settings' }, true)}>{strings.retention}</Button>
          <Button onClick={close}>{strings.close}</Button>
        </>
      }
    >
      <TextField
        label={words.find}
        value={search}
        onChange={setSearch}
        help={words.usedIn(usedText(found), folder)}
        autoFocus
      />
      {failure ? <FailureBox failure={failure} /> : null}
      {loaded && found.length === 0 && !failure ? (
        <p className={styles.none}>{wanted === '' ? words.none : words.noMatch}</p>
      ) : (
        <VirtualList
          total={found.length}
          rowHeight={rowHeight}
          className={styles.list}
          style={{ height: found.length * rowHeight + 2 }}
          role="list"
          aria-label={words.title}
          renderRow={(index) => {
            const session = found[index];
            return session ? (
              <div role="listitem">
                <SessionEntry key={session.path} session={session} dialog={{ kind: 'stored-sessions' }} />
              </div>
            ) : null;
          }}
        />
      )}
    </Dialog>
  );
}
