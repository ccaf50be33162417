import type { Pool } from 'undici';

const BODY = JSON.stringify({ from: '2026-11-24', days: 7, text: 'planning' });

/** A call of an operation, until its answer was read whole. */
export async function post(pool: Pool, path: string, token: string): Promise<void> {
  const answer = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: BODY,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
}
