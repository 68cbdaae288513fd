import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lane } from './proxy-lane.ts';

let server: Server;
let lane: Lane;

function ask(path = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    lane.send({ method: 'GET', path, headers: {} }, { received: ({ status }) => resolve(status), lost: reject, mayRepeat: () => true });
  });
}

describe('a lane', () => {
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/last') response.setHeader('connection', 'close');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    lane = new Lane(0, '127.0.0.1', (server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    lane.close();
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  it('knows who has its connection once it was told, for as long as it uses the same one', async () => {
    await ask();
    expect(lane.isPlaced).toBe(false);
    lane.place();
    await ask();
    expect(lane.isPlaced).toBe(true);
    lane.renew();
    expect(lane.isPlaced).toBe(false);
    await ask();
    expect(lane.isPlaced).toBe(false);
  });

  it('knows it no more when the server gives the connection up, or a caller hangs up', async () => {
    await ask();
    lane.place();
    await ask('/last');
    expect(lane.isPlaced).toBe(false);
    await ask();
    lane.place();
    void ask();
    lane.hangUp();
    expect(lane.isPlaced).toBe(false);
  });
});
