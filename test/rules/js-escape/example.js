// ruleid: JS-ESCAPE
Error.prepareStackTrace = (error, frames) => frames[0].getThis();
// ruleid: JS-ESCAPE
Object.getOwnPropertyDescriptor(Function.prototype, "constructor");
// ruleid: JS-ESCAPE
Object.defineProperty(Error, "prepareStackTrace", { value: (e, f) => f });
// ok: JS-ESCAPE
Error.captureStackTrace({});
// ok: JS-ESCAPE
Object.getOwnPropertyDescriptor({ a: 1 }, "a");
try {
  throw new Error("x");
} catch (error) {
  // ok: JS-ESCAPE
  console.log(error.stack);
}
