const Module = require("module");
// ruleid: JS-MODULE-HOOK
Module._load = () => ({});
// ruleid: JS-MODULE-HOOK
Module._extensions[".js"] = (m, file) => m._compile("1", file);
// ruleid: JS-MODULE-HOOK
require.cache[require.resolve("./a")] = {};
// ruleid: JS-MODULE-HOOK
process.env.NODE_OPTIONS = "--require /tmp/x.js";
// ruleid: JS-MODULE-HOOK
process.exit = () => {};
// ok: JS-MODULE-HOOK
module.exports = { a: 1 };
// ok: JS-MODULE-HOOK
console.log(Object.keys(require.cache).length);
// ok: JS-MODULE-HOOK
process.exitCode = 1;
