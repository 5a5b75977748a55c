// The one WebSocket to the agent: views in, touches out. It is opened again for as long as the
// page lives.

const FIRST_WAIT = 250;
const LONGEST_WAIT = 2000;

/// Connects. `told` has the methods `view(view)`, `picture(id, png)`, `lost()` and
/// `refused(text)`: another screen is connected, in the agent's words.
export function connect(told) {
  let socket = null;
  let wait = FIRST_WAIT;

  function open() {
    let opened = false;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/screen`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      opened = true;
      wait = FIRST_WAIT;
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") told.view(JSON.parse(data));
      else told.picture(new DataView(data).getUint32(0), new Uint8Array(data, 4));
    });
    socket.addEventListener("close", async () => {
      socket = null;
      const text = opened ? null : await refusal();
      if (text === null) told.lost();
      else told.refused(text);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  open();
  return {
    /// Sends a touch. Without a connection it is lost: what was shown then may no longer hold.
    send(touch) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(touch));
    },
  };
}

/// A WebSocket does not tell why it was refused: an ordinary request does.
async function refusal() {
  try {
    const answer = await fetch("/screen", { cache: "no-store" });
    return answer.status === 409 ? (await answer.text()).slice(0, 200) : null;
  } catch {
    return null;
  }
}
