// @ts-check
// Bytes as text in which each can be told: what is printable in ASCII stands for itself, all others are written out.

const SHORT = new Map([[0x09, '\\t'], [0x0a, '\\n'], [0x0d, '\\r'], [0x1b, '\\e'], [0x5c, '\\\\']]);

/** @param {Uint8Array} bytes */
export function escapedBytes(bytes) {
  return Array.from(bytes, (byte) => {
    if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) return String.fromCharCode(byte);
    return SHORT.get(byte) ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}
