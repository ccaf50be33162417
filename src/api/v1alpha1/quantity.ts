const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Bytes of a quantity such as 100Mi. The schema has checked the form; anything else answers NaN, which compares false. */
export function parseBytes(quantity: string): number {
  const match = /^([0-9]+)([A-Za-z]*)$/.exec(quantity);
  return match ? Number(match[1]) * (BYTE_UNITS[match[2] ?? ''] ?? NaN) : NaN;
}

/** Millicores of a CPU quantity such as 300m or 0.3. */
export function parseMillicores(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);
}
