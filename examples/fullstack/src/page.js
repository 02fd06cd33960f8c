// Mounts the path's component. The home page shows what the backend knows.

const at = (path) => location.pathname === path || (path !== "/" && location.pathname.startsWith(path + "/"));
const element = (id) => document.getElementById(id);
const clerk = window.Clerk;

/** Navigates within a component without loading the page again, which would lose the component's messages. */
const navigate = (change) => (to) => {
  const { href, pathname } = new URL(to, location.href);
  const isSame = pathname !== "/" && pathname.split("/")[1] === location.pathname.split("/")[1];
  if (isSame) history[change](null, "", href);
  else location.assign(href);
};

await clerk.load({
  ui: { ClerkUI: window.__internal_ClerkUICtor },
  routerPush: navigate("pushState"),
  routerReplace: navigate("replaceState"),
  signInUrl: "/sign-in",
  signUpUrl: "/sign-up",
  signInFallbackRedirectUrl: "/",
  signUpFallbackRedirectUrl: "/",
  afterSignOutUrl: "/",
});

/** Calls the backend, by default for what it knows about the user. */
async function me(path = "/api/me", options = {}) {
  const token = await clerk.session?.getToken();
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { ...options, headers });
  return { status: response.status, body: await response.json().catch(() => null) };
}
window.me = me;

/** Calls the backend. If it requires reverification, opens the dialog for that and calls again. */
async function meReverified(path, options) {
  const response = await me(path, options);
  const error = response.body?.clerk_error;
  if (error?.reason !== "reverification-error") return response;
  const isVerified = await new Promise((resolve) => {
    clerk.__internal_openReverification({
      level: error.metadata?.reverification?.level,
      afterVerification: () => resolve(true),
      afterVerificationCancelled: () => resolve(false),
    });
  });
  if (!isVerified) return response;
  await clerk.session.getToken({ skipCache: true });
  return me(path, options);
}

function showSignedState() {
  for (const part of document.querySelectorAll("[data-signed]")) {
    part.hidden = part.dataset.signed !== (clerk.user ? "in" : "out");
  }
}

async function showHome() {
  const { status, body } = await me();
  const entries = status === 200 ? Object.entries(body).filter(([, value]) => value !== null) : [];
  element("me").replaceChildren(
    ...entries.flatMap(([name, value]) => {
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
// An invitation's link leads a signed-out user to sign-in or sign-up.
const query = new URLSearchParams(location.search);
const invitationPath = { sign_in: "/sign-in", sign_up: "/sign-up" }[query.get("__clerk_status")];
if (at("/") && query.has("__clerk_ticket") && invitationPath) location.replace(invitationPath + location.search);
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
clerk.addListener(showSignedState);
if (at("/")) {
  element("home").hidden = false;
  clerk.addListener(showHome);
}
document.body.dataset.ready = "true";
