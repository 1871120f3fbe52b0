// A small OIDC provider on this machine: real discovery, keys, codes and RS256 signatures, and a page that asks.

import { type KeyObject, createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const CLIENT = 'switchback';
const SECRET = 'client-secret-of-this-test';

/** Who sits at the provider's page. */
export interface Visitor {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/** The provider. Its name is localhost, where Switchback is 127.0.0.1: to a browser, two sites. */
export class Provider {
  /** Who signs in next. */
  visitor: Visitor = { sub: 'nobody' };
  /** Every secret that went to and fro: no log may hold one. */
  readonly secrets: string[] = [SECRET];
  private readonly codes = new Map<string, URLSearchParams>();
  private readonly key: KeyObject;
  private readonly jwk: object;
  private readonly http: Server;

  private constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.key = privateKey;
    this.jwk = { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' };
    this.http = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await new Promise<void>((listening) => provider.http.listen(0, '127.0.0.1', listening));
    return provider;
  }

  /** Where it is. */
  get issuer(): string {
    return `http://localhost:${(this.http.address() as AddressInfo).port}`;
  }

  /** How a server is told of it. */
  get settings(): Record<string, string> {
    return {
      SWITCHBACK_OIDC_ISSUER: this.issuer,
      SWITCHBACK_OIDC_CLIENT_ID: CLIENT,
      SWITCHBACK_OIDC_CLIENT_SECRET: SECRET,
      SWITCHBACK_OIDC_LABEL: 'Acme',
    };
  }

  stop(): void {
    this.http.close();
    this.http.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const json = (value: unknown, code = 200): void => void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return json({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case 'GET /keys':
        return json({ keys: [this.jwk] });
      case 'GET /authorize':
        return this.ask(response);
      case 'POST /authorize':
        return this.sendBack(url, await body(request), response);
      case 'POST /token':
        return this.token(request, await body(request), json);
      default:
        response.writeHead(204).end();
    }
  }

  private ask(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      '<!DOCTYPE html><html lang="en"><title>Acme</title><h1>Acme</h1><form method="post">' +
        '<button name="do" value="allow">Allow</button> <button name="do" value="deny">Deny</button></form></html>',
    );
  }

  private sendBack(asked: URL, form: URLSearchParams, response: ServerResponse): void {
    const query = asked.searchParams;
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', this.issuer);
    this.secrets.push(query.get('state') ?? '', query.get('nonce') ?? '');
    if (form.get('do') === 'deny') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', '<b>said by the provider</b>');
    } else {
      const code = randomUUID();
      this.secrets.push(code);
      this.codes.set(code, query);
      back.searchParams.set('code', code);
    }
    response.writeHead(303, { location: back.href }).end();
  }

  private token(request: IncomingMessage, form: URLSearchParams, json: (value: unknown, code?: number) => void): void {
    const code = form.get('code') ?? '';
    const asked = this.codes.get(code);
    this.codes.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    this.secrets.push(verifier);
    const credentials = `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString('base64')}`;
    const proof = createHash('sha256').update(verifier).digest('base64url');
    if (request.headers.authorization !== credentials) {
      return json({ error: 'invalid_client' }, 401);
    }
    if (!asked || asked.get('code_challenge') !== proof || asked.get('redirect_uri') !== form.get('redirect_uri')) {
      return json({ error: 'invalid_grant' }, 400);
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...this.visitor, iss: this.issuer, aud: CLIENT, exp: now + 300, iat: now, auth_time: now, nonce: asked.get('nonce') };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: '1' })}.${part(claims)}`;
    const id_token = `${signed}.${sign('sha256', Buffer.from(signed), this.key).toString('base64url')}`;
    this.secrets.push(id_token);
    json({ access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token });
  }
}

async function body(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  return new URLSearchParams(text);
}
