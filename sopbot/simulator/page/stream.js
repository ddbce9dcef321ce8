/**
 * Follows `/sim/events` into the store, and reconnects by itself: EventSource gives up for good on an HTTP error, as
 * from a server that is just starting. Counterpart: the events handler of the server.
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;

/** Starts following. `onState(connected)` is told of every change; after a gap everything is fetched anew. */
export function follow(store, { openIds, onState, onTrouble }) {
  let wait = FIRST_WAIT;
  // While a fetch runs, events that came meanwhile are applied after it, or the fetch could undo them.
  let held = null;

  const connect = () => {
    const source = new EventSource("/sim/events");
    source.onopen = async () => {
      held = [];
      try {
        await store.refresh(openIds());
        wait = FIRST_WAIT;
        onState(true);
      } catch (error) {
        onTrouble(error);
        retry(source);
      } finally {
        const late = held ?? [];
        held = null;
        for (const event of late) apply(store, event);
      }
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (held) held.push(event);
      else apply(store, event);
    };
    source.onerror = () => retry(source);
  };

  const retry = (source) => {
    if (source.readyState === EventSource.CLOSED && source.retried) return;
    source.retried = true;
    source.close();
    onState(false);
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  connect();
}

function apply(store, event) {
  switch (event.type) {
    case "message":
    case "edited":
      if (ownChat(event)) store.put(event.person, event.message);
      if (event.type === "message" && event.message?.from !== "me") store.emit("typing", event.person, false);
      break;
    case "deleted":
      if (ownChat(event)) store.remove(event.person, event.message_id);
      break;
    case "clock":
      store.setClock(event);
      break;
    case "typing":
      if (ownChat(event)) store.emit("typing", event.person, true);
      break;
    case "commands":
      store.emit("commands", event.person);
      break;
    case "people":
      store.refreshPeople().catch(() => undefined); // the next event or reconnection asks again
      break;
    default: // A newer server may say more than this page understands.
  }
}

// Telegram gives a private chat the number of its person; groups have numbers of their own.
function ownChat({ person, chat }) {
  return chat === undefined || chat === null || chat === person;
}
