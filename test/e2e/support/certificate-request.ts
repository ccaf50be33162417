import { generateKeyPairSync, sign } from 'node:crypto';

/** DER: a tag, the length, the content. */
function der(tag: number, ...content: readonly (Buffer | readonly number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const [INTEGER, BIT_STRING, OBJECT, UTF8, SEQUENCE, SET, ATTRIBUTES] = [2, 3, 6, 12, 0x30, 0x31, 0xa0];
const COMMON_NAME = der(OBJECT, [0x55, 0x04, 0x03]);
const ECDSA_WITH_SHA256 = der(OBJECT, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);

/** A new key, and the request (PKCS #10) for a certificate of a common name, both PEM. */
export function certificateRequest(name: string): { readonly key: string; readonly request: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(name)))));
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' });
  const info = der(SEQUENCE, der(INTEGER, [0]), subject, publicInfo, der(ATTRIBUTES));
  const signature = der(BIT_STRING, [0], sign('sha256', info, privateKey));
  const whole = der(SEQUENCE, info, der(SEQUENCE, ECDSA_WITH_SHA256), signature);
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
      '\n',
    ),
  };
}
