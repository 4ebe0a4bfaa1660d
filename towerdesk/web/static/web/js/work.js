// A small piece of work that a person's browser does without noticing and that makes many forms dear: SHA-256 (FIPS 180-4) of
// `key:number`, until the digest begins with enough zero bits. By hand, since browsers have no digest on pages without TLS.
const K = new Uint32Array(64);
const START = new Uint32Array(8);

function primes() {
  const isPrime = (n) => { for (let d = 2; d * d <= n; d++) if (n % d === 0) return false; return true; };
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32);
  for (let n = 2, at = 0; at < 64; n++) {
    if (!isPrime(n)) continue;
    if (at < 8) START[at] = fraction(Math.sqrt(n));
    K[at++] = fraction(Math.cbrt(n));
  }
}

const turn = (x, n) => (x >>> n) | (x << (32 - n));
const words = new Uint32Array(64);

// One block is enough: the text is shorter than 56 bytes. Gives the first two words of the digest.
function digest(text) {
  words.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[15] = text.length * 8;
  for (let i = 16; i < 64; i++) {
    const a = words[i - 15];
    const b = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [(START[0] + a) >>> 0, (START[1] + b) >>> 0];
}

function zeros([first, second]) {
  return first ? Math.clz32(first) : 32 + Math.clz32(second);
}

primes();
onmessage = ({ data: { key, bits } }) => {
  for (let number = 0; ; number++) {
    if (zeros(digest(`${key}:${number}`)) >= bits) { postMessage(String(number)); return; }
  }
};
