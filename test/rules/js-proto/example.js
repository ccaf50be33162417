// ruleid: JS-PROTO
Object.prototype.polluted = 1;
// ruleid: JS-PROTO
({}).__proto__.x = 1;
class A {}
// ok: JS-PROTO
A.prototype.x = 1;
