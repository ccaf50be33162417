import type { Handed } from '../program/program.ts';
import {
  isPodSecretPath,
  isRoot,
  isRuntimeSocket,
  isSecretPath,
  isSystemPath,
  normalised,
} from '../matching/paths.ts';
import { isWritten } from '../matching/writing.ts';
import { HOLE, textsOf } from '../program/value.ts';
import type { Severity } from '../report.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const READERS =
  /^(?:io\.|codecs\.|gzip\.|bz2\.|lzma\.)?open$|^os\.open$|\.(?:read_text|read_bytes)$|^pathlib\.Path\(\).*\.open$|^(?:pandas|polars)\.(?:read_\w+|scan_\w+)$|^numpy\.(?:load|loadtxt|genfromtxt|fromfile)$|^(?:shutil\.(?:copy\w*|move|make_archive)|tarfile\.open\(\)\.add|zipfile\.ZipFile\(\)\.write|linecache\.getlines?|fileinput\.(?:input|FileInput)|zipfile\.ZipFile|tarfile\.open)$|^fs\.(?:promises\.)?(?:readFile|readFileSync|createReadStream|open|openSync|copyFile|copyFileSync|cp|cpSync)$/;
const COMMANDS =
  /^(?:cat|tac|head|tail|less|more|nl|od|xxd|strings|base64|sort|uniq|wc|cut|paste|diff|cmp|cp|mv|tar|zip|gzip|awk|gawk|sed|grep|egrep|fgrep|rg|source|\.|md5sum|sha\d+sum|openssl|ln|install|file|stat|tee)$/;
/** What every program may know about the machine. */
const PUBLIC =
  /^\/(?:etc\/(?:os-release|hostname|timezone|localtime|lsb-release|debian_version|mime\.types|nsswitch\.conf|ssl\/certs.*)|usr\/(?:share|lib\/python[\d.]*|local\/lib\/python[\d.]*|lib\/node_modules)\/.*|proc\/(?:cpuinfo|meminfo|loadavg|uptime|version|stat|self(?:\/(?:status|stat|statm|cgroup|limits))?)|sys\/fs\/cgroup\/.*|sys\/devices\/system\/cpu.*)$/;
const INSIDE = /^\/(?:workspace|tmp|dev|var\/tmp|sekisho\/input)(?:\/|$)/;

const LINKERS =
  /^(?:os\.(?:symlink|link)|fs\.(?:promises\.)?(?:symlink|link)(?:Sync)?|pathlib\.Path\(\)\.(?:symlink_to|hardlink_to)|ln)$/;
const WHOLE = /^\/(?:etc|root|home|proc|proc\/[^/]+\/root|sys|dev|boot|run|var)$/;
const LINKED = {
  en: 'The program makes a link by which all the system is read under other names.',
  ja: 'システム全体を別の名前で読めるようにするリンクを作ります。',
};

/** Whether a link to the root, a home or a whole folder of the system is made. */
function isWayOut({ to, text, call, command }: Handed): boolean {
  if (!LINKERS.test(to) || !(isRoot(text) || WHOLE.test(normalised(text)))) return false;
  const place = to.endsWith('_to') ? undefined : call ? call.args[1] : command?.args.at(-1);
  return place === undefined || !textsOf(place).includes(text);
}

const isRead = ({ to, command, redirect }: Handed): boolean =>
  redirect === undefined ? (command ? COMMANDS.test(to) : READERS.test(to)) : redirect.startsWith('<');

/** What takes along all that is below a folder. */
const TAKERS =
  /^(?:shutil\.(?:copytree|make_archive)|tarfile\.open\(\)\.add|fs\.(?:promises\.)?cp(?:Sync)?|cp|tar|zip|rsync)$/;

/** How far outside a path lies: a folder of the system, or only elsewhere. */
function outside(text: string): Severity | undefined {
  if (text.length > 4096 || text.includes('\n') || text.includes('://')) return undefined;
  const path = normalised(text);
  if (path.startsWith('..')) return 'Low';
  if (!path.startsWith('/') || path.startsWith(`/${HOLE}`) || path === '/') return undefined;
  if (INSIDE.test(path) || PUBLIC.test(path)) return undefined;
  return isSystemPath(path) ? 'Medium' : 'Low';
}

/** Other rules say more of these. */
const isSaidElsewhere = (text: string): boolean =>
  isSecretPath(text) ||
  isPodSecretPath(text) ||
  isRuntimeSocket(text) ||
  /^\/proc\/(?:\d+|\*|sys|kcore)/.test(text);

/**
 * Opening or copying files by constant paths in folders of the system (/etc, /var, /root, /home, /proc, /sys, /opt
 * …). Low for other absolute paths and for paths that begin with ../. High for a link to the root, a home or a whole
 * folder of the system.
 *
 * Left alone: The workspace, /tmp, /dev/null and the like, what every program may know (/etc/os-release,
 * /proc/cpuinfo, time zones, libraries); the same paths in texts that are only shown.
 */
export default defineRule({
  id: 'ANY-READ-OUTSIDE',
  version: 2,
  title: { en: 'Reads outside its workspace', ja: '作業フォルダー外の読み取り' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [22],
  attack: ['T1005', 'T1083'],
  forbids: {
    en: 'Opening or copying files by constant paths in folders of the system (/etc, /var, /root, /home, /proc, /sys, /opt …). Low for other absolute paths and for paths that begin with ../. High for a link to the root, a home or a whole folder of the system.',
    ja: 'システムのフォルダー(/etc、/var、/root、/home、/proc、/sys、/opt など)のファイルを開くこと。その他の絶対パスと ../ は Low。ルート、ホーム、システムフォルダー全体へのリンクは High。',
  },
  allows: {
    en: 'The workspace, /tmp, /dev/null and the like, what every program may know (/etc/os-release, /proc/cpuinfo, time zones, libraries); the same paths in texts that are only shown.',
    ja: '作業フォルダー、/tmp、/dev/null など、誰でも知ってよい情報(/etc/os-release、/proc/cpuinfo など)、表示だけの文字列。',
  },
  message: {
    en: 'The program reads files outside its workspace.',
    ja: '作業フォルダーの外のファイルを読み取ります。',
  },
  remedy: {
    en: 'Hand over the file with the request, in spec.files.',
    ja: 'ファイルは spec.files でリクエストに添えてください。',
  },
  needs: ['paths'],
  *check(program): Iterable<Hit> {
    for (const handed of program.paths) {
      if (isWayOut(handed)) {
        yield { span: handed.span, severity: 'High', message: LINKED };
        continue;
      }
      const severity =
        TAKERS.test(handed.to) && normalised(handed.text) === '/' ? 'Medium' : outside(handed.text);
      if (severity && isRead(handed) && !isWritten(handed) && !isSaidElsewhere(handed.text))
        yield { span: handed.span, severity };
    }
  },
});
