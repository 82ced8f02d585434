/** The best way: a WebSocket. The only file that touches one; the class is an argument. */

/** @import { Way } from "./line.js" */

const SUBPROTOCOL = "comments.v1";

/**
 * @param {object} options
 * @param {string | (() => string)} options.url asked for at every opening
 * @param {typeof globalThis.WebSocket} options.WebSocket
 * @param {string | null} [options.token] of a program, which can set no header on a socket
 * @returns {Way}
 */
export function socketWay({ url, WebSocket, token = null }) {
  return {
    opening: 10_000,
    silence: 30_000,
    ping: { every: 20_000, within: 4_000 },
    open(on) {
      const socket = new WebSocket(typeof url === "function" ? url() : url, [SUBPROTOCOL]);
      if (token) socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token }));
      socket.onmessage = ({ data }) => on.data(data);
      socket.onclose = ({ code }) => on.closed({ code });
      return {
        send: (text) => socket.send(text),
        close(code) {
          socket.onopen = socket.onmessage = socket.onclose = null;
          socket.close(code);
        },
      };
    },
  };
}
