// Mounts the component of the path, and shows on the home page what the backend knows.

const at = (path) => location.pathname === path || (path !== "/" && location.pathname.startsWith(path + "/"));
const element = (id) => document.getElementById(id);
const clerk = window.Clerk;

/** Goes on without loading the page again while it is the same component's; what a step has to say would be lost. */
const goesOn = (change) => (to) => {
  const { href, pathname } = new URL(to, location.href);
  const isSame = pathname !== "/" && pathname.split("/")[1] === location.pathname.split("/")[1];
  if (isSame) history[change](null, "", href);
  else location.assign(href);
};

await clerk.load({
  ui: { ClerkUI: window.__internal_ClerkUICtor },
  routerPush: goesOn("pushState"),
  routerReplace: goesOn("replaceState"),
  signInUrl: "/sign-in",
  signUpUrl: "/sign-up",
  signInFallbackRedirectUrl: "/",
  signUpFallbackRedirectUrl: "/",
  afterSignOutUrl: "/",
});

/** What the backend answers about whoever is signed in. */
async function me(path = "/api/me", options = {}) {
  const token = await clerk.session?.getToken();
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { ...options, headers });
  return { status: response.status, body: await response.json().catch(() => null) };
}
window.me = me;

/** Asks the backend, and once more after whoever is signed in has proved again who they are, if it wants that. */
async function meReverified(path, options) {
  const answer = await me(path, options);
  const wanted = answer.body?.clerk_error;
  if (wanted?.reason !== "reverification-error") return answer;
  const isProved = await new Promise((resolve) => {
    clerk.__internal_openReverification({
      level: wanted.metadata?.reverification?.level,
      afterVerification: () => resolve(true),
      afterVerificationCancelled: () => resolve(false),
    });
  });
  if (!isProved) return answer;
  await clerk.session.getToken({ skipCache: true });
  return me(path, options);
}

function showWho() {
  for (const part of document.querySelectorAll("[data-signed]")) {
    part.hidden = part.dataset.signed !== (clerk.user ? "in" : "out");
  }
}

async function showHome() {
  const { status, body } = await me();
  const known = status === 200 ? Object.entries(body).filter(([, value]) => value !== null) : [];
  element("me").replaceChildren(
    ...known.flatMap(([name, value]) => {
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = name.replaceAll("_", " ");
      text.textContent = typeof value === "string" ? value : JSON.stringify(value);
      return [term, text];
    }),
  );
  element("acting").textContent = body?.actor ? `You act as ${clerk.user.primaryEmailAddress ?? body.user}.` : "";
  const isAdmin = body?.role === "org:admin" && !body.actor;
  const { data } = isAdmin ? await clerk.organization.getMemberships() : { data: [] };
  const others = data.filter(({ publicUserData }) => publicUserData.userId !== clerk.user.id);
  element("members").replaceChildren(...others.map(({ publicUserData }) => member(publicUserData)));
}

/** A member of the organization, and a button to act as them. */
function member({ userId, identifier }) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.textContent = "Act as";
  button.ariaLabel = `Act as ${identifier}`;
  button.addEventListener("click", async () => {
    const { status, body } = await me(`/api/impersonate/${userId}`, { method: "POST" });
    if (status === 200) location.href = body.url;
  });
  line.append(identifier, button);
  return line;
}

element("transfer").addEventListener("click", async () => {
  const { status } = await meReverified("/api/transfer", { method: "POST" });
  element("transferred").textContent = status === 200 ? "Transferred." : "Not transferred.";
});

if (clerk.user) {
  clerk.mountUserButton(element("user-button"));
  clerk.mountOrganizationSwitcher(element("organization-switcher"));
}
const component = element("component");
// Where an invitation leads, for whoever has no session yet.
const query = new URLSearchParams(location.search);
const accepting = { sign_in: "/sign-in", sign_up: "/sign-up" }[query.get("__clerk_status")];
if (at("/") && query.has("__clerk_ticket") && accepting) location.replace(accepting + location.search);
else if (at("/sso-callback")) await clerk.handleRedirectCallback({});
else if (at("/verify")) {
  await clerk.handleEmailLinkVerification({ redirectUrlComplete: "/" }).catch((error) => {
    component.textContent = error.message;
  });
} else if (at("/sign-in")) clerk.mountSignIn(component, { path: "/sign-in", routing: "path" });
else if (at("/sign-up")) clerk.mountSignUp(component, { path: "/sign-up", routing: "path" });
else if (at("/user") && clerk.user) clerk.mountUserProfile(component, { path: "/user", routing: "path" });
else if (at("/organization") && clerk.user) {
  if (clerk.organization) clerk.mountOrganizationProfile(component, { path: "/organization", routing: "path" });
  else clerk.mountCreateOrganization(component, { path: "/organization", routing: "path" });
}
clerk.addListener(showWho);
if (at("/")) {
  element("home").hidden = false;
  clerk.addListener(showHome);
}
document.body.dataset.ready = "true";
