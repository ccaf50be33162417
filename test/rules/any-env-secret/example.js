// ruleid: ANY-ENV-SECRET
const key = process.env.OPENAI_API_KEY;
// ok: ANY-ENV-SECRET
const mode = process.env.NODE_ENV;
