import { FRAME_MARK } from '../core/run/frame.ts';
import { sha256 } from '../core/verdict/digest.ts';

/** Where the input is mounted, read-only. */
export const INPUT_DIRECTORY = '/sekisho/input';
/**
 * What the names of the pipes and of the kept output begin with. /dev/shm is there in every container, in memory, charged to the
 * limit and apart from the scratch space: a program that filled that can still say so. One volume less is a twentieth of a pod's start.
 */
const OUTPUT = '/dev/shm/sekisho';
/** Working directory of the program. */
export const WORKSPACE = '/workspace';

/** Bytes of stdout and stderr together that still fit, as base64 beside the header, into a termination message (4096 bytes). */
const MESSAGE_BYTES = 2900;

/**
 * The supervisor: a constant script of POSIX sh that every stock image can run. It
 * - writes the input into the workspace: from its own arguments, which nobody can change once the Job is there; what is too large
 *   for those from a ConfigMap, after which it compares the checksums of the copies with those in its arguments. So what runs is
 *   what was judged;
 * - runs the program with its standard streams on pipes, keeps the first bytes of each and drains the rest, so that no amount of
 *   output fills a disk or blocks the program;
 * - leaves exit code, counts and output behind in the form that core/run/frame.ts reads.
 * It runs under timeout(1), which is process 1 of the container: the program can neither kill nor stop process 1, so the
 * deadline holds whatever the program does, and all its processes die with it.
 *
 * It starts as few programs as it can: each costs a sandbox of 300m a part of its time slice.
 *
 * Arguments: checksums of the input, empty where it stands in the arguments; bytes kept of each stream; processes; paths of the
 * input files, joined by spaces; their contents and stdin where they stand here; then the program's argv.
 */
export const SUPERVISOR = `
expected=$1 keep=$2 processes=$3 paths=$4; shift 4
in=${INPUT_DIRECTORY} out=${OUTPUT} note=/dev/termination-log
refuse() { printf '${FRAME_MARK} refused %s\\n' "$1" >"$note"; exit 125; }
cd ${WORKSPACE} || refuse 'the workspace is missing'
i=0
for path in $paths; do
  case $path in */*) mkdir -p "\${path%/*}" || refuse 'the workspace is too small';; esac
  if [ -n "$expected" ]; then cp "$in/$i" "$path"; else printf %s "$1" >"$path" && shift; fi ||
    refuse 'the input does not fit into the scratch space'
  i=$((i + 1))
done
if [ -n "$expected" ]; then
  cp "$in/stdin" "$out.stdin" || refuse 'the input is missing'
  found=$(sha256sum $paths - <"$out.stdin") || refuse 'the checksums could not be computed'
  [ "$found" = "$expected" ] || refuse 'the input is not what was judged'
else
  printf %s "$1" >"$out.stdin" && shift || refuse '/dev/shm is missing'
fi
mkfifo "$out.o" "$out.e" || refuse '/dev/shm is missing'
pump() {
  trap '' TERM
  dd bs="$keep" count=1 iflag=fullblock of="$out.$1" 2>"$out.$1.blocks" || head -c "$keep" >"$out.$1"
  read -r blocks rest <"$out.$1.blocks"
  # Less than a block: the stream has ended.
  [ "\${blocks%+*}" = 0 ] || exec wc -c >"$out.$1.rest"
}
pump stdout <"$out.o" & a=$!
pump stderr <"$out.e" & b=$!
deadline=0 program=
# timeout(1) signals its child and then the group: the second time must not cut the wait short.
trap 'trap "" TERM; deadline=1; [ -z "$program" ] || kill -9 "$program" 2>/dev/null' TERM
read -r begun rest </proc/uptime
(
  trap - TERM
  ulimit -u "$processes" 2>/dev/null || ulimit -p "$processes" 2>/dev/null
  ulimit -c 0
  exec "$@"
) <"$out.stdin" >"$out.o" 2>"$out.e" &
program=$!
wait "$program"; code=$?
[ "$deadline" = 0 ] || { wait "$program"; code=$?; }
read -r ended rest </proc/uptime
# Every process but process 1, the supervisor, its pumps and what these started.
find_strangers() {
  strangers=
  read -r self rest </proc/self/stat
  for entry in /proc/[0-9]*; do
    pid=\${entry#/proc/}
    case " 1 $$ $a $b $self " in *" $pid "*) continue ;; esac
    read -r stat <"$entry/stat" || continue
    set -- \${stat##*) }
    case " $a $b " in *" $2 "*) continue ;; esac
    strangers="$strangers $pid"
  done
} 2>/dev/null
# What the program left running holds the pipes open; it gets a second to end.
find_strangers
if [ -n "$strangers" ]; then { sleep 1; find_strangers; kill -9 $strangers; } 2>/dev/null & fi
wait "$a" "$b"
# A stream that was kept, in base64, and from that how many bytes were written in all.
encode() {
  text= bytes=0 padding=0
  [ ! -s "$out.$1" ] || text=$(base64 -w0 <"$out.$1")
  case $text in *==) padding=2 ;; *=) padding=1 ;; esac
  bytes=$((\${#text} / 4 * 3 - padding))
  [ ! -s "$out.$1.rest" ] || { read -r more <"$out.$1.rest"; bytes=$((bytes + more)); }
}
encode stdout; output=$text stdout=$bytes
encode stderr; errors=$text stderr=$bytes
ms=$(((\${ended%.*} * 100 + 1\${ended#*.} - \${begun%.*} * 100 - 1\${begun#*.}) * 10))
header="${FRAME_MARK} exit=$code deadline=$deadline stdout=$stdout stderr=$stderr ms=$ms"
if [ $((stdout + stderr)) -le ${MESSAGE_BYTES} ] && [ "$stdout" -le "$keep" ] && [ "$stderr" -le "$keep" ]; then
  printf '%s\\n' "$header in=message" "$output" "$errors" >"$note"
else
  echo "$header in=log" >"$note"
  printf '%s\\n' '' '${FRAME_MARK} output' "$output" "$errors"
fi
exit "$code"
`;

/** What sha256sum prints in the supervisor: a line for each file, in order, and one for stdin. */
export function inputChecksums(
  files: readonly { readonly path: string; readonly content: string }[],
  stdin: string,
): string {
  const lines = files.map(({ path, content }) => `${sha256(content)}  ${path}`);
  return [...lines, `${sha256(stdin)}  -`].join('\n');
}

/** Largest number of bytes that the log of a run can hold of interest: both streams in base64, and the frame. */
export const logBytes = (outputBytes: number): number => Math.ceil((2 * outputBytes * 4) / 3) + 4096;
