import { asPiece } from '../program/fold-text.ts';
import type { Behaviour } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import { HOLE, ref, sequence, TAINT, text, wholeTextOf } from '../program/value.ts';

const pathOf: Behaviour = ({ args }) =>
  ref('pathlib.Path()', { text: args.length === 0 ? '.' : joinedPath(args) });

const LISTING = /^(?:os\.(?:walk|listdir|scandir|fwalk)|glob\.i?glob)\(\)/;

/** A path as a text; for what a folder listed, something below that folder. */
function placePiece(value: Value): string {
  if (value.kind !== 'ref' || value.text !== undefined || !LISTING.test(value.name)) return asPiece(value);
  for (let one: Value | undefined = value; one?.kind === 'ref'; one = one.receiver) {
    const [folder] = one.made ?? [];
    if (folder)
      return `${value.name.startsWith('os.walk') ? asPiece(folder).replace(/\/$/, '') : HOLE}/${HOLE}`;
  }
  return HOLE;
}

function joinedPath(args: readonly Value[]): string {
  return args
    .map(placePiece)
    .reduce(
      (path, piece) => (/^~?\//.test(piece) || path === '' ? piece : `${path.replace(/\/$/, '')}/${piece}`),
      '',
    );
}

const samePath: Behaviour = ({ callee, args }) => {
  const owner = callee.kind === 'ref' && callee.receiver?.kind === 'ref' ? callee.receiver : undefined;
  if (owner?.text === undefined) return undefined;
  return ref('pathlib.Path()', { text: joinedPath([text(owner.text), ...args]) });
};

const pathText: Behaviour = ({ args }) =>
  args[0]?.kind === 'text'
    ? args[0]
    : args[0]?.kind === 'ref' && args[0].text !== undefined
      ? text(args[0].text)
      : undefined;

/** What a pattern finds: told as it is written where its name may matter, or else as something below the folder. */
const found: Behaviour = ({ callee, args }) => {
  const folder = callee.kind === 'ref' && callee.receiver?.kind === 'ref' ? callee.receiver.text : undefined;
  if (folder === undefined) return undefined;
  const pattern = (wholeTextOf(args[0]) ?? '').replaceAll('**/', '');
  const name = /[a-z]{4}/i.test(pattern) ? pattern : HOLE;
  return sequence([ref('pathlib.Path()', { text: joinedPath([text(folder), text(name)]) })], true);
};

const packages = text('/usr/lib/python3/site-packages');

/** The home folder, by its variable. */
export const homeVariable = (name: string | undefined, of: string): Value | undefined =>
  name === 'HOME' || name === 'USERPROFILE' ? ref(of, { text: '~', taint: TAINT.Environment }) : undefined;

const variable: Behaviour = ({ callee, args }) =>
  homeVariable(wholeTextOf(args[0]), callee.kind === 'ref' ? `${callee.name}()` : '');

/** Where files are: what is put together, and what the library knows. */
export const PLACES: readonly (readonly [string, Behaviour])[] = [
  ['os.path.join', ({ args }) => text(joinedPath(args))],
  ['os.path.expanduser', pathText],
  ['os.path.expandvars', pathText],
  ['os.path.abspath', pathText],
  ['os.path.realpath', pathText],
  ['os.path.normpath', pathText],
  ['os.fspath', pathText],
  ['pathlib.Path', pathOf],
  ['pathlib.PosixPath', pathOf],
  ['pathlib.PurePath', pathOf],
  ['pathlib.PurePosixPath', pathOf],
  ['pathlib.Path.home', () => ref('pathlib.Path()', { text: '~' })],
  ['pathlib.Path.cwd', () => ref('pathlib.Path()', { text: '.' })],
  ...['joinpath', 'resolve', 'absolute', 'expanduser'].map((name): readonly [string, Behaviour] => [
    `pathlib.Path().${name}`,
    samePath,
  ]),
  ...['glob', 'rglob', 'iterdir'].map((name): readonly [string, Behaviour] => [
    `pathlib.Path().${name}`,
    found,
  ]),
  ['os.getenv', variable],
  ['os.environ.get', variable],
  ['site.getusersitepackages', () => text('~/.local/lib/python3/site-packages')],
  ['site.getsitepackages', () => sequence([packages])],
  ['sysconfig.get_path', () => packages],
  ['distutils.sysconfig.get_python_lib', () => packages],
];
