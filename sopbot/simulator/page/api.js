/**
 * Every call of the page to the simulator, over `/sim/*`. Counterpart: the handlers of the same paths on the server.
 * A refusal is thrown as ApiError with the server's sentence; a dead line as ApiError with status 0.
 */

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(path, { method = "GET", json, form } = {}) {
  const init = { method, cache: "no-store" };
  if (json !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(json);
  }
  if (form) init.body = form;
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, "Simulator tidak dapat dihubungi.");
  }
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (!response.ok) {
    const said = body?.error ?? body?.description ?? body?.reason;
    // The server's own words are English; they help whoever looks into it, after a sentence that everybody reads.
    const detail = typeof said === "string" ? `${response.status}: ${said}` : response.status;
    throw new ApiError(response.status, `Permintaan ditolak oleh simulator (${detail}).`);
  }
  return body;
}

const person = (id) => `/sim/people/${encodeURIComponent(id)}`;

export const people = () => call("/sim/people");
export const messages = (id) => call(`${person(id)}/messages`);
export const commands = (id) => call(`${person(id)}/commands`);
export const pendingReply = (id) => call(`${person(id)}/reply`);
export const send = (id, body) => call(`${person(id)}/messages`, { method: "POST", json: body });
export const edit = (id, messageId, text) =>
  call(`${person(id)}/messages/${messageId}`, { method: "PATCH", json: { text } });
export const tap = (id, messageId, data) =>
  call(`${person(id)}/taps`, { method: "POST", json: { message_id: messageId, data } });
export const clock = () => call("/sim/clock");
export const moveClock = (body) => call("/sim/clock", { method: "POST", json: body });

/** Uploads one file with an optional caption and answered message. */
export function upload(id, file, caption, replyTo) {
  const form = new FormData();
  form.append("file", file, file.name);
  if (caption) form.append("caption", caption);
  if (replyTo) form.append("reply_to", String(replyTo));
  return call(`${person(id)}/messages`, { method: "POST", form });
}
