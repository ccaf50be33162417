/**
 * Bundles the operator, the command and their analysis worker into dist/, and the servers behind the plugins of examples/plugins: one
 * file each, which start in a third of the time of their sources. The approval page goes into dist/console/.
 */
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { bundlePage } from './bundle-page.ts';

/** Bundled packages written for CommonJS call `require` for the modules of Node. */
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

const ENTRIES = {
  sekisho: 'src/main.ts',
  cli: 'src/cli/main.ts',
  'analysis-worker': 'src/analysis-worker/entry.ts',
};

const EXAMPLES = {
  'calendar-adapter': 'examples/plugins/calendar/main.ts',
  'mcp-server': 'node_modules/@modelcontextprotocol/server-everything/dist/transports/streamableHttp.js',
};

const missing = [ENTRIES, EXAMPLES].flatMap(Object.values<string>).filter((path) => !existsSync(path));
if (missing.length > 0) throw new Error(`cannot bundle: ${missing.join(' and ')} missing`);

rmSync('dist', { recursive: true, force: true });
const shared = {
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: BANNER },
  // The text of a program stays in its memory: a third less of it. Names stay, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'eof',
  logLevel: 'warning',
} as const;
await build({
  ...shared,
  entryPoints: ENTRIES,
  sourcemap: 'external',
  // Only needed to read a kubeconfig file, which a pod has none of; it would make the bundle ten times as large.
  external: ['@kubernetes/client-node'],
});
await build({ ...shared, entryPoints: EXAMPLES });
await bundlePage();
// `bin` of package.json; the source begins with the line that makes it a program.
chmodSync('dist/cli.mjs', 0o755);
