import type { Writable } from 'node:stream';

/** Where results go. */
export interface Output {
  /** Resolves when the text was taken, so that a slow reader slows down the work; false when there is no reader any more. */
  readonly write: (text: string) => Promise<boolean>;
}

/** A stream as output. A reader that has gone (`| head`) is no error: there is only nobody left to tell. */
export function outputTo(stream: Writable): Output {
  let open = true;
  stream.on('error', () => {
    open = false;
  });
  return {
    write(text) {
      if (!open || text === '') return Promise.resolve(open);
      return new Promise((resolve) => {
        stream.write(text, (error) => {
          open &&= !error;
          resolve(open);
        });
      });
    },
  };
}
