// ruleid: ANY-ENV-DUMP
console.log(JSON.stringify(process.env));
// ok: ANY-ENV-DUMP
console.log(process.env.NODE_ENV);
