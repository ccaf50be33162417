import { allOf, membersOf, namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import { isAnyOfHome, isSystemPath } from '../matching/paths.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WORDS = 'rm rmSync rmdir rmdirSync unlink unlinkSync truncate truncateSync';
const DELETERS = allOf(
  membersOf('fs', WORDS),
  membersOf('fs.promises', WORDS),
  membersOf('fs-extra', 'remove removeSync emptyDir emptyDirSync'),
  namesOf('rimraf rimraf.sync rimraf.rimraf del'),
);

/**
 * fs.rm, fs.unlink, fs.rmdir, fs.truncate, rimraf. Low for files of the program, High for system folders and for whatever lies in a home.
 *
 * Left alone: The delete operator, and delete methods of maps and sets.
 */
export default defineRule({
  id: 'JS-DELETE',
  version: 2,
  title: { en: 'Deletes files', ja: 'ファイルの削除' },
  severity: 'Low',
  languages: ['JavaScript'],
  cwe: [73],
  attack: ['T1485'],
  forbids: {
    en: 'fs.rm, fs.unlink, fs.rmdir, fs.truncate, rimraf. Low for files of the program, High for system folders and for whatever lies in a home.',
    ja: 'fs.rm、fs.unlink、fs.rmdir、fs.truncate、rimraf。自分のファイルなら Low、システムやホームの中の任意のファイルなら High。',
  },
  allows: {
    en: 'The delete operator, and delete methods of maps and sets.',
    ja: 'delete 演算子、Map や Set の delete。',
  },
  message: { en: 'The program deletes files.', ja: 'ファイルを削除します。' },
  remedy: {
    en: 'Delete only what the program itself made, by relative paths.',
    ja: 'プログラム自身が作ったものだけを相対パスで削除してください。',
  },
  needs: [DELETERS],
  *check(program): Iterable<Hit> {
    for (const { args, span } of callsTo(program, DELETERS)) {
      const grave = args
        .slice(0, 1)
        .some((arg) => textsOf(arg).some((place) => isSystemPath(place) || isAnyOfHome(place)));
      yield { span, severity: grave ? 'High' : 'Low' };
    }
  },
});
