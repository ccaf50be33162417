const { createRequire } = require("module");

// ok: JS-PROTO
module.exports = () => createRequire(__filename);
// ok: JS-PROTO
module.exports.run = () => 1;
