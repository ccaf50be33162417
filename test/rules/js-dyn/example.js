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
Object.getPrototypeOf(async function () {}).constructor("return 1")();
const Maker = Reflect.getPrototypeOf(function* () {}).constructor;
// ruleid: JS-DYN
Maker("yield 1")().next();
// ruleid: JS-DYN
Function.prototype.constructor("return 1")();
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
