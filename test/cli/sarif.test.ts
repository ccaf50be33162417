/** SARIF 2.1.0 as the standard and GitHub's code scanning have it. */
import { expect, jest, test } from '@jest/globals';
import { sarif } from '../../src/cli/formats/sarif.ts';
import type { Result } from '../../src/cli/input.ts';
import { judgeWithoutCluster } from '../../src/core/verdict/judge.ts';
import { rules } from '../../src/core/analysis/rules/index.ts';
import { aFinding, aPolicy, aReport, aRequest, aRole } from '../support/build.ts';
import { folderWith, sekisho } from './command.ts';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

interface Text {
  readonly text: string;
}
interface SarifRule {
  readonly id: string;
  readonly shortDescription: Text;
  readonly fullDescription: Text;
  readonly help: Text;
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string };
}
interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region?: Readonly<Record<string, number>>;
  };
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: Text;
  readonly locations: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Notification {
  readonly message: Text;
  readonly locations: readonly Location[];
}
interface Run {
  readonly columnKind: string;
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly informationUri: string;
      readonly rules: readonly SarifRule[];
    };
  };
  readonly results: readonly SarifResult[];
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly Notification[];
  }[];
}
interface Log {
  readonly version: string;
  readonly runs: readonly Run[];
}

/** The properties that the schema of SARIF 2.1.0 gives each object that is used here: required ones, then others. It allows no more. */
const SHAPES: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  log: [['version', 'runs'], ['$schema']],
  run: [
    ['tool', 'results'],
    ['columnKind', 'invocations', 'originalUriBaseIds'],
  ],
  driver: [['name'], ['version', 'semanticVersion', 'informationUri', 'rules']],
  rule: [
    ['id'],
    ['name', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration', 'properties', 'helpUri'],
  ],
  result: [['message'], ['ruleId', 'ruleIndex', 'level', 'locations', 'partialFingerprints']],
  artifactLocation: [['uri'], ['uriBaseId']],
  region: [['startLine'], ['startColumn', 'endLine', 'endColumn']],
  invocation: [['executionSuccessful'], ['exitCode', 'toolExecutionNotifications']],
  notification: [['message'], ['level', 'locations']],
};

function hasShape(name: string, object: object): void {
  const [required, others] = SHAPES[name] ?? [[], []];
  const fields = Object.keys(object);
  expect([name, required.filter((field) => !fields.includes(field))]).toEqual([name, []]);
  expect([name, fields.filter((field) => ![...required, ...others].includes(field))]).toEqual([name, []]);
}

const isText = (value: unknown): void => expect(value).toEqual(expect.stringMatching(/\S/));

function checkRule(rule: SarifRule): void {
  hasShape('rule', rule);
  for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text]) {
    isText(text);
    expect(text.length).toBeLessThanOrEqual(1024);
  }
  // GitHub: only a rule tagged "security" has a security severity, a number as text from 0.1 to 10.
  expect(rule.properties.tags).toContain('security');
  expect(rule.properties.tags.length).toBeLessThanOrEqual(10);
  expect(rule.properties['security-severity']).toMatch(/^\d{1,2}\.\d$/);
  expect(Number(rule.properties['security-severity'])).toBeLessThanOrEqual(10);
}

function checkLocation(location: Location): void {
  const { artifactLocation, region } = location.physicalLocation;
  hasShape('artifactLocation', artifactLocation);
  expect(() => new URL(artifactLocation.uri, 'file:///root/')).not.toThrow();
  expect(artifactLocation.uri).not.toMatch(/\s|\\|^\//);
  if (artifactLocation.uriBaseId !== undefined) expect(artifactLocation.uriBaseId).toBe('%SRCROOT%');
  if (region === undefined) return;
  hasShape('region', region);
  for (const number of Object.values(region)) expect(number).toBeGreaterThanOrEqual(1);
  if (region.endLine !== undefined) expect(region.endLine).toBeGreaterThanOrEqual(region.startLine ?? 0);
}

/** Holds a log to the rules, and gives its one run. */
function runOf(text: string): Run {
  const log = JSON.parse(text) as Log;
  hasShape('log', log);
  expect(log.version).toBe('2.1.0');
  expect(log.runs).toHaveLength(1);
  const [run] = log.runs;
  if (!run) throw new Error('no run');
  hasShape('run', run);
  expect(run.columnKind).toBe('utf16CodeUnits');
  const { driver } = run.tool;
  hasShape('driver', driver);
  expect(driver.name).toBe('Sekisho');
  expect(driver.informationUri).toMatch(/^https:/);
  driver.rules.forEach(checkRule);
  const ids = driver.rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const result of run.results) {
    hasShape('result', result);
    expect(ids[result.ruleIndex]).toBe(result.ruleId);
    expect(['error', 'warning', 'note']).toContain(result.level);
    isText(result.message.text);
    // GitHub refuses results without a place, and reads only the first.
    expect(result.locations).toHaveLength(1);
    result.locations.forEach(checkLocation);
    expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:\d+$/);
  }
  const [invocation] = run.invocations;
  if (!invocation) throw new Error('no invocation');
  hasShape('invocation', invocation);
  for (const notification of invocation.toolExecutionNotifications) {
    hasShape('notification', notification);
    isText(notification.message.text);
    notification.locations.forEach(checkLocation);
  }
  return run;
}

const CODE = 'import os\nos.system("ls")\n\nos.system("ls")\n';

test('a run of the command holds to the standard, and to what GitHub reads', async () => {
  const folder = folderWith({
    'with space/übung.py': CODE,
    'request.yaml': `apiVersion: sekisho.dev/v1alpha1\nkind: CodeExecutionRequest\nmetadata: {name: r}\nspec:\n  role: user\n  language: Python\n  locale: ja\n  code: |\n${CODE.replaceAll(/^(?=.)/gm, '    ')}`,
    'folded.yaml': `apiVersion: sekisho.dev/v1alpha1\nkind: CodeExecutionRequest\nmetadata: {name: f}\nspec: {role: user, language: Python, code: "import os\\nos.system('ls')"}\n`,
  });
  const { code, stdout } = await sekisho(['check', '--format', 'sarif', '.', 'missing.py', '../outside.py'], {
    cwd: folder.path,
  });
  folder.remove();
  expect(code).toBe(1);
  const run = runOf(stdout);
  expect(run.tool.driver.rules).toHaveLength(rules.length);
  expect(run.invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 1 });
  expect(run.invocations[0]?.toolExecutionNotifications).toHaveLength(2);
  const places = run.results.map((result) => {
    const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? {};
    return [artifactLocation?.uri, region?.startLine, region?.startColumn];
  });
  expect(places).toEqual([
    ['folded.yaml', 1, undefined],
    ['request.yaml', 10, 5],
    ['request.yaml', 12, 5],
    ['with%20space/%C3%BCbung.py', 2, 1],
    ['with%20space/%C3%BCbung.py', 4, 1],
  ]);
  const [, first, second] = run.results;
  expect(first?.partialFingerprints).not.toEqual(second?.partialFingerprints);
});

function judged(
  findings: ReturnType<typeof aFinding>[],
  code: string,
  actions: readonly string[] = [],
): Result {
  const { spec } = aRequest({ spec: { code } });
  const report = aReport({ findings, actions: actions.map((action) => ({ action, line: 1, column: 1 })) });
  const role = aRole({ approvalActions: ['send_email'] });
  const weighed = judgeWithoutCluster({ spec, report, role, policies: [] });
  return {
    kind: 'judged',
    program: { kind: 'program', name: { path: 'a.py' }, spec, role },
    weighed,
    truncatedFindings: 0,
  };
}

const OWN = aPolicy({
  customRules: [{ id: 'CUSTOM-OWN', severity: 'Medium', message: 'No billing.', call: 'billing.charge' }],
});

function logOf(...results: readonly Result[]): Run {
  const format = sarif('1.2.3', [OWN], 'en');
  const body = results.map((result) => format.one(result)).join('');
  return runOf(
    `${format.begin()}${body}${format.end({ allowed: 0, needApproval: 0, denied: 1, failed: 0 })}`,
  );
}

test('a fingerprint stays when lines move, and changes with the line itself', () => {
  const printOf = (code: string, line: number): unknown =>
    logOf(judged([aFinding({ line, endLine: line })], code)).results[0]?.partialFingerprints;
  const first = printOf('a\nos.fork()\n', 2);
  expect(printOf('a\nb\nc\n  os.fork()\n', 4)).toEqual(first);
  expect(printOf('a\nos.fork(1)\n', 2)).not.toEqual(first);
});

test('levels are those of the severities under the policy', () => {
  const severities = ['Low', 'Medium', 'High', 'Critical'] as const;
  const findings = severities.map((severity, index) =>
    aFinding({ severity, line: index + 1, endLine: index + 1 }),
  );
  expect(logOf(judged(findings, 'a\nb\nc\nd\n')).results.map(({ level }) => level)).toEqual([
    'note',
    'warning',
    'error',
    'error',
  ]);
});

test('what no rule says is told too: actions that the role forbids or lists for approval, rules of a policy of its own', () => {
  const run = logOf(
    judged([aFinding({ rule: 'CUSTOM-OWN', severity: 'Medium', line: 1, endLine: 1 })], 'x\n', [
      'send_email',
      'delete_event',
    ]),
  );
  expect(run.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['CUSTOM-OWN', 'warning'],
    ['ActionNotAllowed', 'error'],
    ['ActionNeedsApproval', 'warning'],
  ]);
  expect(run.tool.driver.rules.find(({ id }) => id === 'CUSTOM-OWN')?.shortDescription.text).toBe(
    'No billing.',
  );
});

test('a run without anything to tell is still a run', () => {
  expect(logOf().results).toEqual([]);
});
