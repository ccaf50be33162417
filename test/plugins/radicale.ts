import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A CalDAV server of our own, with the settings of its image but for where it listens and stores. */
export interface Radicale {
  readonly url: string;
  readonly user: string;
  readonly passwordFile: string;
  /** What lies in a collection of the store: texts of files. */
  readonly stored: (collection: string) => readonly string[];
  /** Puts a file into a collection, past the server. */
  readonly put: (collection: string, name: string, content: string) => void;
  readonly stop: () => Promise<void>;
}

const USER = 'assistant';
const PASSWORD = 'a password of this test';

/** A port that nobody uses; not every server can choose one itself. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startRadicale(): Promise<Radicale> {
  const packages = execFileSync('scripts/python-packages', ['radicale'], { encoding: 'utf8' }).trim();
  const root = mkdtempSync(join(tmpdir(), 'radicale-'));
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'users'), `${USER}:${PASSWORD}\n`);
  writeFileSync(join(root, 'password'), `${PASSWORD}\n`);
  const config = readFileSync('images/radicale/config', 'utf8')
    .replace('0.0.0.0:5232', `127.0.0.1:${await freePort()}`)
    .replace('/etc/radicale-users/users', join(root, 'users'))
    .replace('/data', join(root, 'data'))
    .replace('level = warning', 'level = info');
  writeFileSync(join(root, 'config'), config);
  const child = spawn('python3', ['-m', 'radicale', '--config', join(root, 'config')], {
    env: { PATH: process.env['PATH'], PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let url: string | undefined;
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const address = /Listening on '(127\.0\.0\.1:\d+)'/.exec(line)?.[1];
    if (address) url = `http://${address}/`;
    if (line.includes('server ready')) break;
  }
  if (url === undefined) throw new Error(`radicale did not start:\n${said.join('\n')}`);
  child.stderr.resume();
  const folder = (collection: string): string => join(root, 'data/collection-root', USER, collection);
  return {
    url,
    user: USER,
    passwordFile: join(root, 'password'),
    stored: (collection) =>
      readdirSync(folder(collection))
        .filter((name) => !name.startsWith('.'))
        .map((name) => readFileSync(join(folder(collection), name), 'utf8')),
    put: (collection, name, content) => writeFileSync(join(folder(collection), name), content),
    stop: async () => {
      child.kill();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
