import type { FastifyInstance } from "fastify";

/** Methods that a path may be served for. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Remembers the methods of every route that is added from now on, since Fastify itself answers a wrong method as if
 * there were no such path.
 * @returns the methods that a path is served for; none for one that is not served
 */
export function methodsByPath(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const methods = [method].flat().filter((name) => METHODS.includes(name));
    if (methods.length > 0) routes.push({ pattern: patternOf(url), methods });
  });
  return (path) => {
    const served = routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return METHODS.filter((name) => served.includes(name));
  };
}

/** `/e/:handle/health` as a regular expression. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:\w+/g, "[^/]+")}$`);
