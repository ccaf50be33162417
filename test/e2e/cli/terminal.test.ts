/** Deciding in a terminal: what is shown is what is asked about, and only "yes" decides. With a real pseudo terminal, as real people. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newApprovalTenant, storedApprovals } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { newPerson } from '../support/person.ts';
import type { Person } from '../support/person.ts';

jest.setTimeout(120_000);

let tenant: ApprovalTenant;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  tenant = await newApprovalTenant('terminal', { breakGlass: { enabled: true } });
  bob = await newPerson(await tenant.approver('bob'));
  eve = await newPerson(await tenant.firefighter('eve'));
});
afterAll(async () => {
  bob.end();
  eve.end();
  await tenant.end();
});

interface Seen {
  readonly code: number | null;
  /** Everything that the terminal showed. */
  readonly screen: string;
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Runs the command in a pseudo terminal, and types the answer once it asks. `after`: what the shell does with its output. */
function inTerminal(person: Person, args: readonly string[], answer: string, after = ''): Promise<Seen> {
  const words = [
    ...[process.execPath, 'src/cli/main.ts', ...args],
    ...['--namespace', tenant.namespace, '--kubeconfig', person.kubeconfig],
  ];
  const line = `${words.map(quoted).join(' ')}${after}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null']);
  let screen = '';
  let typed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (typed || !screen.includes('Type yes: ')) return;
    typed = true;
    child.stdin.write(`${answer}\n`);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, screen }));
  });
}

describe('in a terminal', () => {
  test('the whole request is shown first, and "yes" approves exactly that', async () => {
    const request = await tenant.ask();
    const { name } = request.metadata;
    const { code, screen } = await inTerminal(bob, ['approve', name, '--reason', 'Seen.'], 'yes');
    expect([code, screen]).toEqual([0, expect.stringContaining(`${name}: approved`)]);
    const asked = screen.indexOf('Approve exactly this?');
    for (const shown of ["1 | print('hello')", request.status.verdict?.digest ?? '?', tenant.user])
      expect([shown, screen.slice(0, asked).includes(shown)]).toEqual([shown, true]);
    expect(await tenant.ended(name)).toMatchObject({
      state: 'Succeeded',
      approval: { approvedBy: [{ approver: bob.name }] },
    });
  });

  test.each(['y', 'YES', 'no', ''])('%j decides nothing', async (answer) => {
    const request = await tenant.ask();
    const before = await storedApprovals(tenant);
    const { code, screen } = await inTerminal(
      bob,
      ['approve', request.metadata.name, '--reason', 'Seen.'],
      answer,
    );
    expect([code, screen]).toEqual([1, expect.stringContaining('Nothing was decided.')]);
    expect(await storedApprovals(tenant)).toBe(before);
    await tenant.cancel(request.metadata.name);
  });

  test('a pipe that nobody looks at cannot approve', async () => {
    const request = await tenant.ask();
    const before = await storedApprovals(tenant);
    const args = ['approve', request.metadata.name, '--reason', 'Seen.'];
    const { screen } = await inTerminal(bob, args, 'yes', ' | cat >/dev/null');
    expect(screen).toContain('nobody sees here what would run');
    expect(await storedApprovals(tenant)).toBe(before);
    await tenant.cancel(request.metadata.name);
  });

  test('breaking the glass asks in other words, and needs a ticket', async () => {
    const request = await tenant.ask();
    const { name } = request.metadata;
    const args = ['approve', name, '--break-glass', '--reason', 'The site is down.'];
    const without = await inTerminal(eve, args, 'yes');
    expect([without.code, without.screen]).toEqual([3, expect.stringContaining('--ticket go together')]);
    const { code, screen } = await inTerminal(eve, [...args, '--ticket', 'INC-1'], 'yes');
    expect([code, screen]).toEqual([0, expect.stringContaining(`${name}: the glass is broken`)]);
    expect(screen).toContain('Break the glass and let exactly this run without further approval?');
    expect(await tenant.ended(name)).toMatchObject({
      state: 'Succeeded',
      approval: { approvedBy: [], breakGlass: { approver: eve.name, ticket: 'INC-1' } },
    });
  });
});
