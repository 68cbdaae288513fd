import type { ReportDocument, TargetReport } from '../report/document.ts';
import { toolOf } from './tool.ts';

export interface RunFacts {
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** The reports of a run as one document. */
export function documentOf(targets: readonly TargetReport[], { seed, startedAt, seconds }: RunFacts): ReportDocument {
  const { version, platform, arch } = process;
  return {
    schema: 'keyhole.report/1',
    tool: toolOf(),
    seed,
    targets,
    volatile: { startedAt, seconds, node: version.slice(1), platform: `${platform} ${arch}` },
  };
}
