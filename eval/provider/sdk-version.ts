/** Version of the library that talks to providers. */
export { VERSION as OPENAI_VERSION } from "openai/version";
