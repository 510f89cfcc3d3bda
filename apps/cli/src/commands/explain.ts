/** `rowparity explain CODE`: what a failure means and what to do, as docs/failures.md has it. */
import { closestNames, failureCode } from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { FAILURE_CODES, failurePage } from '../usage/failurePages.ts';
import { UsageError } from '../usage/usageError.ts';

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say what a failure means and what to do about it; without a code, list all codes')
    .argument('[code]', 'such as TABLE_WITHOUT_KEY')
    .addHelpText('after', '\nExamples:\n  rowparity explain TABLE_WITHOUT_KEY\n  rowparity explain')
    .action(async (name: string | undefined) => {
      if (name === undefined) return answer([`${FAILURE_CODES.join('\n')}\n`]);
      const code = failureCode.safeParse(name.toUpperCase());
      if (!code.success) throw new UsageError(unknownCode(name));
      return answer([`${code.data}\n\n${await failurePage(code.data)}\n`]);
    });
}

function unknownCode(name: string): string {
  const [closest] = closestNames(name.toUpperCase(), FAILURE_CODES);
  const meant = closest ? `; did you mean ${closest}` : '';
  return `explain: expected the code of a failure, found "${name}"${meant}? "rowparity explain" lists all codes.`;
}
