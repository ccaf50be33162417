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
// ruleid: JS-DYN
Object.getPrototypeOf(async function () {}).constructor(unheard)();
const Maker = Reflect.getPrototypeOf(function* () {}).constructor;
// ruleid: JS-DYN
Maker(unheard)().next();
// ruleid: JS-DYN
Function.prototype.constructor(unheard)();
// ruleid: JS-DYN
process.getBuiltinModule(String(unheard)).exec("id");
// ruleid: JS-DYN
require(atob("ZnM="));
// ruleid: JS-DYN
const lifecycle = { scripts: { postinstall: "node -e \"eval(process.argv[1])\"" } };
// ok: JS-DYN
const usual = { scripts: { test: "jest", postinstall: "patch-package" } };
// ok: JS-DYN
process.getBuiltinModule("path").join("a", "b");
// ok: JS-DYN
Object.getPrototypeOf([]).constructor(3);
class Own {}
// ok: JS-DYN
Object.getPrototypeOf(new Own()).constructor.name;
class Made extends Function {}
// ruleid: JS-DYN
new Made(unheard)();
class MadeBelow extends Made { constructor(code) {
  // ruleid: JS-DYN
  super(code); } }
new MadeBelow(unheard);
class Named extends Error { constructor(text) {
  // ok: JS-DYN
  super(text); } }
// ruleid: JS-DYN
Function.bind.call(Function, null, unheard)()();
// ruleid: JS-DYN
Function.prototype.apply.apply(Function, [null, [unheard]]);
// ok: JS-DYN
Function.prototype.call.call(console.log, null, "a");
// ruleid: JS-DYN
await import("data:text/javascript,process.exit()");
// ruleid: JS-DYN
await import(`data:text/javascript;base64,${unheard}`);
// ok: JS-DYN
await import(`./locales/${unheard}.js`);
// ruleid: JS-DYN
new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])));
// ok: JS-DYN
new Worker(new URL("./worker.js", import.meta.url));
const Module = require("module");
// ruleid: JS-DYN
new Module("")._compile(unheard, "x.js");
// ruleid: JS-DYN
Module.prototype._compile.call(module, unheard, "x.js");
// ok: JS-DYN
require(require("path").resolve(process.env.BINDING));
