/** The command as it is built: a program of its own, and no part of the operator's image. */
import { expect, test } from '@jest/globals';
import { textAt } from '../conformance/imports.ts';

test('what package.json names is bundled from the command, which begins with the line that makes it a program', () => {
  const { bin } = JSON.parse(textAt('package.json')) as { bin: Readonly<Record<string, string>> };
  // kubectl finds a plugin by its name: `kubectl sekisho …`.
  // It asks for completions under the third.
  expect(bin).toEqual({
    sekisho: 'dist/cli.mjs',
    'kubectl-sekisho': 'dist/cli.mjs',
    'kubectl_complete-sekisho': 'dist/cli.mjs',
  });
  expect(textAt('scripts/bundle.ts')).toContain("cli: 'src/cli/main.ts'");
  expect(textAt('src/cli/main.ts')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('the image of the operator holds the operator, its worker and its page', () => {
  const copied = textAt('images/operator/Dockerfile').match(/^COPY .*$/gm);
  expect(copied).toEqual([
    'COPY --chown=0:0 dist/sekisho.mjs dist/analysis-worker.mjs /app/',
    'COPY --chown=0:0 dist/console /app/console',
  ]);
  expect(textAt('images/.dockerignore').trim().split('\n')).toEqual([
    '*',
    '!dist/sekisho.mjs',
    '!dist/analysis-worker.mjs',
    '!dist/console',
    // Of the images beside it.
    '!dist/calendar-adapter.mjs',
    '!dist/mcp-server.mjs',
    '!dist/radicale',
    '!dist/mcp-client-python',
    '!images/radicale/config',
  ]);
});
