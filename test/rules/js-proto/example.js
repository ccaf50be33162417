// ruleid: JS-PROTO
Object.prototype.polluted = 1;
// ruleid: JS-PROTO
({}).__proto__.x = 1;
class A {}
// ok: JS-PROTO
A.prototype.x = 1;
const parse = JSON.parse;
// ruleid: JS-PROTO
JSON.parse = function (text) { return parse(text); };
const https = require("https");
// ruleid: JS-PROTO
https.request = (...args) => null;
// ruleid: JS-PROTO
globalThis.fetch = async () => null;
// ok: JS-PROTO
Math.random = () => 0.5;
// ok: JS-PROTO
console.log = (...args) => {};
// ok: JS-PROTO
module.exports = function () {};
// ok: JS-PROTO
exports.run = () => 1;
// ok: JS-PROTO
https.globalAgent.maxSockets = 5;
// ok: JS-PROTO
window.onload = () => {};
