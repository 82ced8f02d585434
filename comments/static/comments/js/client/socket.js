/** The best way: a WebSocket. The only file that touches one; the class is an argument. */

const SUBPROTOCOL = "comments.v1";

/**
 * @param {{url: string, WebSocket: typeof WebSocket}} options
 * @returns {import("./connection.js").Way}
 */
export function socketWay({ url, WebSocket }) {
  return {
    opening: 10_000,
    silence: 30_000,
    pingEvery: 20_000,
    confirmEvery: 64 * 1024, // of 3 bytes at most
    probe: 4_000,
    open(on) {
      const socket = new WebSocket(url, [SUBPROTOCOL]);
      socket.onmessage = ({ data }) => on.data(data);
      socket.onclose = ({ code }) => on.closed({ code });
      return {
        send: (text) => socket.send(text),
        close(code) {
          socket.onmessage = socket.onclose = null;
          socket.close(code);
        },
      };
    },
  };
}
