import { Api } from "../../../comments/static/comments/js/client/api.js";
import { equal, test } from "./harness.mjs";

test("an answer that is not the site's is none, be it 200 and JSON", async () => {
  for (const text of ['{"login": "please"}', "[]", "7", "null", "<p>Log in</p>"]) {
    const api = new Api({ thread: "/api/articles/a/", fetch: async () => new Response(text) });
    const calls = {
      history: () => api.history(0, "e"),
      comments: () => api.comments(),
      post: () => api.post({ content: "a", ref: "r" }),
      nameGuest: () => api.nameGuest("Gwen"),
    };
    for (const [name, call] of Object.entries(calls)) {
      const code = await call().then(() => null, (error) => error.code);
      equal(code, 502, `${name} of ${text}:`);
    }
  }
});
