/**
 * What a client is made with and what it tells, as types. This module runs nothing.
 *
 * @import { Clock } from "./clock.js"
 * @import { Status } from "./follower.js"
 * @import { Comment, ServerFrame } from "./wire.js"
 *
 * @typedef {{type: "reset", comments: readonly Comment[]}} Reset the list was read from a snapshot
 * @typedef {ServerFrame | Reset} Event
 * @typedef {{[E in Event as E["type"]]: E} & {"*": Event}} Events
 * @typedef {"closed" | Status["name"]} StatusName
 *
 * @typedef {object} Options
 * @property {string} url address of the thread's calls, such as "/api/articles/plums/", with or without a host
 * @property {string} [socket] address of its socket; by default it follows from `url` and the snapshot's subject
 * @property {string} [site] address below which `me/` is; by default two steps above `url`
 * @property {string} [reader] id of this page view, by which the server counts its reader once; random by default
 * @property {boolean} [anonymous] counts the reader without their name, and lets nobody see them type
 * @property {string} [csrfCookie] name of the cookie that has the CSRF token of a session
 * @property {() => string | null | undefined} [csrfToken] by default what is in that cookie
 * @property {string} [token] of a program, in place of a session
 * @property {typeof globalThis.fetch} [fetch]
 * @property {typeof globalThis.WebSocket} [WebSocket]
 * @property {Clock} [clock]
 * @property {() => number} [random] a number in [0, 1), for the waits between attempts
 */

export {};
