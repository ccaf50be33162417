const v8 = require("v8");
// ruleid: JS-DESER
v8.deserialize(data);
// ruleid: JS-DESER
require("node-" + "serialize").unserialize('{"a":"_$$ND_FUNC$$_function(){}()"}');
// ruleid: JS-DESER
JSON.parse('{"__proto__": {"admin": true}}');
// ok: JS-DESER
JSON.parse('{"a": 1}');
// ok: JS-DESER
structuredClone({ a: 1 });
// ok: JS-DESER
console.log("v8.deserialize");
