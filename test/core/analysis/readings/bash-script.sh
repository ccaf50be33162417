const x = require("fs");
console.log(x);
ls
