// ruleid: JS-DYN
eval("1+1");
// ruleid: JS-DYN
(0, eval)("1");
// ruleid: JS-DYN
globalThis["ev" + "al"]("1");
// ruleid: JS-DYN
[].constructor.constructor("return process")();
// ruleid: JS-DYN
setTimeout("go()", 10);
const o = { eval() { return 1; } };
// ok: JS-DYN
o.eval();
// ok: JS-DYN
setTimeout(() => console.log(1), 10);
