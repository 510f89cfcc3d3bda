/** What can be done with the run: commands to copy. */
import type { RunReport } from '@rowparity/contracts';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { type Command, commandsOf } from './commands.ts';
import { copyButton } from './copyButton.ts';
import { section } from './frame.ts';

export function commandsView(report: RunReport): ComponentChild {
  const known = report.tables.reduce((sum, table) => sum + table.known.kept, 0);
  return commandList(commandsOf({ ...report, counts: differencesOf(report.counts), known }));
}

export function commandList(commands: readonly Command[]): ComponentChild {
  const items = commands.map(({ command, purpose }) =>
    h('li', null, [
      h('p', null, purpose),
      h('div', { class: 'command' }, [
        h('code', null, command),
        copyButton(() => command, 'Copy', `Copy: ${command}`),
      ]),
    ]),
  );
  return h(
    'div',
    { class: 'commands' },
    section('What you can do', [
      h('p', { class: 'quiet' }, 'This page only reads. Run these where the coordinator can be reached.'),
      h('ul', null, items),
    ]),
  );
}
