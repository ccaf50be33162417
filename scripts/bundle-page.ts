/** Bundles the approval page into dist/console/: one script and one style sheet, named after their content, and the page that names them. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';

const SOURCE = 'src/console-page';
const TARGET = 'dist/console';

/** The file that an entry became. */
function builtFrom(
  entry: string,
  outputs: Readonly<Record<string, { readonly entryPoint?: string }>>,
): string {
  const path = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
  if (path === undefined) throw new Error(`${entry} was not bundled`);
  return basename(path);
}

export async function bundlePage(): Promise<void> {
  const script = `${SOURCE}/main.tsx`;
  const style = `${SOURCE}/style.css`;
  const { metafile } = await build({
    entryPoints: [script, style],
    outdir: TARGET,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'eof',
    logLevel: 'warning',
  });
  const page = readFileSync(`${SOURCE}/index.html`, 'utf8')
    .replace('%SCRIPT%', builtFrom(script, metafile.outputs))
    .replace('%STYLE%', builtFrom(style, metafile.outputs));
  writeFileSync(`${TARGET}/index.html`, page);
  copyFileSync(`${SOURCE}/icon.svg`, `${TARGET}/icon.svg`);
}
