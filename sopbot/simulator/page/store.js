/**
 * What the page knows: people, their messages, what has been read, the simulator's clock. Views listen by topic
 * ("people", "messages", "read", "clock", "typing", "commands") and never call the server for messages themselves.
 * Counterpart: stream.js, which feeds it from `/sim/events`.
 */

import * as api from "./api.js";
import { moment, useZone } from "./time.js";

const READ_KEY = "simulator.read";
const AT_ONCE = 4;

export class Store {
  people = [];
  #messages = new Map();
  #listeners = new Map();
  #read = recall(READ_KEY, {});
  #clock = null;

  on(topic, listener) {
    if (!this.#listeners.has(topic)) this.#listeners.set(topic, new Set());
    this.#listeners.get(topic).add(listener);
    return () => this.#listeners.get(topic).delete(listener);
  }

  emit(topic, ...detail) {
    for (const listener of this.#listeners.get(topic) ?? []) listener(...detail);
  }

  person(id) {
    return this.people.find((person) => person.id === id) ?? null;
  }

  /** A person's messages, oldest first; null while they have not been fetched yet. */
  messages(id) {
    return this.#messages.get(id) ?? null;
  }

  message(id, messageId) {
    return this.messages(id)?.find((message) => message.message_id === messageId) ?? null;
  }

  unread(id) {
    const upTo = this.#read[id] ?? 0;
    return (this.messages(id) ?? []).filter((message) => message.from !== "me" && message.message_id > upTo).length;
  }

  unreadInAll() {
    return this.people.reduce((sum, person) => sum + this.unread(person.id), 0);
  }

  readUpTo(id) {
    return this.#read[id] ?? 0;
  }

  markRead(id) {
    const newest = this.messages(id)?.at(-1)?.message_id ?? 0;
    if (newest <= (this.#read[id] ?? 0)) return;
    this.#read[id] = newest;
    remember(READ_KEY, this.#read);
    this.emit("read", id);
  }

  /** Fetches the people and everybody's messages; after a gap in the events this is what closes it. */
  async refresh(first = []) {
    const [people] = await Promise.all([api.people(), this.refreshClock()]);
    this.people = people;
    this.emit("people");
    const known = new Set(people.map((person) => person.id));
    const queue = [...new Set([...first.filter((id) => known.has(id)), ...known])];
    const worker = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await this.refreshMessages(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** Fetches the people alone, and the messages of those who are new. */
  async refreshPeople() {
    this.people = await api.people();
    this.emit("people");
    for (const { id } of this.people) if (!this.#messages.has(id)) await this.refreshMessages(id);
  }

  async refreshMessages(id) {
    const fetched = await api.messages(id);
    fetched.sort((a, b) => a.message_id - b.message_id);
    this.#messages.set(id, fetched);
    // A simulator started afresh counts its messages from 1 again: forget marks from the one before.
    const newest = fetched.at(-1)?.message_id ?? 0;
    if ((this.#read[id] ?? 0) > newest) {
      this.#read[id] = newest;
      remember(READ_KEY, this.#read);
    }
    this.emit("messages", id, null);
  }

  /** Puts a new or edited message in its place. */
  put(id, message) {
    const all = this.messages(id);
    if (!all || typeof message?.message_id !== "number") return;
    const at = all.findIndex((other) => other.message_id >= message.message_id);
    if (at === -1) all.push(message);
    else if (all[at].message_id === message.message_id) all[at] = message;
    else all.splice(at, 0, message);
    this.emit("messages", id, message);
  }

  remove(id, messageId) {
    const all = this.messages(id);
    const at = all?.findIndex((message) => message.message_id === messageId) ?? -1;
    if (at === -1) return;
    all.splice(at, 1);
    this.emit("messages", id, null);
  }

  async refreshClock() {
    this.setClock(await api.clock());
  }

  setClock({ now, version, next, zone }) {
    if (zone) useZone(zone);
    this.#clock = { at: moment(now), read: Date.now(), version, next: next ? moment(next) : null };
    this.emit("clock");
  }

  /** The simulator's time in milliseconds: the last reading, run on with real time. Null before the first. */
  now() {
    return this.#clock && this.#clock.at + (Date.now() - this.#clock.read);
  }

  /** When the bot next has something due, or null. */
  next() {
    return this.#clock?.next ?? null;
  }
}

/** What this browser remembers under that name; the page works without storage, it only forgets. */
export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; nothing depends on it.
  }
}
