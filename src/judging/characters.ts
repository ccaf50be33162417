/** The characters of a text as Unicode counts them, which is how the API server does. */
const charactersOf = (text: string): readonly string[] => Array.from(text);

/** How many characters a text has. */
export const lengthOf = (text: string): number => charactersOf(text).length;

/** A text of at most so many characters; an ellipsis tells that there was more. */
export function clipped(text: string, most: number): string {
  // A UTF-16 length that fits needs no counting.
  if (text.length <= most) return text;
  const characters = charactersOf(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
