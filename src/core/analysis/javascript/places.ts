import { MAXIMUM_PATH } from '../matching/paths.ts';
import { asPiece } from '../program/fold-text.ts';
import type { Behaviour } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import { HOLE, ref, TAINT, text, textsOf } from '../program/value.ts';

/** Of a path of which nothing is known there is nothing to tell. */
const pathText = (path: string): Value | undefined =>
  path.length > MAXIMUM_PATH || path === HOLE ? undefined : text(path);

/** `path.join` */
const joined: Behaviour = ({ args }) =>
  pathText(
    args
      .map(asPiece)
      .filter((piece) => piece !== '')
      .join('/'),
  );

/** `path.resolve`: what is absolute, or may be, begins anew. */
const resolved: Behaviour = ({ args }) =>
  pathText(
    args
      .map(asPiece)
      .reduce(
        (path, piece) => (/^[/~]/.test(piece) || piece.startsWith(HOLE) ? piece : `${path}/${piece}`),
        '.',
      ),
  );

const same: Behaviour = ({ args }) => {
  const [path] = args;
  const [content] = path ? textsOf(path) : [];
  return content === undefined ? undefined : text(content.replace(/^file:\/\//, ''));
};

const home = text('~');

const OF_PATH: readonly (readonly [string, Behaviour])[] = [
  ['join', joined],
  ['resolve', resolved],
  ['normalize', same],
];

/** Where files are: what `path` puts together, and `os` and `process` know. */
export const PLACES: readonly (readonly [string, Behaviour])[] = [
  ...['path', 'path.posix'].flatMap((module) =>
    OF_PATH.map(([name, behaviour]): readonly [string, Behaviour] => [`${module}.${name}`, behaviour]),
  ),
  ['url.fileURLToPath', same],
  ['os.homedir', () => home],
  ['os.tmpdir', () => text('/tmp')],
  ['process.cwd', () => text('.')],
];

/** What a variable of the environment stands for in paths. */
export const homeVariable = (owner: Value, name: string): Value | undefined =>
  owner.kind === 'ref' && owner.name === 'process.env' && (name === 'HOME' || name === 'USERPROFILE')
    ? ref(`process.env.${name}`, { text: '~', taint: owner.taint | TAINT.Environment, receiver: owner })
    : undefined;
