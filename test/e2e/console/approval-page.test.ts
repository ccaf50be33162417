/** The approval page in a real browser, against the real cluster, as people use it. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { Browser, Page } from 'playwright-core';
import { plainly } from '../../../src/core/view/hidden.ts';
import { eventually } from '../../support/eventually.ts';
import { newApprovalTenant, settled, storedApprovals } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { SYSTEM } from '../support/installation.ts';
import { items, kubectl, must } from '../support/kubectl.ts';
import { focused, graveViolations, openBrowser, openTab, screenshot, tabTo } from './browser.ts';
import { forgetHolders, forwardConsole, tokenHolder } from './console-access.ts';
import type { TokenHolder } from './console-access.ts';

jest.setTimeout(180_000);

/** A zero-width space, a Cyrillic letter inside a Latin word, letters that run from right to left, a long line, and many lines. */
const CODE = [
  "admin = 'al\u200bice'",
  'for us\u0435r in [admin]:',
  "    print(user if False else 'done')",
  "name = 'שלום' == 'x'",
  `long = '${'x'.repeat(400)}'`,
  ...Array.from({ length: 90 }, (_, index) => `print('line ${index}')`),
  '',
].join('\n');

let tenant: ApprovalTenant;
let bob: TokenHolder;
let viewer: TokenHolder;
let outsider: TokenHolder;
let browser: Browser;
let site: Awaited<ReturnType<typeof forwardConsole>>;

beforeAll(async () => {
  tenant = await newApprovalTenant('console', { allowServiceAccounts: true });
  [bob, viewer, outsider] = await Promise.all([
    tokenHolder(tenant, 'bob', 'decide'),
    tokenHolder(tenant, 'viewer', 'look'),
    tokenHolder(tenant, 'outsider', 'nothing'),
  ]);
  site = await forwardConsole();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  await forgetHolders(tenant, 'bob');
  await tenant.end();
});

async function waiting(code = CODE) {
  const { metadata } = await tenant.create({ role: tenant.role, actions: ['grant_admin'], code });
  return settled(tenant, metadata.name, ({ state }) => state === 'AwaitingApproval', 'it awaits approval');
}

async function signIn(page: Page, { token }: Pick<TokenHolder, 'token'>, place = ''): Promise<void> {
  await page.goto(`${site.url}/${place}`);
  await page.locator('#token').fill(token);
  await page.keyboard.press('Enter');
}
const placeOf = (name: string) => `#/${tenant.namespace}/${name}`;

/** Reads on to the end as a person does, screen by screen. */
async function readToTheEnd(page: Page): Promise<void> {
  const isAtEnd = () =>
    page.evaluate(() => {
      const { scrollY, innerHeight, document } = globalThis as unknown as {
        scrollY: number;
        innerHeight: number;
        document: { body: { scrollHeight: number } };
      };
      return scrollY + innerHeight >= document.body.scrollHeight - 2;
    });
  await eventually(
    async () => {
      await page.keyboard.press('PageDown');
      return isAtEnd();
    },
    { what: 'the end of the page is reached', timeoutMilliseconds: 30_000, intervalMilliseconds: 200 },
  );
}
const approve = (page: Page) => page.getByRole('button', { name: 'Approve' });

describe('signing in', () => {
  test('a token that the API server does not know is refused, in words; the right one is not kept but in the tab', async () => {
    const { page, context } = await openTab(browser);
    await signIn(page, { token: 'eyJ.wrong.token' });
    await page.getByText('The API server does not know this token.').waitFor();
    await screenshot(page, '1-sign-in-refused');
    await page.locator('#token').fill(bob.token);
    await page.keyboard.press('Enter');
    await page.getByText(`Signed in as ${bob.username}`).waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(page.url()).not.toContain(bob.token.slice(0, 20));
    expect(JSON.stringify(await context.storageState())).not.toContain(bob.token.slice(0, 20));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('#token').waitFor();
    await page.reload();
    await page.locator('#token').waitFor();
    await context.close();
  });

  test('somebody without rights is told which they lack', async () => {
    const { page, context } = await openTab(browser);
    await signIn(page, outsider);
    await page.getByText('You may not list requests in all namespaces.').waitFor();
    await page.locator('#namespace').fill(tenant.namespace);
    await page.keyboard.press('Enter');
    await page.getByText(`You may not list requests in namespace "${tenant.namespace}".`).waitFor();
    await expect(page.getByText(outsider.username, { exact: false }).last().textContent()).resolves.toContain(
      'cannot list resource "codeexecutionrequests"',
    );
    await screenshot(page, '2-without-rights');
    await context.close();
  });
});

describe('deciding', () => {
  test('with the keyboard alone: find it, read it whole, approve it, see it run', async () => {
    const { metadata, status } = await waiting();
    const { page, context, complaints } = await openTab(browser);
    await page.goto(site.url);
    await tabTo(page, /INPUT token/);
    await page.keyboard.insertText(bob.token);
    await page.keyboard.press('Enter');
    await page.getByText(`Signed in as ${bob.username}`).waitFor();
    await tabTo(page, /INPUT namespace/);
    await page.keyboard.insertText(tenant.namespace);
    await page.keyboard.press('Enter');
    await page.getByText('1 request waits.').waitFor();
    await screenshot(page, '3-list');
    await tabTo(page, new RegExp(`A .*${metadata.name}`));
    await page.keyboard.press('Enter');

    await page.getByText('End of main.py').waitFor();
    expect(await focused(page)).toMatch(/^H1 /);
    await screenshot(page, '4-request');
    const lines = await page.locator('.line').allTextContents();
    expect(lines).toEqual(CODE.slice(0, -1).split('\n').map(plainly));
    expect(await page.locator('.line mark').allTextContents()).toEqual(['\\u200b', '\\u{435}']);
    expect(await page.locator('dd.digest').textContent()).toBe(status.verdict?.digest);

    // Straight to the button: the lines between were on no screen.
    await tabTo(page, /BUTTON .*Approve/);
    expect(await approve(page).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    await page.getByText('Not shown yet: main.py').waitFor();
    expect(await storedApprovals(tenant)).toBe(0);

    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('button', { name: 'Go there' }).press('Enter');
    await readToTheEnd(page);
    await page.getByText('Every line has been shown.').waitFor();
    await tabTo(page, /TEXTAREA/);
    await page.keyboard.insertText('Ticket 4711.');
    await screenshot(page, '5-before-approving');
    await tabTo(page, /BUTTON .*Approve/);
    expect(await approve(page).getAttribute('aria-disabled')).toBe('false');
    await page.keyboard.press('Enter');

    await page.getByText('You approved this request.').waitFor();
    expect(await tenant.ended(metadata.name)).toMatchObject({
      state: 'Succeeded',
      approval: { approvedBy: [{ approver: bob.username }] },
    });
    await page.getByText('State: Succeeded').waitFor();
    await screenshot(page, '6-approved');
    expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    await context.close();
  });

  test('what differs from what one approved before of the same requester stands above the whole', async () => {
    const { metadata } = await waiting(CODE.replace("print('line 7')", "print('line seven')"));
    const { page, context } = await openTab(browser);
    await signIn(page, bob, placeOf(metadata.name));
    await page.getByRole('heading', { name: 'What has changed' }).waitFor();
    expect(await page.locator('.removed').allTextContents()).toEqual(["- print('line 7')"]);
    expect(await page.locator('.added').allTextContents()).toEqual(["+ print('line seven')"]);
    expect(await page.locator('.line').count()).toBe(CODE.split('\n').length - 1);
    await page.locator('.added').scrollIntoViewIfNeeded();
    await screenshot(page, '12-changes');
    await tenant.deleteRequest(metadata.name);
    await context.close();
  });

  test('in Japanese, in the dark: denying ends it, and an open list hears of it', async () => {
    const { metadata } = await waiting();
    const { page, context } = await openTab(browser, { locale: 'ja-JP', colorScheme: 'dark' });
    const list = await openTab(browser);
    await signIn(list.page, bob, `#/${tenant.namespace}`);
    await list.page.getByText('1 request waits.').waitFor();

    await signIn(page, bob, placeOf(metadata.name));
    await page.getByText('main.py の終わり').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    await screenshot(page, '7-request-ja');
    await readToTheEnd(page);
    await page.getByRole('button', { name: '拒否する' }).click();
    await page.getByText('理由を短く書いてください。').waitFor();
    await page.locator('textarea').fill('データの所有者の許可がありません。');
    await screenshot(page, '8-before-denying-ja');
    await page.getByRole('button', { name: '拒否する' }).click();
    await page.getByText('このリクエストを拒否しました。').waitFor();
    expect(await tenant.ended(metadata.name)).toMatchObject({
      state: 'Denied',
      approval: { deniedBy: { approver: bob.username } },
    });
    await page.getByText('状態: Denied').waitFor();
    await list.page.getByText('Nothing waits for approval.').waitFor();
    await Promise.all([context.close(), list.context.close()]);
  });

  test('who may look and not decide is told so by the API server; a network that fails takes nothing away', async () => {
    const { metadata } = await waiting("print('short')\n");
    const { page, context } = await openTab(browser);
    await signIn(page, viewer, placeOf(metadata.name));
    await page.getByText('End of main.py').waitFor();
    await readToTheEnd(page);
    await page.locator('textarea').fill('I would.');
    await context.setOffline(true);
    await approve(page).click();
    await page.getByText('The API server does not answer just now.').first().waitFor();
    expect(await page.locator('.line').count()).toBe(1);
    expect(await page.locator('textarea').inputValue()).toBe('I would.');
    await context.setOffline(false);
    await approve(page).click();
    await page.getByText('You may not decide about this request.').waitFor();
    await page.getByText('cannot create resource "executionapprovals"').waitFor();
    await screenshot(page, '9-may-not-decide');
    await tenant.deleteRequest(metadata.name);
    await page.getByText(`There is no request ${tenant.namespace}/${metadata.name}.`).waitFor();
    await context.close();
  });

  test('what changes while it is read must be read again, and the old digest serves nobody', async () => {
    const before = await waiting();
    const { name } = before.metadata;
    const { page, context } = await openTab(browser);
    await signIn(page, bob, placeOf(name));
    await page.getByText('End of main.py').waitFor();
    await readToTheEnd(page);
    await page.getByText('Every line has been shown.').waitFor();

    await tenant.patchRole({ maxDeadlineSeconds: 7 });
    await page.getByRole('alert').getByText('What would run has changed since you opened it.').waitFor();
    const after = await tenant.get(name);
    expect(after.status.verdict?.digest).not.toBe(before.status.verdict?.digest);
    expect(await page.locator('dd.digest').textContent()).toBe(after.status.verdict?.digest);
    await page.getByText('Not shown yet: main.py').waitFor();
    expect(await approve(page).getAttribute('aria-disabled')).toBe('true');
    await screenshot(page, '10-changed');

    const answer = await context.request.post(
      `${site.url}/api/requests/${tenant.namespace}/${name}/decision`,
      {
        headers: { authorization: `Bearer ${bob.token}`, 'sec-fetch-site': 'same-origin' },
        data: {
          uid: before.metadata.uid,
          digest: before.status.verdict?.digest,
          decision: 'Approve',
          reason: 'Old.',
        },
      },
    );
    expect([answer.status(), await answer.json()]).toMatchObject([
      422,
      { kind: 'Refused', message: expect.stringContaining('spec.digest') },
    ]);
    await tenant.deleteRequest(name);
    await context.close();
  });
});

describe('everybody can use it', () => {
  test.each(['light', 'dark'] as const)(
    'axe finds nothing grave in any view, in the %s',
    async (colorScheme) => {
      const { metadata } = await waiting();
      const { page, context } = await openTab(browser, { bypassCSP: true, colorScheme });
      await page.goto(site.url);
      await page.locator('#token').waitFor();
      expect(await graveViolations(page)).toEqual([]);
      await signIn(page, bob, `#/${tenant.namespace}`);
      await page.getByText('1 request waits.').waitFor();
      expect(await graveViolations(page)).toEqual([]);
      await page.goto(`${site.url}/${placeOf(metadata.name)}`);
      await page.getByText('End of main.py').waitFor();
      expect(await graveViolations(page)).toEqual([]);
      await tenant.deleteRequest(metadata.name);
      await context.close();
    },
  );

  test('a narrow screen shows all of it without a second way to scroll', async () => {
    const { metadata } = await waiting();
    const { page, context } = await openTab(browser, { viewport: { width: 360, height: 740 } });
    await signIn(page, bob, placeOf(metadata.name));
    await page.getByText('End of main.py').waitFor();
    const overflow = await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number; clientWidth: number } };
      };
      return document.documentElement.scrollWidth - document.documentElement.clientWidth;
    });
    expect(overflow).toBeLessThanOrEqual(0);
    await screenshot(page, '11-narrow');
    await tenant.deleteRequest(metadata.name);
    await context.close();
  });
});

describe('the console itself', () => {
  const pods = () => items<V1Pod>(['-n', SYSTEM, 'get', 'pods', '-l', 'app.kubernetes.io/component=console']);

  test('has no token in its pod and no right to anything', async () => {
    const [pod] = await pods();
    expect(pod?.spec).toMatchObject({
      automountServiceAccountToken: false,
      serviceAccountName: 'sekisho-console',
    });
    expect(JSON.stringify(pod?.spec?.volumes)).not.toContain('serviceAccountToken');
    const account = `system:serviceaccount:${SYSTEM}:sekisho-console`;
    for (const right of [
      'get cer',
      'list cer',
      'create executionapprovals',
      'get secrets',
      'create subjectaccessreviews',
    ])
      expect(await kubectl(['auth', 'can-i', ...right.split(' '), '--as', account, '-A'])).toMatchObject({
        code: 1,
      });
  });

  test('wrote no token into its log', async () => {
    const log = await must(['-n', SYSTEM, 'logs', 'deployment/sekisho-console']);
    expect(log).toContain('a decision was taken by the API server');
    for (const { token } of [bob, viewer, outsider]) expect(log).not.toContain(token.slice(-40));
    expect(log).not.toContain('Bearer');
  });
});
