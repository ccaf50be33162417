/**
 * What the supervisor in the sandbox (objects/supervisor.ts) leaves behind: one header line, then stdout and stderr in base64,
 * a line each. Short output comes in the container's termination message (at most 4096 bytes, read with the pod's status, no
 * further API call); longer output stands in the container's log and the termination message has the header alone.
 */
export interface Frame {
  readonly exitCode: number;
  /** The supervisor ended the program because its time was over. */
  readonly deadline: boolean;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly durationMilliseconds: number;
  /** Base64 of what was kept; undefined when it stands in the log. */
  readonly output: { readonly stdout: string; readonly stderr: string } | undefined;
}

/** The supervisor refused to start the program. */
export interface Refusal {
  readonly refused: string;
}

export const FRAME_MARK = 'sekisho.dev/1';

const HEADER =
  /^sekisho\.dev\/1 exit=(\d{1,3}) deadline=([01]) stdout=(\d{1,15}) stderr=(\d{1,15}) ms=(\d{1,9}) in=(message|log)$/;
const REFUSED = /^sekisho\.dev\/1 refused (.{1,200})$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function outputLines(lines: readonly (string | undefined)[]): Frame['output'] {
  const [stdout = '', stderr = ''] = lines;
  return BASE64.test(stdout) && BASE64.test(stderr) ? { stdout, stderr } : undefined;
}

/** A termination message → frame, refusal, or undefined when it is neither (the program could write there too). */
export function parseMessage(text: string | undefined): Frame | Refusal | undefined {
  const [first = '', ...rest] = (text ?? '').split('\n');
  const refused = REFUSED.exec(first);
  if (refused?.[1]) return { refused: refused[1] };
  const header = HEADER.exec(first);
  if (!header) return undefined;
  const [, exit, deadline, stdout, stderr, milliseconds, where] = header;
  return {
    exitCode: Number(exit),
    deadline: deadline === '1',
    stdoutBytes: Number(stdout),
    stderrBytes: Number(stderr),
    durationMilliseconds: Number(milliseconds),
    output: where === 'message' ? outputLines(rest) : undefined,
  };
}

/** The container's log → output. What the program itself may have written there before the frame is passed over. */
export function parseLog(log: string): Frame['output'] {
  const start = log.lastIndexOf(`${FRAME_MARK} output\n`);
  if (start < 0) return undefined;
  return outputLines(log.slice(start).split('\n').slice(1));
}
