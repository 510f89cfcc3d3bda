/** The options of `check` that limit the load on the servers: those of a worker, by the same names. */
import type { HostLimits } from '@rowparity/contracts';
import { flagOf, hostLimits, processVariable, type Option as ServiceOption } from '@rowparity/runtime';
import { Option } from 'commander';
import { UsageError } from '../usage/usageError.ts';
import type { SpecTexts } from './specOptions.ts';

const TABLE: readonly (readonly [string, ServiceOption])[] = Object.entries(hostLimits);

export function limitOptions(): Option[] {
  return TABLE.map(
    ([, option]) => new Option(`--${flagOf(option)} <${VALUES[option.env]}>`, option.describe),
  );
}

/** A flag wins over its variable. Throws a UsageError that names every wrong one. */
export function readLimits(texts: SpecTexts): HostLimits {
  const problems: string[] = [];
  const limits = TABLE.flatMap(([name, option]) => {
    const flag = `--${flagOf(option)}`;
    const given = texts[new Option(flag).attributeName()];
    const text = typeof given === 'string' ? given : processVariable(option.env);
    if (text === undefined) return [];
    const read = option.schema.safeParse(text);
    if (read.success) return [[name, read.data] as const];
    const from = typeof given === 'string' ? flag : option.env;
    problems.push(`${from}: ${read.error.issues[0]?.message}; found "${text}"`);
    return [];
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return Object.fromEntries(limits);
}

const VALUES: Readonly<Record<string, string>> = {
  [hostLimits.maxStreams.env]: 'statements',
  [hostLimits.maxRowsPerSecond.env]: 'rows',
  [hostLimits.maxBytesPerSecond.env]: 'bytes',
  [hostLimits.maxLoad.env]: 'variables',
  [hostLimits.throttleQuery.env]: 'sql',
  [hostLimits.maxLagSeconds.env]: 'seconds',
  [hostLimits.lagQuery.env]: 'sql',
  [hostLimits.readWindows.env]: 'times',
  [hostLimits.pauseFile.env]: 'file',
};
