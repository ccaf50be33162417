import type { Example, Stored } from './examples.ts';
import { isAsExpected } from './examples.ts';

interface Column {
  readonly head: string;
  readonly of: (request: Stored) => string | number | undefined;
}

const seconds = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : `${(milliseconds / 1000).toFixed(2)} s`;

function firstFinding({ status }: Stored): string | undefined {
  const { findings, reasons } = status?.verdict ?? {};
  const [finding] = findings ?? [];
  return finding ? `${finding.rule}:${finding.line}` : reasons?.[0]?.reason;
}

function stateOf({ status }: Stored): string | undefined {
  const reason = status?.result?.reason;
  return reason && reason !== 'Completed' ? `${status.state} (${reason})` : status?.state;
}

const COLUMNS: readonly Column[] = [
  { head: 'REQUESTER', of: ({ spec }) => spec.requester?.username },
  { head: 'ROLE', of: ({ spec }) => spec.role },
  { head: 'DECISION', of: ({ status }) => status?.verdict?.decision },
  { head: 'RISK', of: ({ status }) => status?.verdict?.riskScore },
  { head: 'RULE:LINE', of: firstFinding },
  { head: 'STATE', of: stateOf },
  { head: 'EXIT', of: ({ status }) => status?.result?.exitCode },
  { head: 'TIME', of: ({ status }) => seconds(status?.result?.durationMilliseconds) },
];

function rowOf({ name, expect }: Example, request: Stored | undefined): readonly string[] {
  const cells = COLUMNS.map((column) => String((request && column.of(request)) ?? ''));
  return [name, ...cells, isAsExpected(expect, request) ? 'ok' : `not as expected: ${expect}`];
}

/** The table that the demo ends with. */
export function tableOf(examples: readonly Example[], requests: ReadonlyMap<string, Stored>): string {
  const head = ['REQUEST', ...COLUMNS.map((column) => column.head), ''];
  const rows = [head, ...examples.map((example) => rowOf(example, requests.get(example.name)))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Why a request is not where it should be: its conditions that do not hold. */
export function explain(request: Stored | undefined): string {
  const conditions = (request?.status?.conditions ?? []).filter(({ status }) => status !== 'True');
  const { stderr } = request?.status?.result ?? {};
  const lines = conditions.map(
    ({ type, status, reason, message }) => `    ${type}=${status} ${reason}: ${message}`,
  );
  return (
    [...lines, ...(stderr ? [`    stderr: ${stderr.trim()}`] : [])].join('\n') ||
    '    no status yet: is the controller running?'
  );
}
