// What constant expressions come to: show(...) says it.
show("a" + "b", "a" + 1, 1 + "a", `a${"b"}c`, `a${unknown}b`, `${1}`, "a" + unknown, unknown + unknown, `\x41\u{42}`);
show(1 + 2, 5 - 3, 4 * 3, 7 / 2, 7 % 3, 2 ** 10, 1 << 4, 256 >> 2, -1 >>> 28, 6 | 1, 6 & 3, 6 ^ 3, ~5, -5, +5, 1.5 | 1, 10n, 0x1f);
show(!1, !0, !unknown, !"", !"a", ![], !![], ![unknown], void 0, typeof 1, typeof unknown, -unknown, ~unknown, -"a", !null, !undefined);
show(1 == 1, 1 === 2, 1 != 2, 1 !== 1, 1 < 2, 1 > 2, 1 <= 1, 1 >= 2, "a" < "b", "a" === "a", true == 1, null === null, unknown == 1, 1 instanceof unknown, "a" in unknown);
show(1 && 2, 0 && 2, 0 || 2, 1 || 2, unknown || 1, unknown && 1, null ?? 1, 1 ?? 2, unknown ?? 2, "" || "b", undefined || 1, false && 1);
show(1 ? "y" : "n", 0 ? "y" : "n", unknown ? "y" : "n", (1, 2, 3), (unknown, "last"), "y".length, [1, 2].length, [...unknown].length, unknown.length, `${unknown}`.length);
show("Ab".toLowerCase(), "Ab".toUpperCase(), " a ".trim(), "a,b".split(","), "a b".split(), "abc".slice(1), "abc".slice(0, 1), "abc".slice(-2), "abc".substring(1, 2), "abc".substring(unknown), "abc".slice(1, unknown));
show("abc".charCodeAt(), "abc".charCodeAt(1), "abc".charAt(1), "abc".at(2), "abc".codePointAt(0), "abc"[1], "abc"[7], "abc"["length"], "a-a".replace("a", "b"), "a-a".replaceAll("a", "b"), "a-a".replace("a", () => "b"), "$".replace("$", "$&"));
show("a".concat("b", 1, unknown), "a".padEnd(5), "a".padStart(2000000), "a".padEnd(999999), "a".padEnd(1000000), "ab".repeat(2), "a".repeat(1000001), "a".repeat(unknown), "ab".toString(), "a".constructor, "a".toString("base64"));
show([1, 2].join(), [1, 2].join("-"), ["a", unknown].join(""), [1, 2].reverse(), [1, 2].toReversed(), [1].concat([2], 3), [1, 2, 3].slice(1), [1, 2, 3].slice(0, 1), [1, 2, 3].slice(unknown, unknown), unknown.join("-"), ["a", "b"].join(unknown));
show([1, 2, 3][0], [1, 2, 3][-1], [1, 2][9], [1, unknown][unknown], [..."ab"], [...[1, 2], 3], [...unknown, 1], [, 1], ["a"].map((x) => x + "!"), ["a", "b"].map((x, i) => x + i), ["a"].filter((x) => x), ["a"].flatMap((x) => [x]), ["a"].forEach((x) => show(x)));
show({ a: 1, "b": 2, ["c" + "d"]: 3, 4: 5, [unknown]: 6, ...{ e: 7 } }, { a: 1 }.a, { a: 1 }["a"], { a: 1 }[unknown], { f() { return this.x; }, x: "own" }.f(), { get g() { return 1; } }.g, { a: 1 }.b, ({ __proto__: show }).q, { a: { b: 2 } }.a.b);
show(String.fromCharCode(97, 98), String.fromCharCode(unknown), String.fromCodePoint(0x1F600), String.fromCharCode(-1, 1114112), String.fromCharCode(), String(1), String("a"), String(unknown), String(), String.raw`a\n${1}`, Number("12"), Number("x"), Number(3), Number(unknown), parseInt("1f", 16), parseInt("12px"), parseInt(unknown), parseInt("7", unknown));
show(String("a".repeat(399)).length, String("a".repeat(400)).length, Array.from("a".repeat(400)).length, Array.from("a".repeat(401)).length, [..."a".repeat(512)].length, [..."a".repeat(4096)].length, [..."a".repeat(4097)].length);
show(atob("YWJj"), atob("!"), atob(unknown), decodeURIComponent("%61"), unescape("%62"), decodeURI("%63"), decodeURIComponent(unknown), btoa("a"), decodeURIComponent("%zz"));
show(Buffer.from("YWI=", "base64"), Buffer.from("6162", "hex"), Buffer.from("ab"), Buffer.from([97, 98]), Buffer.from([97, unknown]), Buffer.from([353]), Buffer.from(unknown, "base64"), Buffer.from(unknown), Buffer.from("61", unknown), Buffer.from("YQ==", "base64").toString(), Buffer.from("YQ==", "base64").toString("utf8"), new Uint8Array([97]), Uint8Array.from([98]), Buffer.from("ab", "latin1"), Buffer.from("zz", "hex"));
show(new TextDecoder().decode(new Uint8Array([97, 98])), new TextEncoder().encode("a"), new TextDecoder().decode(unknown), Array.from("ab"), Array.from([1, 2], (x) => x + 1), Array.from("ab", (x) => x + "!"), Array.from(unknown), Array.from(unknown, (x) => x), Array.from([1]));
show("a".repeat(65536).length, "a".repeat(65537).length, new Array(5), Array(5), Buffer.alloc(10), Buffer.alloc(2000000), Buffer.allocUnsafe(3000000), new ArrayBuffer(4000000), new Array(5000000), "x".repeat(3).length);
show(/a.b/, /a(.*)/.test("x"), new RegExp("a"), RegExp(unknown), "a".match(/b/), 0.1, 1e400, 1_000, null, undefined, NaN, true, false, this, this.x);
let n = 1; n += 2; n -= 1; n *= 4; n **= 2; n ||= 5; n &&= 6; n ??= 7;
show(n);
let s = "a"; s += "b"; s += unknown;
show(s, n++, n--, ++n, --n, n);
var hoisted = "v"; { var hoisted = "w"; let inner = "i"; const deep = "d"; show(inner, deep); }
show(hoisted, typeof inner);
const [d1, , d3 = "default", ...drest] = ["p", "q", unknown, "r"];
const { k1, k2: renamed, k3 = "kd", k4: { k5 }, ["k" + "6"]: k6, [unknown]: k7, ...krest } = { k1: "o1", k2: "o2", k4: { k5: "o5" }, k6: "o6" };
show(d1, d3, drest, k1, renamed, k3, k5, k6, k7, krest);
const [e1, e2] = unknown; const { e3 } = unknown; const { e4, ...e5 } = process; const [e6 = "e"] = [];
show(e1, e2, e3, e4, e5, e6);
let a1, a2; [a1, a2] = ["s1", "s2"]; ({ x: a1 } = { x: "t1" }); [unknown.p, unknown["q"]] = ["w1", "w2"];
show(a1, a2);
const obj = { list: ["l"], nested: {} }; obj.added = "ad"; obj["key"] = "ke"; obj.nested.more = "mo"; obj[unknown] = "no"; obj.list.push("pushed"); obj.list[0] = "zero";
show(obj.added, obj.key, obj.nested.more, obj.list, obj?.added, obj?.nested?.more, obj.list[0], obj.missing);
const q = [1]; q.push(2, 3); q.unshift(0); q.pop(); q.shift(); q.splice(0, 1); q.sort();
show(q, q.length, q.concat([4]));
if (unknown) n = "branch"; else n = "other";
show(n);
switch (unknown) { case "a": n = "case a"; break; case show("test"): n = "case b"; default: n = "default"; }
show(n);
try { n = "try"; throw show("thrown"); } catch (e) { show(e, n); } finally { n = "finally"; }
try { n = "t2"; } catch { n = "c2"; }
show(n);
label: { n = "label"; break label; }
show(n, (0, eval)("1"), (unknown ? "u1" : "u2") + (unknown ? "v1" : "v2"));
const tag = (strings, ...values) => strings[0] + values[0];
show(tag`t${"v"}u`, unknown`x${"y"}`, String.raw`\u`, `a${`b${"c"}`}`, ((x) => x)`arg`);
class Base { field = "bf"; static fixed = "sf"; method() { return "bm"; } static make(x) { return "made " + x; } }
class Derived extends Base {
  #hidden = "private"; own = "of"; ["comp" + "uted"] = "cf"; static { show("static block"); }
  constructor(given) { super(); this.given = given; }
  read() { return this.given; } #secret() { return "secret"; } reveal() { return this.#secret() + this.#hidden; }
  get value() { return "getter"; } static [unknown]() { return 1; } [Symbol.iterator]() { return 2; }
}
const der = new Derived("g");
show(der.given, der.read(), der.method(), der.field, der.own, der.computed, Base.fixed, Base.make("m"), Derived.make("n"), der.reveal(), der.value, Derived.fixed, new Derived().given, new (class { z = "anon"; })().z, new unknown.Cls("c"));
show(der.constructor, Derived.prototype, ({}).constructor, [].constructor, (() => 1).constructor, (1).constructor, ({ constructor: 1 }).constructor, ({}).__proto__, unknown.constructor, unknown().constructor, Function.prototype.constructor, [][unknown], (show.bind(1)).constructor, ({}).constructor.constructor("return 1")());
with (unknown) { show("with"); }
debugger;
;
