// TypeScript: the types are left out, what runs is not.
import type { Only } from "types-only";
import { type T, readFileSync } from "node:fs";
import cp = require("child_process");
import Alias = Some.Name;
export type Exported = string;
interface Shape { a: string; b(): void }
type Union = "a" | "b";
enum Colour { Red = "red", Blue = compute("blue") }
declare const declared: string;
declare module "x" { export const y: number; }
namespace Space { export const inside = "inside"; export function f() { return "space f"; } }
namespace Outer.Inner { export const deep = "deep"; }
abstract class Typed<T> implements Shape { constructor(private readonly given: string, public count?: number) { show(given, count); } a = "ta"; abstract c(): void; b(): void {} declare d: string; }
function generic<T extends string>(x: T, y?: number, ...rest: T[]): T { return x; }
function overloaded(a: string): void; function overloaded(a: number): void; function overloaded(a: unknown) { show(a); }
show(readFileSync("a" as string), cp.execSync(<string>"b"), ("c" satisfies string), unknown!.d, generic<string>("e"), Space.inside, Space.f(), Outer.Inner.deep, Colour.Red, new Typed("t").a, (generic<"f">)("f"), Alias);
let cast: any = "x"; (cast as any).y = 1; (cast!) = "z"; (cast as any) = "w"; show(cast);
const arrow = <T,>(x: T): T => x; show(arrow("arrow")); overloaded("o");
@decorated("deco") class Decorated { @prop() field = "df"; @meth() run(x: string) { return x; } }
show(new Decorated().field, (new Decorated() as Decorated).run("r"));
abstract class A { private x = eval("1"); }
using handle = unknown();
function assertIs(x: unknown): asserts x is string { if (!x) throw 1; }
export default Space;

show(Space, Outer, Space.missing);
