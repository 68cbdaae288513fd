import { request as send, type Agent } from 'node:http';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import type { ClientAnswer, ClientRequest, ClientSubject } from './client-subject.ts';
import { readAnswer } from './client-subject.ts';
import type { Experience } from './function-experience.ts';
import { failed, type Host } from './function-host.ts';
import { Settling } from './function-settle.ts';
import type { OriginSession } from './origin-server-session.ts';
import type { OriginServer } from './origin-server.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { turn } from './virtual-time-turns.ts';
import { reportAnswer, type WireAnswer } from './wire-answer.ts';
import { Tripwire } from './wire-tripwire.ts';

interface ClientSessionOptions {
  readonly host: Host;
  readonly subject: ClientSubject;
  readonly server: OriginServer;
  readonly origin: OriginSession;
  /** For fences: connections of our own, beside those of the client under test. */
  readonly agent: Agent;
  readonly experience: Experience;
  readonly tripwire: boolean;
}

/** Turns of the event loop in which an answer mostly comes by itself, before fences are sent after it. */
const HEAD_START = 100;

/** One life of a client with a cache in it: it asks the harness's origin over loopback HTTP on behalf of many users. */
export class ClientSession implements AsyncSession {
  private readonly options: ClientSessionOptions;
  private readonly settling: Settling;
  private readonly controllers = new Map<StageCall, AbortController>();
  /** Calls of which the client has not yet made an end. */
  private open = 0;
  private readonly tripwire: Tripwire | null;

  constructor(options: ClientSessionOptions) {
    this.options = options;
    this.tripwire = options.tripwire ? new Tripwire() : null;
    const { host, origin } = options;
    origin.onContact = () => {
      host.ended++;
    };
    host.useSockets(() => 0);
    host.fence = () => this.fence();
    this.settling = new Settling(host, options.experience.patience);
  }

  get strays(): number {
    return this.options.origin.strays;
  }

  ask(asked: Call): void {
    const { host, origin, server, subject } = this.options;
    const call = asked as StageCall;
    const { method, path, query, headers } = call.request;
    origin.enter(call);
    const controller = new AbortController();
    this.controllers.set(call, controller);
    const request: ClientRequest = {
      method,
      url: `${server.url}${origin.prefix}${path}${query}`,
      headers: call.known === null ? { ...headers } : { ...headers, 'if-none-match': origin.headers.tagOf(call.known) },
      signal: controller.signal,
    };
    const { since } = call;
    // Whoever went away long ago is heard no more: what stood for his call may stand for another one by now.
    const isCurrent = (): boolean => call.since === since;
    this.open++;
    void Promise.resolve()
      .then(() => subject.request(request))
      .then(readAnswer)
      .then(
        (answer) => (isCurrent() ? this.returned(call, answer) : undefined),
        (error: unknown) => (isCurrent() ? this.threw(call, error) : undefined),
      )
      .finally(() => {
        this.open--;
        host.ended++;
      });
  }

  cancel(call: Call): void {
    this.controllers.get(call as StageCall)?.abort();
  }

  tell(notice: Notice): void {
    this.options.host.tell(notice);
  }

  linger(): Promise<boolean> {
    return this.settling.linger();
  }

  async settle(): Promise<void> {
    const { stage } = this.options.host;
    for (let turns = 0; turns < HEAD_START && this.open > stage.held.length; turns++) await turn();
    await this.settling.settle();
  }

  async close(): Promise<void> {
    for (const controller of this.controllers.values()) controller.abort();
    this.options.origin.close();
    await this.options.host.close();
  }

  /** What was sent before it over any connection of this process has arrived by then: everything here is one event loop. */
  private fence(): Promise<void> {
    const { agent, server } = this.options;
    return new Promise((resolve, reject) => {
      const client = send({ host: server.host, port: server.port, agent, path: server.fencePath() });
      client.once('response', (response) => response.resume().once('end', resolve));
      client.once('error', reject);
      client.end();
    });
  }

  private returned(call: StageCall, answer: ClientAnswer): void {
    if (call.state === DONE) return;
    const came: WireAnswer = { ...answer, isWhole: true };
    this.report(call, this.tripwire?.instead(call, came) ?? came);
    this.options.experience.succeed();
  }

  private report(call: StageCall, answer: WireAnswer): void {
    const { host, origin } = this.options;
    const fault = reportAnswer(host.stage, { ledger: host.ledger, headers: origin.headers }, call, answer);
    if (fault !== null) host.fail(fault);
  }

  private threw(call: StageCall, error: unknown): void {
    const { host, experience } = this.options;
    if (error instanceof TargetFault) host.fail(error);
    if (call.state === DONE) return;
    const instead = this.tripwire?.instead(call, null) ?? null;
    if (instead === null) host.stage.refused(call, 'error');
    else this.report(call, instead);
    // Where the origin fails or a caller goes away, a client may throw; where it throws at everything, it is broken.
    if (experience.isFailure(call, host.origin)) host.fail(failed('every request ended with an error', error));
  }
}
