import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Its name changes with its content, so that browsers may keep it. */
  readonly isHashed: boolean;
}

/** By path: `/` is the page itself. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the files of the page, once: what is not among them is not served, whatever a path says. */
export async function loadPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  for (const name of await readdir(folder)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = await readFile(join(folder, name));
    const isHashed = /-[A-Z0-9]{8}\.(js|css)$/.test(name);
    files.set(name === 'index.html' ? '/' : `/${name}`, { type, body, isHashed });
  }
  if (!files.has('/')) throw new Error(`${folder} holds no index.html: run "npm run build"`);
  return files;
}
