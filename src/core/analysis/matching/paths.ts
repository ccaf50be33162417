import { HOLE } from '../program/value.ts';
import { remembering } from './remembering.ts';

/** The system takes no longer paths. */
export const MAXIMUM_PATH = 4096;
/** Longer folders are not followed. */
export const MAXIMUM_FOLDER = 1024;

/** Many rules ask about the same few paths. */
const MAXIMUM_REMEMBERED = 256;
const SHORT = { most: MAXIMUM_REMEMBERED, longest: 256 };

function withoutDots(path: string): string {
  const home = path.replace(/^(?:file:\/\/(?=\/)|\$HOME|\$\{HOME\}|%USERPROFILE%)/, (prefix) =>
    prefix.startsWith('file') ? '' : '~',
  );
  // The folder where the program runs, by the name that the kernel has for it.
  const here = home.replace(/^\/proc\/(?:self|thread-self)\/cwd(?=\/|$)/, '.');
  const rooted = here.startsWith('/');
  const kept: string[] = [];
  for (const segment of here.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (segment !== '..' || !rooted) kept.push(segment);
  }
  return (rooted ? '/' : '') + kept.join('/');
}

/** A path as the system takes it: no doubled slashes, no dots, the home folder as "~". */
export const normalised = remembering(withoutDots, { most: MAXIMUM_REMEMBERED });

const HOME = '(?:~[a-z]*|/root|/home/[^/]+|/Users/[^/]+)';
const ANYWHERE = [
  '\\.(?:ssh|aws|kube|gnupg)/.+',
  'id_(?:rsa|dsa|ecdsa|ed25519)',
  // What other tools log in with.
  '\\.config/(?:gh/hosts\\.yml|hub|glab-cli/config\\.yml|rclone/rclone\\.conf|doctl/config\\.yaml|solana/id\\.json)',
  // What browsers and chat programs keep of their users.
  '(?:google-chrome|Google/Chrome|chromium|BraveSoftware|Brave-Browser|microsoft-edge|opera|vivaldi)/(?:.*/)?(?:Cookies|Login Data|Web Data|Local State)',
  '\\.mozilla/firefox/.*(?:logins\\.json|key[34]\\.db|cookies\\.sqlite)',
  'Local Storage/leveldb(?:/.*)?',
  // Wallets.
  '\\.(?:(?:bitcoin|litecoin|dogecoin)/(?:.*/)?wallet\\.dat|ethereum/keystore(?:/.*)?|electrum/wallets(?:/.*)?)',
];
const IN_HOME = [
  'ssh|aws|kube|gnupg|azure|docker|config/gcloud|password-store|oci|local/share/keyrings',
  'netrc|git-credentials|pypirc|npmrc|pgpass|my\\.cnf|vault-token|s3cfg|boto|bash_history|zsh_history|python_history',
  'cargo/credentials(?:\\.toml)?|gem/credentials|composer/auth\\.json|m2/settings(?:-security)?\\.xml|terraform\\.d/credentials\\.tfrc\\.json',
];
const SECRETS = [
  '/etc/(?:shadow|gshadow|passwd|master\\.passwd|sudoers|sudoers\\.d/.*|krb5\\.keytab|ssl/private.*|ssh/ssh_host_.*)-?',
  `${HOME}/\\.(?:(?:${IN_HOME[0]})(?:/.*)?|${IN_HOME.slice(1).join('|')})`,
  `(?:.*/)?(?:${ANYWHERE.join('|')})`,
  '/proc/(?:[^/]+)/(?:environ|mem|cmdline|maps|root/.*)',
  '/proc/(?:kcore|kmem)',
  '/dev/(?:mem|kmem)',
];
const SECRET = new RegExp(`^(?:${SECRETS.join('|')})$`);
const WELL_KNOWN = [
  '/etc/shadow',
  '/etc/passwd',
  '/etc/sudoers',
  '/etc/gshadow',
  '~/.ssh/id_rsa',
  '~/.aws/credentials',
];

const mayBePath = (text: string): boolean =>
  text.length <= MAXIMUM_PATH && (text.includes('/') || text.includes('~')) && !text.includes('\n');

/** A shell pattern that stands for one of the well-known files: /etc/sh*w. */
function globs(path: string): boolean {
  if (
    !/[*?[]/.test(path) ||
    path.length > 64 ||
    (path.match(/\*/g) ?? []).length > 4 ||
    !path.startsWith('/') ||
    (path.match(/[a-z]/g) ?? []).length < 4
  )
    return false;
  const pattern = path
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    const expression = new RegExp(`^${pattern}$`);
    return WELL_KNOWN.some((known) => expression.test(known));
  } catch {
    return false;
  }
}

/** However far up it climbs, the way ends at the root. */
const fromRoot = (path: string): string =>
  path.startsWith('..') ? path.replace(/^(?:\.\.\/)+(?=etc\/|proc\/|root\/|home\/)/, '/') : path;

/** Files that hold credentials, or the memory of other processes. */
export const isSecretPath = remembering((text) => {
  if (!mayBePath(text)) return false;
  const path = fromRoot(normalised(text));
  return SECRET.test(path) || globs(path);
}, SHORT);

/** Where Kubernetes and container engines put the secrets of a pod. */
export const isPodSecretPath = (text: string): boolean =>
  text.includes('secrets') && mayBePath(text) && /^(?:\/var)?\/run\/secrets(?:\/|$)/.test(normalised(text));

export const isRuntimeSocket = (text: string): boolean =>
  text.length <= MAXIMUM_PATH &&
  /(?:^|[/:])(?:docker|containerd|crio|cri-dockerd|podman|buildkitd)\.sock\b/.test(text);

const SYSTEM = /^\/(?:etc|usr|bin|sbin|lib|lib32|lib64|boot|sys|proc|dev|root|var|opt|run|home|srv)(?:\/|$)/;
const HARMLESS =
  /^\/(?:dev\/(?:null|stdin|stdout|stderr|fd\/\d+|tty|urandom|random|zero)|var\/tmp(?:\/.*)?|usr\/share\/.*|proc\/(?:cpuinfo|meminfo|loadavg|uptime|version|self\/status))$/;

/** How paths begin that do not begin where the program runs. */
const MAY_BE_FAR = new Set(['/', '~', '$']);

/** The file system's root or somebody's home, or all that is in it. */
export const isRoot = (text: string): boolean =>
  text.length < 64 &&
  MAY_BE_FAR.has(text.charAt(0)) &&
  /^(?:\/+(?:\*|\.\*?|\{?,?\.?\*\}?)?|~\/?\*?|\/home\/?\*?|\/root\/?\*?)$/.test(
    text.replace(/^\$\{?HOME\}?/, '~'),
  );

const ANY_OF_HOME = new RegExp(`^(?:~|/root|/home|/home/[^/]+)/${HOLE}$`);

/** Whatever lies in somebody's home, by a name that is not known. */
export const isAnyOfHome = (text: string): boolean =>
  text.includes(HOLE) && ANY_OF_HOME.test(normalised(text));

/** Folders of the system, in which no program has anything to change. */
export const isSystemPath = remembering((text) => {
  // The home folder by its variable has no slash.
  if (isRoot(text)) return true;
  if (!mayBePath(text)) return false;
  const path = normalised(text);
  if (!MAY_BE_FAR.has(path.charAt(0))) return false;
  // "/" and something that is not known: whatever stands at the top.
  return (
    (SYSTEM.test(path) && !HARMLESS.test(path)) ||
    (text !== '' && path === '/') ||
    path.startsWith(`/${HOLE}`)
  );
}, SHORT);

export const isDevice = (text: string): boolean =>
  /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|dm-|loop|disk|mapper\/|md)\w*/.test(normalised(text));

const GIT_HOOK =
  '(?:applypatch-msg|commit-msg|post-(?:applypatch|checkout|commit|merge|receive|rewrite|update)|pre-(?:applypatch|auto-gc|commit|merge-commit|push|rebase|receive)|prepare-commit-msg|update)';
const STARTUP = new RegExp(
  [
    '(?:^|/)(?:\\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|xinitrc|xprofile|xsessionrc)|authorized_keys2?|ld\\.so\\.preload|sitecustomize\\.py|usercustomize\\.py)$',
    '^/etc/(?:profile|bash\\.bashrc|environment|rc\\.local|profile\\.d/.*)$',
    // A line of such a file that begins with "import" runs whenever Python starts.
    '(?:site|dist)-packages/[^/]*\\.pth$',
    // What other programs load as a part of theirs.
    '(?:^|/)node_modules/[^.].*\\.[cm]?js$|(?:site|dist)-packages/.*\\.py$',
    `(?:^|/)(?:\\.git|${HOLE})/hooks/${GIT_HOOK}$`,
    '(?:^|/)\\.config/(?:autostart/[^/]*\\.desktop|fish/(?:config\\.fish|conf\\.d/.*))$',
    '(?:^|/)Library/Launch(?:Agents|Daemons)/',
  ].join('|'),
);

/** Files that run when somebody logs in, or when a program such as Python or git starts. */
export const isStartupFile = remembering((text) => mayBePath(text) && STARTUP.test(normalised(text)), SHORT);

export const isSchedule = (text: string): boolean =>
  mayBePath(text) &&
  /^\/(?:etc\/cron[^/]*|var\/spool\/(?:cron|at))(?:\/|$)|^\/(?:etc|lib|usr\/lib)\/systemd\/|\/\.config\/systemd\/|^\/etc\/init\.d\//.test(
    normalised(text),
  );
