/**
 * Writes what is generated: crds/, the chart's templates of them, the table of the chart's README, manifests/, and the texts of the
 * modules that sandboxes load.
 * `npm run verify` fails when that changes a committed file.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as yaml from 'js-yaml';
import { customResourceDefinition } from '../src/api/crd.ts';
import { KINDS } from '../src/api/v1alpha1/kinds.ts';
import { withValueTable } from './chart-values.ts';
import { rulesDocument } from './generate-rules-doc.ts';
import { apiDocument } from './generate-api-doc.ts';

const HEADER = '# Generated from src/api by `npm run generate`. Do not edit.\n';

const crdFiles = (): ReadonlyMap<string, string> =>
  new Map(
    KINDS.map((kind) => [
      `crds/${kind.plural}.yaml`,
      HEADER + yaml.dump(customResourceDefinition(kind), { lineWidth: 120, noRefs: true }),
    ]),
  );

const CHART = 'helm/sekisho';

/** A CRD as a template: only where wanted, with the chart's labels, and kept at uninstall, since all requests go with it. */
function chartCrd(text: string): string {
  if (text.includes('{{')) throw new Error('a description holds "{{", which Helm would read as a template');
  const metadata = [
    'metadata:',
    '  labels:',
    '    {{- include "sekisho.labels" . | nindent 4 }}',
    '  {{- if .Values.crds.keep }}',
    '  annotations:',
    '    helm.sh/resource-policy: keep',
    '  {{- end }}',
    '',
  ].join('\n');
  const [header, ...body] = text.split('\n');
  return `${header}\n{{- if .Values.crds.enabled }}\n${body.join('\n').replace(/^metadata:\n/m, metadata)}{{- end }}\n`;
}

const chartFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ...[...crdFiles()].map(([path, text]) => [`${CHART}/templates/${path}`, chartCrd(text)] as const),
    [`${CHART}/README.md`, withValueTable(readFileSync(`${CHART}/README.md`, 'utf8'), CHART)],
  ]);

/** What is written for people out of the sources. */
const docFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/api.md', apiDocument()],
    ['docs/rules.md', rulesDocument()],
  ]);

const CLIENT = 'src/objects/client';
/** The sources of the modules that programs load, and the constants that hold their texts. */
const CLIENT_SOURCES = [
  ['SEKISHO_PY', 'sekisho.py'],
  ['SEKISHO_JS', 'sekisho.js'],
] as const;

const asTemplate = (text: string): string => `\`${text.replaceAll(/[`\\]|\$\{/g, String.raw`\$&`)}\``;

/** The modules of programs as texts, so that the operator's bundle has them. */
const clientTexts = (): ReadonlyMap<string, string> =>
  new Map([
    [
      `${CLIENT}/texts.ts`,
      [
        '// Generated from the files beside it by `npm run generate`. Do not edit.',
        ...CLIENT_SOURCES.map(
          ([name, file]) =>
            `export const ${name} = ${asTemplate(readFileSync(`${CLIENT}/${file}`, 'utf8'))};`,
        ),
        '',
      ].join('\n'),
    ],
  ]);

/** All that is written out of the sources. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([...crdFiles(), ...chartFiles(), ...docFiles(), ...clientTexts()]);

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  execFileSync('scripts/render-manifests', { stdio: 'inherit' });
}
