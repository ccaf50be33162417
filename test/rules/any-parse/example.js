// ruleid: ANY-PARSE
const = 1;
