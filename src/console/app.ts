import { randomBytes } from 'node:crypto';
import express from 'express';
import type { ErrorRequestHandler, Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { locale as localeName } from '../api/v1alpha1/names.ts';
import type { Locale } from '../api/v1alpha1/names.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Logger } from '../telemetry/logger.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { follow, StreamCount } from './events.ts';
import { SECURITY_HEADERS } from './headers.ts';
import type { PageFile, PageFiles } from './page-files.ts';
import { failureOf, Refusal, refusalOf } from './refusal.ts';
import { changes, decide, pending, show, whoAmI } from './requests.ts';
import type { RequestRef } from './requests.ts';
import { isFromOwnPage } from './same-origin.ts';
import { SignInLimit } from './sign-in-limit.ts';

export interface AppOptions {
  readonly files: PageFiles;
  /** A client that speaks with this Authorization, and with nothing else. */
  readonly clientFor: (authorization: string) => KubeClient;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A decision is a uid, a digest and a reason of at most 1024 characters. */
const MOST_BODY_BYTES = 16 * 1024;

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const RESOURCE_VERSION = /^[0-9]{1,20}$/;

/** A value of the query: at most one, and of this form. */
function asked(request: Request, name: string, pattern: RegExp): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new Refusal(400, 'Invalid', `${name} is not one.`);
}

function refOf({ params }: Request): RequestRef {
  const { namespace, name } = params;
  if (
    typeof namespace !== 'string' ||
    typeof name !== 'string' ||
    !NAMESPACE.test(namespace) ||
    !NAME.test(name)
  )
    throw new Refusal(400, 'Invalid', 'That is no name of a request.');
  return { namespace, name };
}

const localeOf = (request: Request): Locale =>
  localeName.parse(asked(request, 'locale', /^(en|ja)$/) ?? 'en');

const addressOf = ({ socket }: Request): string => socket.remoteAddress ?? '';

const sendFile =
  ({ type, body, isHashed }: PageFile): RequestHandler =>
  (_request, response) => {
    if (isHashed) response.set('cache-control', 'public, max-age=31536000, immutable');
    response.set('content-type', type).send(body);
  };

const onlyGetAndPost: RequestHandler = ({ method }, _response, next) =>
  next(
    ['GET', 'HEAD', 'POST'].includes(method) ? undefined : new Refusal(405, 'Invalid', 'Only GET and POST.'),
  );

const onlyFromOwnPage: RequestHandler = ({ headers, method }, _response, next) =>
  next(
    isFromOwnPage(headers, method === 'POST')
      ? undefined
      : new Refusal(403, 'Invalid', 'Not from this page.'),
  );

/** A form of another site can send three types of content without being asked, and JSON is none of them. */
const onlyJson: RequestHandler = ({ headers }, _response, next) =>
  next(
    headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
      ? undefined
      : new Refusal(415, 'Invalid', 'The content type must be application/json.'),
  );

type Act = (client: KubeClient, request: Request, response: Response, caller: Caller) => Promise<unknown>;

/** Answers the failure of a call; what is no refusal is told to the log alone. */
function answering({ logger }: AppOptions): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const isBodyFault = error instanceof Error && 'type' in error && 'status' in error;
    const refusal = isBodyFault
      ? new Refusal(Number(error.status), 'Invalid', 'The body cannot be read.')
      : refusalOf(error);
    if (!refusal) logger.error({ err: error, path: request.path }, 'a call could not be answered');
    const known = refusal ?? new Refusal(500, 'Unreachable', 'The console failed; its log says more.');
    // What was not read to its end cannot be followed by another call on the same connection.
    if (!request.complete) response.set('connection', 'close');
    response.status(known.status).json(failureOf(known));
  };
}

/** What may be asked of the API server, and nothing else: who one is, what waits, one request, how it differs from another, what happens to these, a decision. */
function routes(app: Express, act: (run: Act) => RequestHandler, options: AppOptions): void {
  const streams = new StreamCount();
  const json = express.json({ limit: MOST_BODY_BYTES, strict: true, inflate: false });
  const namespaceOf = (request: Request) => asked(request, 'namespace', NAMESPACE);
  app.get(
    '/api/session',
    act((client) => whoAmI(client)),
  );
  app.get(
    '/api/pending',
    act((client, request) => pending(client, namespaceOf(request))),
  );
  app.get(
    '/api/requests/:namespace/:name',
    act((client, request) => show(client, refOf(request), localeOf(request))),
  );
  app.get(
    '/api/requests/:namespace/:name/changes',
    act((client, request) => changes(client, refOf(request), localeOf(request))),
  );
  app.get(
    '/api/events',
    act(async (client, request, response, { key }) => {
      const followed = {
        namespace: namespaceOf(request),
        name: asked(request, 'name', NAME),
        resourceVersion: asked(request, 'resourceVersion', RESOURCE_VERSION) ?? '',
      };
      const leave = streams.enter(key);
      await follow(client, followed, response).finally(leave);
    }),
  );
  app.post(
    '/api/requests/:namespace/:name/decision',
    onlyJson,
    json,
    act(async (client, request) => {
      const ref = refOf(request);
      await decide(client, ref, request.body);
      options.logger.info({ ...ref }, 'a decision was taken by the API server');
      return {};
    }),
  );
}

/** The page, and what it may ask. Everything is done with the rights of whoever calls: this process has none. */
export function createApp(options: AppOptions): Express {
  const secret = randomBytes(32);
  const limit = new SignInLimit(options.now);
  const act =
    (run: Act): RequestHandler =>
    async (request, response) => {
      const caller = callerOf(request.headers, secret);
      const address = addressOf(request);
      if (limit.isBlocked(address, caller.key))
        throw new Refusal(429, 'TooMany', 'Too many tokens were refused. Try again in a minute.');
      try {
        const answer = await run(options.clientFor(caller.authorization), request, response, caller);
        limit.succeeded(caller.key);
        if (!response.headersSent) response.json(answer);
      } catch (error) {
        if (refusalOf(error)?.status === 401) {
          limit.failed(address, caller.key);
          options.logger.warn({ address }, 'the API server refused a token');
        }
        throw error;
      }
    };

  const app = express();
  app.disable('x-powered-by').set('etag', false).set('query parser', 'simple').set('trust proxy', false);
  app.enable('case sensitive routing').enable('strict routing');
  app.use((_request, response, next) => (response.set(SECURITY_HEADERS), next()));
  app.use(onlyGetAndPost);
  for (const [path, file] of options.files) app.get(path, sendFile(file));
  app.use('/api', onlyFromOwnPage);
  routes(app, act, options);
  app.use(() => {
    throw new Refusal(404, 'NotFound', 'There is nothing at this path.');
  });
  app.use(answering(options));
  return app;
}
