import type { Piece } from '../console/contract.ts';

/** The pieces of a line; the escapes among them in a frame. `hidden` says what a frame means. */
export const drawn = (pieces: readonly Piece[], hidden: string) =>
  pieces.map((piece, index) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      <mark key={index} title={hidden}>
        {piece.hidden}
      </mark>
    ),
  );
