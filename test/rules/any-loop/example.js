// ruleid: ANY-LOOP
for (;;);
// ruleid: ANY-LOOP
while (1) {}
// ok: ANY-LOOP
for (;;) { if (Math.random() > 0.5) break; }
let i = 0;
// ok: ANY-LOOP
while (i < 10) i++;
// ruleid: ANY-LOOP
do { console.log("x"); } while (!false);
let left = 3;
// ruleid: ANY-LOOP
while (left > 0) {}
left = 0;
let running = true;
const stop = () => { running = false; };
// ok: ANY-LOOP
while (running) stop();
