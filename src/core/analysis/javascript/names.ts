import { CLIENT_MODULE } from '../actions.ts';

const GLOBALS = new Set(['globalThis', 'window', 'global', 'self', 'top', 'frames', 'parent']);
const REQUIRES = new Set([
  'process.mainModule.require',
  'module.require',
  'require.main.require',
  'module.constructor._load',
  'module._load',
  'module.Module._load',
  'process.getBuiltinModule',
  'module.children[].require',
]);

/** One name for each thing, however the program came to it. */
export function canonicalName(name: string): string {
  const dot = name.indexOf('.');
  const isGlobal = dot > 0 && GLOBALS.has(name.slice(0, dot)) && /./.test(name[dot + 1] ?? '');
  const bare = isGlobal ? name.slice(dot + 1) : name;
  if (REQUIRES.has(bare)) return bare.endsWith('_load') || bare.includes('getBuiltin') ? bare : 'require';
  return bare.endsWith('.default') ? bare.slice(0, -'.default'.length) : bare;
}

/** What a module is called here: without "node:", folders as segments; the client module by its name, also by its path. */
export function moduleName(specifier: string): string {
  if (specifier.endsWith('node_modules/sekisho/index.js')) return CLIENT_MODULE;
  const bare = specifier.replace(/^node:/, '');
  return /^[./]/.test(bare)
    ? `./${bare.replace(/^[./]+/, '')}`
    : bare.replace(/^(fs|dns|stream|timers|util|readline|path)\//, '$1.');
}

/** Properties by which a program looks into the engine. */
export const TELLING: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  'prepareStackTrace',
  'caller',
  'callee',
]);
