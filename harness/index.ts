/**
 * keyhole finds the bug by which a cache hands one user another user's camera frame.
 *
 * A target is made with {@link functionTarget}, {@link appTarget}, {@link clientTarget}, {@link proxyTarget} or {@link modelTarget}.
 * `keyhole check` finds those that a `keyhole.config.ts` exports with {@link defineConfig}; inside a test, {@link checkIsolation} checks one.
 */
export { checkIsolation, IsolationError, type IsolationOptions, type IsolationReport } from './campaign/check-isolation.ts';
export { checkProgram } from './campaign/check-program.ts';
export { programs, type ProgramsOptions } from './search/arbitrary.ts';
export { type App, type AppEnvironment, type AppOptions, type AppParts, appTarget } from './targets/app.ts';
export { type ClientOptions, clientTarget } from './targets/client.ts';
export { type BrandedTarget, type Config, defineConfig } from './targets/define.ts';
export { functionTarget, type FunctionOptions } from './targets/function.ts';
export { modelTarget, type ModelOptions } from './targets/model.ts';
export { type ProxyOptions, proxyTarget } from './targets/proxy.ts';

export type { CheckOptions, Progress } from './campaign/api.ts';
export type { AppRequest } from './targets/app-request.ts';
export type { Capabilities } from './targets/capabilities.ts';
export type { ClientRequest, ClientSubject } from './targets/client-subject.ts';
export type { Answer } from './targets/function-answer.ts';
export type { Environment, Hooks, Subject, SubjectNotice } from './targets/function-subject.ts';
export type { FrameReply, Inquiry, OriginApi, Permission } from './targets/origin-api.ts';
export type { ProxyEnvironment } from './targets/proxy-plant.ts';
export type { Target } from './targets/target.ts';
export type { Counterexample, TargetReport, VerdictName, ViolationReport } from './report/document.ts';
export type { History } from '../models/domain/history.ts';
export type { Operation } from '../models/domain/operation.ts';
export type { Program } from '../models/domain/program.ts';
export type { Request } from '../models/domain/request.ts';
export type { World } from '../models/domain/world.ts';
export type { Call, Notice, Origin, Reply, Session, Sink } from '../models/origin.ts';
