// ruleid: ANY-ALLOC
const b = Buffer.alloc(5e9);
// ruleid: ANY-ALLOC
const s = "x".repeat(2 ** 29);
// ok: ANY-ALLOC
const t = "-".repeat(40);
