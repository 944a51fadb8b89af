import type { Locator, Page } from 'playwright-core';

/** The window as a person finds it: every control by its role and its name. */
export class WorkbenchPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  get traffic(): Locator {
    return this.page.getByRole('grid', { name: 'Traffic' });
  }

  /** The line in which a filter is written. */
  get filter(): Locator {
    return this.page.getByRole('combobox', { name: 'Filter', exact: true });
  }

  /** The pane that shows the chosen record. */
  get inspector(): Locator {
    return this.page.getByRole('region', { name: 'Inspector' });
  }

  get payload(): Locator {
    return this.page.getByRole('region', { name: 'Payload' });
  }

  /** The rows of the traffic table whose text has `text`. */
  rows(text: string | RegExp): Locator {
    return this.traffic.getByRole('row').filter({ hasText: text });
  }

  /** Waits until a row with this text is there. */
  async seeRow(text: string | RegExp): Promise<Locator> {
    const row = this.rows(text).first();
    await row.waitFor();
    return row;
  }

  async seeText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Launches the start page's local server on `port` (0: any free one) and gives the port it listens on. */
  async launchLocalServer(port = 0): Promise<number> {
    await this.field('Port').fill(String(port));
    await this.button('Launch local server').click();
    const row = await this.seeRow(/listening on 127\.0\.0\.1:\d+/);
    return Number(/listening on 127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1]);
  }

  /** Waits until the tabs of the last run are there again, then opens the start page. */
  async openStartPage(): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Transport' }).waitFor();
    await this.button('New tab').click();
  }

  /** Opens the form of a server over `transport`. */
  async openServer(transport: string): Promise<void> {
    await this.button('Launch server').first().click();
    await this.page.getByRole('combobox', { name: 'Transport' }).selectOption(transport);
  }

  /** Launches a server over `transport` on a port of the system's choice and gives that, as `pattern` finds it in its row. */
  async launchTransport(transport: string, pattern = /listening on 127\.0\.0\.1:(\d+)/): Promise<number> {
    await this.openServer(transport);
    await this.field('Port').fill('0');
    await this.button('Launch').click();
    const row = await this.seeRow(pattern);
    return Number(pattern.exec(await row.innerText())?.[1]);
  }

  /** Opens the form of a client over `transport` to a port of this machine. */
  async openClient(transport: string, port: number): Promise<void> {
    await this.button('Connect to…').first().click();
    await this.page.getByRole('combobox', { name: 'Transport' }).selectOption(transport);
    await this.field('Host').fill('localhost');
    await this.field('Port').fill(String(port));
  }

  /** Opens a client's form from the start page or the toolbar, fills it in and connects. */
  async connect(host: string, port: number | string): Promise<void> {
    await this.button('Connect to…').first().click();
    await this.field('Host').fill(host);
    await this.field('Port').fill(String(port));
    await this.button('Connect').click();
  }

  /** Replaces the document in the editor, as a person who types it. */
  async typePayload(text: string): Promise<void> {
    const editor = this.payload.getByRole('textbox').first();
    await editor.waitFor({ state: 'attached' });
    await editor.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
  }

  /** Runs the command that the palette finds for `words`, with the keyboard alone. */
  async command(words: string): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('ControlOrMeta+K');
    await this.page.getByRole('dialog', { name: 'Command palette' }).locator('input:focus').waitFor();
    await keyboard.type(words);
    await keyboard.press('Enter');
  }

  /** Writes a filter and applies it. */
  async applyFilter(text: string): Promise<void> {
    await this.filter.fill(text);
    await this.filter.press('Enter');
  }

  /** Clicks a row until it is selected: when a record arrives in that moment, the table moves and another row is under the mouse. */
  async select(row: Locator): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      // The row of this record, also when the table has moved and another one is the first that matches.
      const own = this.traffic.locator(`[aria-rowindex="${await row.getAttribute('aria-rowindex')}"]`);
      const selected = own.and(this.page.getByRole('row', { selected: true }));
      try {
        await own.click({ timeout: attempt * 2_000 });
        return await selected.waitFor({ timeout: attempt * 1_000 });
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** Selects a row and shows one of the inspector's views; gives the view's text. */
  async inspect(row: Locator, tab: 'Pretty' | 'Text' | 'Hex' | 'Calls'): Promise<Locator> {
    await this.select(row);
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
    const panel = this.page.getByRole('tabpanel', { name: tab, exact: true });
    await panel.waitFor();
    return panel;
  }
}
