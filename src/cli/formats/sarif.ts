import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionPolicy } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import type { Finding } from '../../core/analysis/report.ts';
import { sha256 } from '../../core/verdict/digest.ts';
import { uniqueSentences } from '../../core/verdict/judge.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { Failure, Judged, Name } from '../input.ts';
import type { Format } from './format.ts';
import { placesIn, titleOf } from './places.ts';
import type { Place } from './places.ts';
import { INFORMATION_URI, LEVELS, RuleTable } from './sarif-rules.ts';

/** Failures that are told; a run with more has one cause for all of them. */
const MAX_NOTIFICATIONS = 1000;

/** Path from the folder that the command runs in, as a URI; what lies outside of it keeps its full name. */
function artifactOf({ path }: Name): object {
  if (path === undefined || path === '-') return { uri: 'stdin', uriBaseId: '%SRCROOT%' };
  const own = isAbsolute(path) ? relative(process.cwd(), path) : path;
  if (own === '..' || own.startsWith(`..${sep}`)) return { uri: pathToFileURL(path).href };
  return { uri: own.split(sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

const locationOf = (name: Name, region: object): object => ({
  physicalLocation: { artifactLocation: artifactOf(name), region },
});

/** Where only the program is known, its file is told; that a place is needed at all is GitHub's wish. */
const regionOf = ({ exact, line, column, endLine, endColumn }: Place): object =>
  exact ? { startLine: line, startColumn: column, endLine, endColumn } : { startLine: 1 };

/** Tells a finding again when lines were moved: what the line says, and which of its like in the file it is. */
function fingerprints(title: string): (rule: string, source: string) => object {
  const seen = new Map<string, number>();
  return (rule, source) => {
    const hash = sha256([title, rule, source.trim().replaceAll(/\s+/g, ' ')].join('\0')).slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return { primaryLocationLineHash: `${hash}:${count}` };
  };
}

function messageOf({ message, remedy }: Finding, locale: Locale): string {
  return remedy ? `${message[locale]} ${remedy[locale]}` : message[locale];
}

function resultsOf({ program, weighed }: Judged, table: RuleTable): readonly object[] {
  const { name, spec } = program;
  const placeOf = placesIn(program);
  const fingerprint = fingerprints(titleOf(name));
  const about = name.request === undefined ? '' : `${name.request}: `;
  const found = weighed.findings.map((finding) => {
    const place = placeOf(finding);
    return {
      ruleId: finding.rule,
      ruleIndex: table.indexOf(finding.rule),
      level: LEVELS[finding.severity],
      message: { text: `${about}${messageOf(finding, spec.locale)}` },
      locations: [locationOf(name, regionOf(place))],
      partialFingerprints: fingerprint(finding.rule, place.source),
    };
  });
  const told = (level: string, { reason, message }: { reason: string; message: string }) => ({
    ruleId: reason,
    ruleIndex: table.indexOf(reason),
    level,
    message: { text: `${about}${message}` },
    locations: [locationOf(name, { startLine: 1 })],
    partialFingerprints: fingerprint(reason, message),
  });
  // What a finding says need not be said again; what no finding says, such as an action that the role forbids, must be.
  const isOwn = ({ reason }: { reason: string }) => reason !== 'CodeRefused' && reason !== 'CodeNotParsed';
  const denials = uniqueSentences(weighed.denials, spec.locale).filter(isOwn);
  const approvals = uniqueSentences(weighed.approvals, spec.locale).filter(isOwn);
  return [
    ...found,
    ...denials.map((reason) => told('error', reason)),
    ...approvals.map((reason) => told('warning', reason)),
  ];
}

const notificationOf = ({ name, message }: Failure): object => ({
  level: 'error',
  message: { text: `${titleOf(name)}: ${message}` },
  locations: [{ physicalLocation: { artifactLocation: artifactOf(name) } }],
});

/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with what GitHub's code scanning wants of it. Results are written as they come. */
export function sarif(version: string, policies: readonly ExecutionPolicy[], locale: Locale): Format {
  const own = policies.flatMap(({ spec }) => spec.customRules ?? []);
  const table = new RuleTable(own, locale);
  const notifications: object[] = [];
  let separator = '';
  return {
    begin: () =>
      '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[',
    one(result) {
      if (result.kind === 'failure') {
        if (notifications.length < MAX_NOTIFICATIONS) notifications.push(notificationOf(result));
        return '';
      }
      const texts = resultsOf(result, table).map((one) => JSON.stringify(one));
      if (texts.length === 0) return '';
      const text = `${separator}\n${texts.join(',\n')}`;
      separator = ',';
      return text;
    },
    end(tally) {
      const driver = {
        name: 'Sekisho',
        version,
        semanticVersion: version,
        informationUri: INFORMATION_URI,
        rules: table.descriptors(),
      };
      const invocation = {
        executionSuccessful: tally.failed === 0,
        exitCode: exitCodeOf(tally),
        toolExecutionNotifications: notifications,
      };
      return `\n],"tool":{"driver":${JSON.stringify(driver)}},"invocations":[${JSON.stringify(invocation)}]}]}\n`;
    },
  };
}
