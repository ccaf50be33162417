import { namesLike } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WATCHERS = namesLike(
  /^(?:pynput|keyboard|mouse|pyautogui|pyperclip|mss|pyscreenshot|pywinctl|pygetwindow|Xlib|evdev|pyaudio|sounddevice|cv2\.VideoCapture|PIL\.ImageGrab|tkinter\.Tk\(\)\.clipboard_get|pyxhook|watchdog\.observers)(?:[.(]|$)|^psutil\.(?:process_iter|pids|net_connections|users)$|^(?:robotjs|iohook|uiohook-napi|clipboardy|screenshot-desktop|node-global-key-listener|systeminformation|ps-list|node-key-sender|@nut-tree\/nut-js)(?:[.(]|$)/,
);
const COMMANDS = namesLike(
  /^(?:xdotool|xinput|scrot|import|gnome-screenshot|maim|grim|xclip|xsel|wl-paste|logkeys|showkey|script-fu|ffmpeg-grab|arecord|fswebcam|inotifywait|tcpdump|tshark|dumpcap|ss|netstat|lsof|who|w|last|lastlog)$/,
);

/**
 * Keyboard, mouse, screen, clipboard, camera and microphone; lists of processes, connections and users; sniffers.
 *
 * Left alone: Memory and CPU of the program itself (psutil.Process(), psutil.cpu_percent).
 */
export default defineRule({
  id: 'ANY-MONITOR',
  version: 1,
  title: { en: 'Watches people or the machine', ja: '人や機械の監視' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [359],
  attack: ['T1056.001', 'T1113', 'T1115', 'T1057'],
  forbids: {
    en: 'Keyboard, mouse, screen, clipboard, camera and microphone; lists of processes, connections and users; sniffers.',
    ja: 'キーボード、マウス、画面、クリップボード、カメラ、マイク。プロセス、接続、利用者の一覧。パケットの盗聴。',
  },
  allows: {
    en: 'Memory and CPU of the program itself (psutil.Process(), psutil.cpu_percent).',
    ja: 'プログラム自身のメモリーや CPU(psutil.Process()、psutil.cpu_percent)。',
  },
  message: { en: 'The program watches people or the machine.', ja: '人や機械を監視します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [WATCHERS, COMMANDS],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, WATCHERS);
    for (const { name, span } of program.commands)
      if (name !== undefined && COMMANDS.test(name)) yield { span };
  },
});
