// Which loops end, how often they run, and what they build.
while (true) {}
while (1) show("a");
do { show("b"); } while (true);
do { break; } while (true);
for (;;) {}
for (;;) { break; }
for (;;) { if (unknown) break; }
for (;;) { for (;;) { break; } }
for (;;) { switch (unknown) { case 1: break; } }
outer: for (;;) { for (;;) { break outer; } }
for (;;) { if (false) break; }
for (;;) { if (true) { show(1); } else { break; } }
for (;;) { if (0) break; else show(2); }
for (;;) { throw 1; }
for (;;) { try { throw 1; } catch {} }
for (;;) { try { throw 1; } finally { show(3); } }
for (;;) { try { show(4); } catch { break; } }
for (;;) { try { show(5); } finally { break; } }
for (;;) { try { try { throw 1; } finally {} } catch {} }
for (;;) { process.exit(); }
for (;;) { process.kill(1); }
for (;;) { process.abort(); }
for (;;) { process.hrtime(); }
for (;;) { (() => { return 1; })(); }
for (;;) { function f() { return 1; } }
for (;;) { const c = class { m() { return 1; } }; }
function ends() { process.exit(); }
function throws() { if (unknown) throw 1; }
function harmless() { return 1; }
for (;;) { throws(); }
for (;;) { harmless(); }
for (;;) { ends(); }
function* gives() { for (;;) { yield 1; } }
async function waits() { for (;;) { await unknown; } }
function leaves() { for (;;) { return; } }
function leavesIf() { while (true) { if (unknown) { return 1; } } }
while (false) show("never");
while (unknown) {}
while (unknown()) {}
while (unknown.x) {}
let going = true; while (going) { show("on"); }
let stopping = true; while (stopping) { if (unknown) stopping = false; }
let elsewhere = true; const stop = () => { elsewhere = false; }; while (elsewhere) {}
let before = false; before = true; while (before) {}
let both = true; function setBoth() { both = true; } while (both) {}
while (!false) {}
while (true && going) {}
while (1 < 2) {}
while ("a" === "a") {}
for (let i = 0; i < 3; i++) show(i);
for (let i = 0; ; i++) {}
for (let i = 0; true; i++) {}
for (let i = 0; i < 1; i) {}
for (let i = 0; i < 10; ) {}
for (let i = 0; i < 10; ) { i++; }
for (let i = 0, j = 5; j > 0; i++) {}
for (let i = 0; i >= 0; i++) {}
for (let i = 0; ; process.exit()) {}
for (const x of [1, 2, 3]) show(x);
for (const x of "abc") show(x);
for (const x of unknown) show(x);
for (const x of [...unknown]) show(x);
for (const [k, v] of [["a", 1]]) show(k, v);
for (const k in { a: 1 }) show(k);
for (const { p } of [{ p: "pv" }]) show(p);
let target; for (target of ["t1", "t2"]) show(target);
for (unknown.prop of [1]) {}
async function each() { for await (const x of unknown) show(x); }
for (const x of process.env) {}
let built = ""; for (const c of "abc") built = c + built; show(built);
let coded = ""; for (const c of [104, 105]) coded += String.fromCharCode(c); show(coded);
const parts = []; for (const c of ["x", "y"]) parts.push(c); show(parts.join(""));
let counted = ""; for (let i = 0; i < 3; i++) counted += "c"; show(counted);
let whiled = "", w = 0; while (w < 3) { whiled += "w"; w += 1; } show(whiled, w);
let down = "", d = 3; do { down += d; d--; } while (d > 0); show(down, d);
let at256 = ""; for (let i = 0; i < 256; i++) at256 += "a"; show(at256.length);
let at257 = ""; for (let i = 0; i < 257; i++) at257 += "a"; show(at257);
let of256 = ""; for (const c of "a".repeat(256)) of256 += c; show(of256.length);
let of257 = ""; for (const c of "a".repeat(257)) of257 += c; show(of257);
let long8 = ""; for (const c of "ab") { long8 += c; long8 += "1"; long8 += "2"; long8 += "3"; long8 += "4"; long8 += "5"; long8 += "6"; long8 += "7"; } show(long8);
let long9 = ""; for (const c of "ab") { long9 += c; long9 += "1"; long9 += "2"; long9 += "3"; long9 += "4"; long9 += "5"; long9 += "6"; long9 += "7"; long9 += "8"; } show(long9);
let branchy = ""; for (const c of "ab") { if (c) branchy += c; } show(branchy);
let shifted = ""; for (const c of "ifmmp") { const k = c.charCodeAt(0) - 1; shifted += String.fromCharCode(k); } show(shifted);
let inIf = ""; if (unknown) { for (const c of "ab") inIf += c; } show(inIf);
const grow = [1]; for (const x of grow) grow.push(x);
while (grow.length) grow.push(1);
while (grow.length > 0) { grow.pop(); }
while (grow.length > 0) grow.push(2);
for (;;) { const copy = [...grow]; copy.push(1); }
