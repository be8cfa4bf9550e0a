import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa, { type Context } from 'koa';

const app = new Koa();

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A context as the gateway gives it to the host; the client's address is 198.51.100.7. */
export function request(url: string, { method = 'GET', headers = {}, body }: RequestOptions = {}): Context {
  const req = new IncomingMessage(new Socket());
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  Object.assign(req, { method, url, headers: { host: 'panel.example.test', ...length, ...headers } });
  if (body !== undefined) req.push(body);
  req.push(null);
  const ctx = app.createContext(req, new ServerResponse(req)) as Context;
  ctx.request.ip = '198.51.100.7';
  return ctx;
}

export function withSession(url: string, id: string, options: RequestOptions = {}): Context {
  return request(url, { ...options, headers: { ...options.headers, cookie: `ISPCSESS=${id}` } });
}
