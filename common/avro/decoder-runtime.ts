/** Deepest that records may hold records of their own kind. */
export const MAX_NESTING = 64;

/**
 * What every generated decoder stands on, as source text: a cursor, the variable-length numbers, and
 * an allowance of values, so that a short packet cannot demand more memory than it is worth. What is
 * passed over is checked as strictly as what is built.
 */
export const DECODER_RUNTIME = `"use strict";
let buf, view, pos = 0, end = 0, allowance = 0, depth = 0;
const words = new Int32Array(2), long64 = new BigInt64Array(words.buffer);
let low = 0, high = 0;
function spend(values) { allowance -= values; if (!(allowance >= 0)) fail('it holds more values than any alert'); }
function enter(values) { if (++depth > ${MAX_NESTING}) fail('its records are nested too deeply'); spend(values); }
function int() {
  let byte = buf[pos++], n = byte & 127;
  if (byte > 127) {
    byte = buf[pos++]; n |= (byte & 127) << 7;
    if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 14;
      if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 21;
        if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 28; if (byte > 127) fail('a number is too long'); } } } }
  return (n >>> 1) ^ -(n & 1);
}
function words64() {
  let byte = buf[pos++], a = byte & 127, b = 0, c = 0;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 7;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 14;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 21;
  if (byte > 127) { byte = buf[pos++]; b = byte & 127;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 7;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 14;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 21;
  if (byte > 127) { byte = buf[pos++]; c = byte & 127;
  if (byte > 127) { byte = buf[pos++]; c |= (byte & 127) << 7; if (byte > 127) fail('a number is too long'); } } } } } } } } }
  const l = a | (b << 28), h = (b >>> 4) | (c << 24), sign = -(l & 1);
  low = ((l >>> 1) | (h << 31)) ^ sign;
  high = (h >>> 1) ^ sign;
}
function long() { words64(); words[0] = low; words[1] = high; return long64[0]; }
function tooLong() { fail('a number is too long'); }
function skipInt() { if (buf[pos++] < 128) return; const from = pos; while (buf[pos++] > 127); if (pos - from > 4) tooLong(); }
function skipLong() { if (buf[pos++] < 128) return; const from = pos; while (buf[pos++] > 127); if (pos - from > 9) tooLong(); }
function size() {
  words64();
  if (high !== 0 || low < 0 || low > end - pos) fail('a length goes beyond its end');
  return low;
}
function float() { const v = view.getFloat32(pos, true); pos += 4; return v; }
function double() { const v = view.getFloat64(pos, true); pos += 8; return v; }
function bytes() { const n = size(), v = buf.subarray(pos, pos + n); pos += n; return v; }
function string() {
  const n = size();
  if (n === 1 && buf[pos] < 128) return String.fromCharCode(buf[pos++]);
  const v = buf.utf8Slice(pos, pos + n); pos += n; return v;
}
function skipBytes() { const n = size(); pos += n; }
function notBoolean() { fail('a yes or no is neither'); }
function boolean() { const byte = buf[pos++]; if (byte > 1) notBoolean(); return byte === 1; }
function blockLength(weight) {
  words64();
  let n = low;
  if (high === -1 && low < 0) { n = -low; skipLong(); }
  else if (high !== 0 || low < 0) fail('a list is longer than the packet');
  if (n > end - pos) fail('a list is longer than the packet');
  spend(n * weight);
  return n;
}
function fixed(n) { if (n > end - pos) fail('it ends too early'); const v = buf.subarray(pos, pos + n); pos += n; return v; }
function symbolOf(symbols) { return symbols[int()] ?? fail('an enumeration has no such symbol'); }
function badBranch() { fail('a union has no such branch'); }
function notBeyond() { if (pos > end) fail('it ends too early'); }
`;
