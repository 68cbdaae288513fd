interface Report {
  readonly targets: readonly Timed[];
  readonly volatile?: unknown;
}

interface Timed {
  readonly target: string;
  readonly seconds?: unknown;
  readonly violations: readonly { readonly counterexample: string }[];
}

/**
 * The parts of a report that a seed decides, by name: what stands in it beside the targets, and each target, whatever their order. Left
 * out are the block `volatile`, how long each target took, and the folder that counterexamples were written to.
 */
export function comparable(text: string): readonly (readonly [name: string, text: string])[] {
  const { targets, volatile: _, ...rest } = JSON.parse(text) as Report;
  return [
    ['report', JSON.stringify(rest, null, 2)],
    ...targets.map((target) => {
      const { seconds: _seconds, ...lasting } = target;
      const violations = target.violations.map((violation) => ({ ...violation, counterexample: violation.counterexample.replace(/^.*\//, '') }));
      return [`report of ${target.target}`, JSON.stringify({ ...lasting, violations }, null, 2)] as const;
    }),
  ];
}
