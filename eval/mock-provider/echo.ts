/** A text that gives a key away in every way that a careless provider might. */
export function echoOf(key: string, url: string): string {
  const bytes = Buffer.from(key);
  const forms = {
    key,
    authorization: `Bearer ${key}`,
    url: `${url}?api_key=${encodeURIComponent(key)}`,
    base64: bytes.toString("base64"),
    basic: Buffer.from(`user:${key}`).toString("base64"),
    base64url: bytes.toString("base64url"),
    hex: bytes.toString("hex"),
    upper: key.toUpperCase(),
    cut: `${key.slice(0, 12)}...`,
    masked: `${key.slice(0, 12)}****${key.slice(-4)}`,
  };
  return Object.entries(forms)
    .map(([form, text]) => `${form}=${text}`)
    .join(" ");
}
