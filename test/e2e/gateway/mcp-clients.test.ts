/** Public clients of the Model Context Protocol, in sandboxes, as somebody else wrote them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build } from 'esbuild';
import type { RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant, Written } from '../support/tenant.ts';
import { getting, newWorld } from './support/world.ts';
import type { World } from './support/world.ts';

jest.setTimeout(240_000);

const SUPPORT = join(import.meta.dirname, 'support');
/** A request holds texts of 256 KiB at most; the bundle is larger. */
const PART = 250_000;
const TOOLS = ['probe.well', 'probe.unlisted', 'probe.nothing'];

let tenant: Tenant;
let world: World;
beforeAll(async () => {
  tenant = await newTenant('mcp', 'Audit');
  world = await newWorld(tenant, {
    operations: [getting('well', '/behave/well'), getting('unlisted', '/behave/well')],
    unlisted: ['unlisted'],
    images: { Python: process.env['SEKISHO_IMAGE_MCP_CLIENT_PYTHON'] ?? '' },
  });
});
afterAll(() => world.end());

async function outputOf(spec: Written): Promise<readonly string[]> {
  const { metadata } = await tenant.create({
    ...{ role: tenant.namespace, sandboxClassName: tenant.namespace, plugins: ['probe'] },
    ...{ actions: ['read_calendar'], args: TOOLS },
    ...spec,
  });
  const { result, verdict }: RequestStatus = await tenant.ended(metadata.name);
  if (result?.exitCode !== 0) throw new Error(JSON.stringify(result ?? verdict?.reasons));
  return (result.stdout ?? '').trim().split('\n');
}

const reached = async () => (await world.upstream.counts())['/behave/well'] ?? 0;

/** Lists exactly what was granted, calls it, and is refused the rest, of which the upstream hears nothing. */
async function holds(run: () => Promise<readonly string[]>): Promise<void> {
  const before = await reached();
  const [list = '', well, unlisted, nothing] = await run();
  expect(JSON.parse(list)).toEqual(['probe.next', 'probe.report', 'probe.well']);
  expect(well).toMatch(/^probe\.well answered .*hello/);
  expect(unlisted).toMatch(/^probe\.unlisted refused .*NotGranted/);
  expect(nothing).toMatch(/^probe\.nothing refused .*NotGranted/);
  expect(await reached()).toBe(before + 1);
}

describe('a public client of the Model Context Protocol in a sandbox', () => {
  test('that of Python', async () => {
    const code = readFileSync(join(SUPPORT, 'mcp-client.py'), 'utf8');
    await holds(() => outputOf({ language: 'Python', code }));
  });

  test('that of TypeScript', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(SUPPORT, 'mcp-client.ts')],
      ...{ bundle: true, minify: true, write: false, platform: 'node', format: 'esm', target: 'node24' },
      banner: { js: "import { createRequire as c } from 'node:module'; const require = c(import.meta.url);" },
    });
    const text = outputFiles[0]?.text ?? '';
    const parts = Array.from({ length: Math.ceil(text.length / PART) }, (_, index) => ({
      path: `client/part.${index}`,
      content: text.slice(index * PART, (index + 1) * PART),
    }));
    const code = [
      "const { readFileSync, writeFileSync } = require('node:fs');",
      `const parts = ${JSON.stringify(parts.map(({ path }) => path))};`,
      "writeFileSync('/tmp/client.mjs', parts.map((path) => readFileSync(path, 'utf8')).join(''));",
      "import('/tmp/client.mjs');",
    ].join('\n');
    await holds(() => outputOf({ language: 'JavaScript', code, files: parts }));
  });
});
