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
