// The network of the recorder: it gives each call the answer that the vector names, and notes the call.
import { canned } from '../requests/answers.mjs';

/** Headers that are equal in all calls of a version; the set's manifest lists them once. */
const CONSTANT = ['clerk-api-version', 'content-type', 'user-agent'];

const ENDPOINTS = [
  ['jwks', 'GET', /\/jwks$/],
  ['refresh', 'POST', /\/sessions\/.*\/refresh$/],
  ['handshake_payload', 'GET', /\/clients\/handshake_payload$/],
  ['m2m_verify', 'POST', /\/m2m_tokens\/verify$/],
  ['oauth_verify', 'POST', /\/oauth_applications\/access_tokens\/verify$/],
  ['api_key_verify', 'POST', /\/api_keys\/verify$/],
];

export class Network {
  constructor() {
    this.constants = {};
    this.script({});
  }

  /** Sets the answers of the next vector: endpoint -> name, answer, or list of both. */
  script(answers) {
    this.answers = answers;
    this.calls = {};
    this.outgoing = [];
  }

  /** The calls since the last time. */
  take() {
    const outgoing = this.outgoing;
    this.outgoing = [];
    return outgoing;
  }

  /** Stands in for the global `fetch`. */
  fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    // `Request` drops some headers that servers must not get from browsers; the package sets them, so they are facts.
    const headers = new Headers(init.headers ?? input.headers);
    const body = await request.text();
    const url = String(input.url ?? input);
    const endpoint = this.endpoint(request.method, new URL(url).pathname);
    this.outgoing.push({ method: request.method, url, headers: this.notable(headers), ...parsed(body, endpoint) });
    return respond(this.next(endpoint));
  };

  endpoint(method, path) {
    if (this.answers.frontend_api !== undefined) return 'frontend_api';
    return ENDPOINTS.find(([, wanted, pattern]) => method === wanted && pattern.test(path))?.[0];
  }

  /** The headers that are not constant, by name. */
  notable(headers) {
    const kept = {};
    for (const [name, value] of headers) {
      if (this.answers.frontend_api === undefined && CONSTANT.includes(name)) {
        this.constants[name] ??= value;
        if (this.constants[name] === value) continue;
      }
      kept[name] = value;
    }
    return kept;
  }

  next(endpoint) {
    const listed = this.answers[endpoint] ?? (endpoint === 'jwks' ? 'ok' : canned.not_found);
    const count = this.calls[endpoint] ?? 0;
    this.calls[endpoint] = count + 1;
    const answer = Array.isArray(listed) ? listed[Math.min(count, listed.length - 1)] : listed;
    if (typeof answer !== 'string') return answer;
    const named = canned[endpoint]?.[answer];
    if (!named) throw new Error(`no answer ${answer} of ${endpoint}`);
    return named;
  }
}

function parsed(body, endpoint) {
  if (body === '') return {};
  return { body: endpoint === 'frontend_api' ? body : JSON.parse(body) };
}

function respond(answer) {
  if (answer.network_error) throw new TypeError(answer.network_error);
  const headers = new Headers(Array.isArray(answer.headers) ? answer.headers : Object.entries(answer.headers ?? {}));
  if ('body' in answer && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const text = answer.text ?? ('body' in answer ? JSON.stringify(answer.body) : null);
  const empty = text === null || [204, 205, 304].includes(answer.status);
  // Bytes, because `Response` gives a text a content type of its own.
  return new Response(empty ? null : new TextEncoder().encode(text), { status: answer.status, headers });
}
