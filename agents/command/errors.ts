/** A program could not be started: a mistake in the configuration, which no other episode would mend. */
export class ProgramNotStarted extends Error {
  override readonly name = "ProgramNotStarted";
}
