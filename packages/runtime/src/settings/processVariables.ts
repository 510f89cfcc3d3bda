/** The variables of this process, for a program without a table of options. */
import { unknownVariables } from './unknownVariables.ts';

export function processVariable(name: string): string | undefined {
  return process.env[name];
}

/** A line for each variable that looks like one of ours and is none. */
export function unknownProcessVariables(): string[] {
  return unknownVariables(Object.entries(process.env));
}
