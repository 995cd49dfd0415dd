/** Parts of base64 text that a text gives wherever it stands in a longer one: at each of the three alignments. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from("\0".repeat(before) + text).toString("base64");
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + text.length) * 8) / 6);
    return encoded.slice(first, last);
  });
}

/** Ways in which a text could be hidden, in lower case: as it is, backwards, in base64, in hex, URL-encoded. */
export function encodingsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString("hex");
  const urlEncoded = hex.replace(/../g, (byte) => `%${byte}`);
  const number = /^\d+$/.test(secret) ? [Number(secret).toString(16)] : [];
  const backwards = secret.split("").toReversed().join("");
  return [secret, backwards, ...inBase64(secret), hex, urlEncoded, ...number].map((text) => text.toLowerCase());
}

/** Finds secrets in any encoding and case. */
export function finder(secrets: readonly string[]): (text: string) => string[] {
  const encodings = secrets.flatMap((secret) => encodingsOf(secret).map((encoded) => ({ secret, encoded })));
  return (text) => {
    const folded = text.toLowerCase();
    return encodings.filter(({ encoded }) => folded.includes(encoded)).map(({ secret }) => secret);
  };
}
