// What most tests begin with: an account with routes and DIDs, made over HTTP as the forms make it.

import { type APIRequestContext, type APIResponse, request } from '@playwright/test';
import { expect } from './page.ts';
import type { Server } from './server.ts';

/** A route as the Add New Route box takes it. */
export interface NewRoute {
  alias: string;
  kind: 'host' | 'phone' | 'uri';
  value: string;
  answerer?: 'pbx' | 'person' | 'live_answer' | 'voicemail';
  carrier?: string;
  site?: string;
}

/** A step of a plan as its form names the fields, without the number of the step: `route.0`, `enter_on`, `ring`. */
export type NewStep = Record<string, string>;

/** Whoever makes the first visit: the fields of its form. */
export const OWNER = { person: 'Olive Owner', email: 'olive@example.com', password: 'lattice mango ferry 9' };

/** Makes the first visit, and keeps its session for the tests of the file. */
async function firstVisit(server: Server, address: string, form: Record<string, string>): Promise<void> {
  const http = await request.newContext({ baseURL: server.url, maxRedirects: 0 });
  const answer = await http.post(address, { form });
  expect(answer.status(), `${address}: ${await answer.text()}`).toBe(303);
  server.session = sessionOf(answer.headersArray().filter(({ name }) => name.toLowerCase() === 'set-cookie').map(({ value }) => value));
}

/** The session among the cookies that an answer sets, as a `Cookie` header. */
function sessionOf(cookies: string[]): string {
  return cookies.find((cookie) => cookie.startsWith('__Host-session='))?.split(';')[0] ?? '';
}

/** Makes the first visit where an account is there already, and keeps its session. */
export async function firstPerson(server: Server): Promise<void> {
  await firstVisit(server, '/welcome/create', OWNER);
}

/** Makes the sample account, and keeps its session. */
export async function sampleAccount(server: Server): Promise<void> {
  await firstVisit(server, '/welcome/sample', {});
}

/** What came of a request; status 0 if the server went away meanwhile. */
export interface Answer {
  status: number;
  location: string;
  text: string;
}

async function answered(request: Promise<APIResponse>): Promise<Answer> {
  try {
    const answer = await request;
    return { status: answer.status(), location: answer.headers().location ?? '', text: await answer.text() };
  } catch {
    return { status: 0, location: '', text: '' };
  }
}

/** What the page of a DID may change. */
export interface DidEdit {
  alias?: string;
  primary: string;
  failover: string;
  primary_weight?: string;
  failover_weight?: string;
}

/** An account of a running server, worked without a browser. */
export class Account {
  private constructor(private readonly http: APIRequestContext) {}

  /** Creates the server's account. Throws if it has one. */
  static async create(server: Server, name = 'Harbour Dental'): Promise<Account> {
    await firstVisit(server, '/welcome/create', { name, country: 'US', ...OWNER });
    return Account.signedIn(server);
  }

  /** The account that the server's session is signed in to. */
  static async signedIn(server: Server): Promise<Account> {
    const extraHTTPHeaders = { cookie: server.session };
    return new Account(await request.newContext({ baseURL: server.url, maxRedirects: 0, extraHTTPHeaders }));
  }

  /** Adds a route and returns its id. */
  async addRoute(route: NewRoute): Promise<string> {
    await this.post('/interconnection/inbound-routes', { edge: '', answerer: 'pbx', ...route });
    const id = await this.routeId(route.alias);
    if (!id) {
      throw new Error(`${route.alias} was added, and is not in the list`);
    }
    return id;
  }

  /** The id of the route of that alias. */
  async routeId(alias: string): Promise<string | undefined> {
    const list = await this.http.get('/interconnection/inbound-routes');
    const link = new RegExp(`href="/interconnection/inbound-routes/(\\d+)"[^>]*>${alias}<`);
    return link.exec(await list.text())?.[1];
  }

  /** Adds a failover plan and returns its id. */
  async addPlan(name: string, steps: NewStep[]): Promise<string> {
    const form: Record<string, string> = { do: 'save', name };
    steps.forEach((step, at) => {
      const whole = { enter_on: 'outage', hours: '', no_response: '6', ring: '20', ...step };
      Object.entries(whole).forEach(([field, value]) => (form[`step.${at}.${field}`] = value));
    });
    const to = await this.post('/interconnection/failover-plans/new', form);
    return /failover-plans\/(\d+)/.exec(to)?.[1] ?? '';
  }

  /** Adds a schedule of the same hours from Monday to Friday and returns its id. */
  async addSchedule(name: string, hours = '09:00-17:00', zone = 'America/Los_Angeles'): Promise<string> {
    const week = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, hours]));
    await this.post('/interconnection/schedules/new', { name, zone, ...week, saturday: '', sunday: '', exceptions: '' });
    const list = await this.page('/interconnection/schedules');
    return new RegExp(`href="/interconnection/schedules/(\\d+)"[^>]*>${name}<`).exec(list)?.[1] ?? '';
  }

  /** Imports a CSV; returns the address of the result. Throws if a row is refused. */
  async importCsv(csv: string): Promise<string> {
    const staged = await this.http.post('/dids/import', { multipart: { text: csv } });
    expect(staged.status(), await staged.text()).toBe(303);
    const review = staged.headers().location ?? '';
    const page = await (await this.http.get(review)).text();
    const asOf = /name="as_of" value="(\d+)"/.exec(page)?.[1];
    return this.post(review, { as_of: asOf ?? '' });
  }

  /** Changes one DID, as its own page does. An empty id: no failover. */
  async editDid(digits: string, to: DidEdit): Promise<void> {
    const { status, text } = await this.tryEditDid(digits, to);
    expect(status, `/dids/${digits}: ${text}`).toBe(303);
  }

  /** The same, where it may be refused. Without `asOf`, the page is asked first. */
  async tryEditDid(digits: string, to: DidEdit, asOf = ''): Promise<Answer> {
    const seen = asOf || (await this.asOf(`/dids/${digits}`));
    return this.tryPost(`/dids/${digits}`, { alias: '', as_of: seen, ...to });
  }

  /** The version that the form of a page was filled from. */
  async asOf(address: string): Promise<string> {
    return /name="as_of" value="(\d+)"/.exec(await this.page(address))?.[1] ?? '';
  }

  /** Saves a call as a case, as the desk does; `call` is the desk's query. Returns its id. */
  async addCase(name: string, call: string, reaches: string, within = ''): Promise<string> {
    await this.post('/preview/cases', { name, call, reaches, within });
    const list = await this.page('/preview/cases');
    return new RegExp(`href="/preview/cases/(\\d+)"[^>]*>${name}<`).exec(list)?.[1] ?? '';
  }

  /** Deletes a saved case. */
  async deleteCase(id: string): Promise<void> {
    const page = await this.page(`/preview/cases/${id}/delete`);
    await this.post(`/preview/cases/${id}/delete`, { as_of: /name="as_of" value="(\d+)"/.exec(page)?.[1] ?? '' });
  }

  /** The download of all DIDs, or of those that a filter lets through. */
  async download(filter = ''): Promise<string> {
    return (await this.http.get(`/dids/download.csv${filter}`)).text();
  }

  /** A page's HTML. */
  async page(address: string): Promise<string> {
    return (await this.http.get(address)).text();
  }

  /** A page, whatever its status. */
  async tryGet(address: string): Promise<Answer> {
    return answered(this.http.get(address, { timeout: 120_000 }));
  }

  /** Sends a form, whatever comes of it. What takes longer than a page is waited for. */
  async tryPost(address: string, form: Record<string, string>): Promise<Answer> {
    const sent = await answered(this.http.post(address, { form, timeout: 120_000 }));
    if (sent.status !== 303 || !sent.location.startsWith('/jobs/')) {
      return sent;
    }
    for (;;) {
      const job = await this.tryGet(sent.location);
      if (!job.text.includes('Under way')) {
        return job;
      }
      await new Promise((later) => setTimeout(later, 50));
    }
  }

  /** Does an action on every DID, or on those that a filter lets through: `form` is what its screen asks for. */
  async actOnAll(action: string, form: Record<string, string>, filter: Record<string, string> = {}): Promise<Answer> {
    const chosen = await this.tryPost('/dids/manage/apply-action', { all: 'matching', action, ...filter });
    const selection = /[?]selection=([0-9a-f]{32})$/.exec(chosen.location)?.[1] ?? '';
    return this.tryPost(`/dids/manage/${action}`, { selection, ...form });
  }

  private async post(address: string, form: Record<string, string>): Promise<string> {
    const { status, location, text } = await this.tryPost(address, form);
    expect(status, `${address}: ${text}`).toBe(303);
    return location;
  }
}

/** The numbers kept free for fiction: +1 area 555 01xx, as digits. */
export function fictional(area: number, last: number): string {
  return `1${area}55501${String(last).padStart(2, '0')}`;
}

/** As the pages write it: `+1 206 555 0100`. */
export function grouped(digits: string): string {
  return `+1 ${digits.slice(1, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`;
}

/** A CSV of DIDs from rows of cells. */
export function csv(header: string, rows: string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}
