import { isLike, namesLike, namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { normalised } from '../matching/paths.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const PLACES = /^\/proc\/(?:1|\d+)\/(?!environ|cmdline|mem$|maps$|root\/).+$|^\/proc\/(?:1|\d+)$/;
const CALLS = namesOf('process._debugProcess pyrasite.* frida.* ptrace.* process_vm_readv lldb.*');
const TRACERS = namesLike(/^(?:gdb|gcore|strace|ltrace|ptrace|bpftrace|perf|lldb|reptyr)$/);

/**
 * Folders of other processes below /proc, debuggers and tracers attached to a process.
 *
 * Left alone: /proc/self; a debugger that starts a program of its own. Environment and memory of processes: ANY-
 * READ-SECRET.
 */
export default defineRule({
  id: 'ANY-PROC-MEM',
  version: 1,
  title: { en: 'Looks into other processes', ja: '他プロセスの調査' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [200],
  attack: ['T1057', 'T1055.008'],
  forbids: {
    en: 'Folders of other processes below /proc, debuggers and tracers attached to a process.',
    ja: '/proc 以下の他プロセスのフォルダー、プロセスへのデバッガーやトレーサーの接続。',
  },
  allows: {
    en: '/proc/self; a debugger that starts a program of its own. Environment and memory of processes: ANY-READ-SECRET.',
    ja: '/proc/self。環境変数とメモリーは ANY-READ-SECRET が扱います。',
  },
  message: { en: 'The program looks into other processes.', ja: '他のプロセスの内部を調べます。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', CALLS, TRACERS],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, CALLS);
    for (const { text, span } of program.paths)
      if (text.startsWith('/proc/') && text.length < 256 && PLACES.test(normalised(text))) yield { span };
    for (const { name, wrappers, words, span } of program.commands) {
      const tracer = [name ?? '', ...wrappers].some((word) => isLike(word, TRACERS));
      if (!tracer) continue;
      const attached = name === 'gcore' || words.some((word) => /^(?:-p|--pid)/.test(word));
      if (attached || wrappers.includes('strace')) yield { span };
    }
  },
});
