/** Lint rule for the pure core: only arithmetic that gives the same bits on every runtime. */
const portable = new Set([
  "abs",
  "ceil",
  "floor",
  "max",
  "min",
  "round",
  "sign",
  "sqrt",
  "trunc",
  "imul",
  "fround",
  "LOG2E",
  "SQRT1_2",
]);

const maths = {
  create: (context) => {
    const no = (node) => context.report({ node, message: "Not the same on every runtime: use maths.ts or rngFor()." });
    return {
      "BinaryExpression[operator='**']": no,
      "AssignmentExpression[operator='**=']": no,
      "Identifier[name='Math']": (node) => portable.has(node.parent.property?.name) || no(node),
    };
  },
};

export default { meta: { name: "portable" }, rules: { maths } };
