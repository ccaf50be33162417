interface Bounds {
  /** Answers that are kept; one more, and all are forgotten. */
  readonly most: number;
  /** Characters of a text whose answer is kept. */
  readonly longest?: number;
}

/** The same function, with its answers kept for a while: rules ask about the same few texts, and so do programs. */
export function remembering<T extends {} | null>(
  answer: (text: string) => T,
  { most, longest = Number.POSITIVE_INFINITY }: Bounds,
): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return answer(text);
    const known = answers.get(text);
    if (known !== undefined) return known;
    if (answers.size >= most) answers.clear();
    const found = answer(text);
    answers.set(text, found);
    return found;
  };
}
