/** Modules that are copies or halves of others. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['posix', 'os'],
  ['nt', 'os'],
  ['posixpath', 'os.path'],
  ['ntpath', 'os.path'],
  ['_socket', 'socket'],
  ['_io', 'io'],
  ['_ctypes', 'ctypes'],
  ['_pickle', 'pickle'],
  ['cPickle', 'pickle'],
  ['_posixsubprocess', 'subprocess'],
  ['__builtin__', 'builtins'],
  ['__builtins__', 'builtins'],
  ['_frozen_importlib', 'importlib'],
  ['commands', 'subprocess'],
]);

/** Modules that others import, and that can be reached through them: platform.os is os. */
const REACHABLE = new Set([
  'os',
  'sys',
  'subprocess',
  'socket',
  'builtins',
  'ctypes',
  'shutil',
  'pty',
  'posix',
  'importlib',
  'pickle',
  'marshal',
  'signal',
]);
/** Whether the module is one that every program could have, whatever stands beside it. */
export const isReachable = (module: string): boolean => REACHABLE.has(module) || RENAMED.has(module);

const OWN = new Set([
  'socket.socket',
  'signal.signal',
  'asyncio.subprocess',
  'asyncio.sys',
  'gevent.socket',
  'os.sys',
  'test.support.os',
]);

/** One name for each thing, however the program came to it. */
export function canonicalName(name: string): string {
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const renamed = RENAMED.get(head);
  if (renamed !== undefined) return canonicalName(renamed + (dot < 0 ? '' : name.slice(dot)));
  if (dot < 0) return name;
  const last = name.slice(name.lastIndexOf('.') + 1);
  const bare = last.startsWith('_') && !last.startsWith('__') ? last.slice(1) : last;
  if (REACHABLE.has(bare) && !name.includes('(') && !OWN.has(name)) return bare === 'posix' ? 'os' : bare;
  if (last === '__builtins__') return 'builtins';
  // What a function of a module belongs to is the module: print.__self__ is builtins.
  if (last === '__self__' && /^(?:[a-z_]+\.){1,2}__self__$/.test(name))
    return canonicalName(name.split('.').length === 2 ? 'builtins' : head);
  if ((head === 'builtins' || head === '__main__') && !last.startsWith('__dict')) return name.slice(dot + 1);
  return head === 'six' && name.startsWith('six.moves.') ? name.slice('six.moves.'.length) : name;
}

/** Attributes by which a program looks into the interpreter; kept for the rules whatever they are read from. */
export const isTelling = (attribute: string): boolean =>
  attribute === 'mro' ||
  (attribute.includes('_') && /^(?:_|f|tb|gi|cr|ag|func|co)_|^_getframe$/.test(attribute));
