/**
 * Shapes of keys that their makers document; long enough that ordinary text does not have them. The rule ANY-HARDCODED-SECRET looks for
 * them in programs, the gateway in what goes through it.
 */
export const KEY_SHAPES =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60,90}\b|\bxox[abprs]-[\w-]{20,80}|\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200}|\bAIza[0-9A-Za-z_-]{35}\b|\bglpat-[\w-]{20}\b|\bnpm_[A-Za-z0-9]{36}\b|-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/g;
