import { coreSuite } from "../../../tasks/index.ts";
import { plantCanaries } from "../../leaks/canary-tasks.ts";

/**
 * Loaded first into a server's process: every hidden field of the suite that ships is then a canary. A suite from a file
 * could not hold them, because what a definition refers to must exist.
 */
Object.assign(coreSuite, plantCanaries().suite);
