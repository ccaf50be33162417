// ruleid: JS-NATIVE
process.dlopen(module, "/tmp/x.node");
// ruleid: JS-NATIVE
require("./addon.node");
// ok: JS-NATIVE
require("path");
