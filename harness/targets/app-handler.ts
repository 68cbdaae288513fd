/* oxlint-disable typescript/ban-ts-comment, typescript/consistent-type-imports -- In this repository nothing is ignored: the comment and the
   types that it stands over are for the emitted declarations, and for a project that has no types of Node. */
/**
 * Anything that can be called with a request and a response of `node:http`, such as an Express app. Where a project has no types of Node,
 * the two are `any`.
 * @ts-ignore */
export type Handler = (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown;
