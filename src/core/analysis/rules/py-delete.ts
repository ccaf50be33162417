import { allOf, isNamed, membersOf, namesLike } from '../matching/lists.ts';
import { isAnyOfHome, isSecretPath, isStartupFile, isSystemPath } from '../matching/paths.ts';
import type { Call } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { textsOf } from '../program/value.ts';
import type { Severity } from '../report.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const DELETERS = allOf(
  membersOf('os', 'remove unlink rmdir removedirs truncate'),
  membersOf('shutil', 'rmtree move'),
);
const METHODS = namesLike(/^pathlib\.Path\(\)(?:.*\.)?(?:unlink|rmdir)$/);

const GRAVE = [isSystemPath, isAnyOfHome, isStartupFile, isSecretPath];

/** The paths that a value may stand for; for what a folder listed, the folder. */
function placesOf(value: Value | undefined): readonly string[] {
  if (!value) return [];
  const own = textsOf(value);
  return own.length > 0 || value.kind !== 'ref' ? own : placesOf(value.receiver);
}

const deletes = ({ name }: Call): boolean =>
  name !== undefined && (isNamed(name, DELETERS) || METHODS.test(name));

function severityOf({ name, args, callee }: Call): Severity {
  const places =
    name?.startsWith('pathlib') === true
      ? placesOf(callee)
      : args.slice(0, 1).flatMap((arg) => [...placesOf(arg)]);
  return places.some((place) => GRAVE.some((isGrave) => isGrave(place))) ? 'High' : 'Low';
}

/**
 * os.remove and its kin, shutil.rmtree, Path.unlink. Low for files of the program; High for system folders, a home or
 * everything below a root, and for rmtree of a place that is not known.
 *
 * Left alone: Deleting items of lists and keys of dicts.
 */
export default defineRule({
  id: 'PY-DELETE',
  version: 3,
  title: { en: 'Deletes files', ja: 'ファイルの削除' },
  severity: 'Low',
  languages: ['Python'],
  cwe: [73],
  attack: ['T1485'],
  forbids: {
    en: 'os.remove and its kin, shutil.rmtree, Path.unlink. Low for files of the program; High for system folders, a home or everything below a root, and for rmtree of a place that is not known.',
    ja: 'os.remove、shutil.rmtree、Path.unlink など。自分のファイルなら Low、システムやホーム、ルート配下なら High。',
  },
  allows: { en: 'Deleting items of lists and keys of dicts.', ja: 'リストや辞書の要素の削除。' },
  message: { en: 'The program deletes files.', ja: 'ファイルを削除します。' },
  remedy: {
    en: 'Delete only what the program itself made, by relative paths.',
    ja: 'プログラム自身が作ったものだけを相対パスで削除してください。',
  },
  needs: [DELETERS, METHODS],
  *check(program): Iterable<Hit> {
    for (const call of program.calls)
      if (deletes(call)) yield { span: call.span, severity: severityOf(call) };
  },
});
