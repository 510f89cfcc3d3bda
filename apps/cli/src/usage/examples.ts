/** Examples at the end of each help, by the words of the command. Other commands have them in their own texts. */

export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  check: [
    "check --tables '*' --explain",
    "check --tables '*' --events events.ndjson --report run.html",
    'check --spec run.yaml --certificate run.ndjson',
    "check --tables orders --where 'id > 1000' --limit 100",
    "check --tables '*' --resume",
  ],
  doctor: ["doctor --tables '*'", 'doctor --spec run.yaml --json', 'doctor --fleet'],
  init: ['init', 'init orders.yaml --force'],
  submit: ['submit run.yaml --dry-run', 'submit run.yaml --wait'],
  watch: ['watch orders-1'],
  report: [
    'report orders-1',
    'report orders-1 --output run.html',
    'report --ledger .rowparity/run.sqlite --json',
  ],
  gate: ['gate orders-1', 'gate --migration orders-move --json'],
  runs: ['runs --verdict inconsistent --limit 20'],
  pause: ['pause orders-1'],
  resume: ['resume orders-1'],
  rerun: ['rerun orders-1 --as orders-2 --only differs'],
  recheck: ['recheck orders-1 --as orders-1b'],
  'watches start': ['watches start orders watch.yaml'],
  'watches stop': ['watches stop orders'],
  'watches show': ['watches show', 'watches show orders --json'],
  known: ['known orders-1 --limit 100', 'known orders-1 --json'],
  cancel: ['cancel orders-1'],
  certificate: [
    'certificate orders-1 --output orders-1.ndjson',
    'certificate --ledger .rowparity/run.sqlite --output run.ndjson',
  ],
  'certificate verify': ['certificate verify orders-1.ndjson'],
  migrations: ['migrations', 'migrations --json'],
  'migration put': ['migration put orders-move migration.json'],
  'migration run': ['migration run orders-move'],
  'migration delete': ['migration delete orders-move'],
  'migration show': ['migration show orders-move --json'],
  stage: ['stage orders-move src_first --from src_only'],
};

/** What is put behind the text of each command that is here. */
export function examplesOf(path: readonly string[]): string | undefined {
  const lines = EXAMPLES[path.join(' ')];
  return lines && `\nExamples:\n${lines.map((line) => `  rowparity ${line}`).join('\n')}`;
}
