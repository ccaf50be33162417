// ok: ANY-PARSE
const x = 1;
