const ok = eval("1");
const = 2;
